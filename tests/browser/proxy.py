"""What may lie between a browser and a server: a network that is slow, that stands still, or that breaks."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from typing import Any

CHUNK = 65536


class Proxy:
    """Hands bytes on to a port of this machine, in order, from a thread of its own."""

    def __init__(self, target: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.delay = 0.0
        """How many seconds what the server says takes to arrive."""
        self._target = target
        self._tls = tls
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_unplugged = False
        self._is_listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)

    @property
    def address(self) -> str:
        return f"http{'s' if self._tls else ''}://localhost:{self.port}"

    def start(self) -> "Proxy":
        self._thread.start()
        assert self._is_listening.wait(timeout=60)
        return self

    def stop(self) -> None:
        self._do(self._stopped.set)
        self._thread.join(timeout=60)

    def freeze(self) -> None:
        """Nothing gets through, and nobody is told."""
        self._do(self._flows.clear)

    def thaw(self) -> None:
        """What was held back gets through, and everything after it."""
        self._do(self._flows.set)

    def cut(self) -> None:
        """Every connection breaks, with what was on its way. New ones may be made."""
        self._do(self._abort)

    def unplug(self) -> None:
        """Every connection breaks, and no new one can be made."""
        self._is_unplugged = True
        self.cut()

    def plug_in(self) -> None:
        self._is_unplugged = False

    def _do(self, action: Callable[[], Any]) -> None:
        async def act() -> None:
            action()

        asyncio.run_coroutine_threadsafe(act(), self._loop).result(timeout=60)

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped, self._flows = asyncio.Event(), asyncio.Event()
        self._flows.set()
        listening = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = listening.sockets[0].getsockname()[1]
        self._is_listening.set()
        await self._stopped.wait()
        self.delay = 0
        self._flows.set()
        while self._writers:
            self._abort()
            await asyncio.sleep(0.01)

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._is_unplugged:
                raise ConnectionRefusedError
            upstream = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, upstream[1]}
        self._writers |= both
        try:
            await asyncio.gather(
                self._pump(reader, upstream[1], lambda: 0),
                self._pump(upstream[0], writer, lambda: self.delay),
            )
        finally:
            self._writers -= both
            for end in both:
                end.transport.abort()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        delay: Callable[[], float],
    ) -> None:
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def hand_on() -> None:
            while True:
                due, data = await held.get()
                await asyncio.sleep(max(0, due - self._loop.time()))
                await self._flows.wait()
                if not data:
                    writer.transport.close()
                    return
                writer.write(data)
                await writer.drain()

        handing_on = asyncio.ensure_future(hand_on())
        try:
            data = b"something"
            while data:
                data = await reader.read(CHUNK)
                held.put_nowait((self._loop.time() + delay(), data))
            await handing_on
        except OSError:
            pass
        finally:
            handing_on.cancel()
