"""Dashboards without a screen: a tab that has its list, ticks tasks in it and sees whose rows come in."""

import asyncio
import json
import re
import secrets
import time
from typing import Any, Self

from benchmarks.people_with_tasks import Person
from benchmarks.tabs import Tab
from dashboard.models.task import TITLE_LENGTH
from dashboard.state.tasks import TaskListState

_LIST = TaskListState.get_full_name()
_TITLE = re.compile(r'"title":"(\w+)')
_NONCE = re.compile(r'"nonce":"([^"]+)"')
_TOO_LONG = "x" * (TITLE_LENGTH + 1)
ANSWER_SECONDS = 30


class Dashboard:
    """Of one person. `foreign` is every title that is not theirs."""

    def __init__(self, port: int, person: Person) -> None:
        self.foreign: list[str] = []
        self._person = person
        headers = {"Origin": f"http://localhost:{port}", "Cookie": person.cookie}
        self._tab = Tab(port, headers, "/dashboard", self._hear)
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._loaded = asyncio.Event()
        self._load_id = ""
        self._ticked: dict[str, bool] = {}

    async def open(self) -> Self:
        """Connect, again if need be, and wait for the list. Raises OSError when the server refuses, TimeoutError."""
        self._loaded.clear()
        await self._tab.open()
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._loaded.wait()
        return self

    async def close(self) -> None:
        await self._tab.close()

    async def tick(self) -> float:
        """Tick a task, or untick it; milliseconds until the answer. Raises RuntimeError when it is refused."""
        task_id, is_completed = next(iter(self._ticked.items()))
        nonce = secrets.token_hex(6)
        wish = {"load_id": self._load_id, "nonce": nonce, "kind": "change", "id": task_id}
        frame, milliseconds = await self._ask(
            nonce, "perform", gesture={**wish, "fields": {"is_completed": not is_completed}}
        )
        if '"error":' in frame:
            raise RuntimeError(frame)
        # Another one next time.
        del self._ticked[task_id]
        self._ticked[task_id] = not is_completed
        return milliseconds

    async def do_nothing(self) -> float:
        """Have a line read that is too long: through every layer, and to no table. Milliseconds until the answer."""
        _, milliseconds = await self._ask("", "read_words", text=_TOO_LONG, as_text=[])
        return milliseconds

    async def _ask(self, nonce: str, handler: str, **payload: Any) -> tuple[str, float]:
        answer = self._answers[nonce] = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._tab.send(f"{_LIST}.{handler}", **payload)
        async with asyncio.timeout(ANSWER_SECONDS):
            frame = await answer
        return frame, (time.perf_counter() - started) * 1000

    def _hear(self, frame: str) -> None:
        self.foreign += [name for name in _TITLE.findall(frame) if name != self._person.name]
        nonces = _NONCE.findall(frame) or [""]
        for nonce in nonces:
            if (answer := self._answers.pop(nonce, None)) and not answer.done():
                answer.set_result(frame)
        if '"load_id_rx_state_":' in frame:
            self._load(json.loads(frame))

    def _load(self, said: list[Any]) -> None:
        for delta in said[1]["delta"].values():
            if rows := delta.get("rows_rx_state_"):
                self._ticked = {row["id"]: row.get("is_completed", False) for row in rows}
            if load_id := delta.get("load_id_rx_state_"):
                self._load_id = load_id
                self._loaded.set()
