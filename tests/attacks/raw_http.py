"""Requests as an attacker sends them: many, from a place of their own, and without waiting for an answer."""

import http.client
import socket
from contextlib import ExitStack
from itertools import count

from tests.browser.conftest import Server

_places = count(1)


def new_place() -> str:
    """An address from which nobody has asked before, as a proxy of ours would name it."""
    number = next(_places)
    return f"203.0.{number // 250}.{number % 250}"


def post(server: Server, path: str, body: bytes, *, place: str) -> socket.socket:
    """A connection on which a request was sent and nothing was read yet."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.address}\r\n"
        f"X-Forwarded-For: {place}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(head.encode() + body)
    return connection


def status(connection: socket.socket) -> int:
    """What a request on a connection was answered with."""
    with connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
        return answer.status


def post_at_once(server: Server, path: str, body: bytes, times: int, *, place: str) -> ExitStack:
    """So many requests that wait for their answers until the block ends, and then are broken off."""
    with ExitStack() as asking:
        for _ in range(times):
            asking.enter_context(post(server, path, body, place=place))
        return asking.pop_all()
