"""A program on the REST API, beside the people in their browsers."""

import time
from typing import Any

import httpx

from tests.browser.conftest import PASSWORD, Server

PATIENCE_SECONDS = 60


class Script:
    """Signed in as somebody. When nobody answers it asks again, as a careful program does."""

    def __init__(self, server: Server, email: str) -> None:
        self._client = httpx.Client(
            base_url=f"http://localhost:{server.port}", headers={"Origin": server.address}
        )
        person = {"email": email, "password": PASSWORD}
        self.send("POST", "/api/auth/sign-in", json=person)

    @property
    def cookie(self) -> str:
        return self._client.cookies["dashboard_session"]

    def send(self, method: str, address: str, **request: Any) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._client.request(method, address, **request)
            except httpx.TransportError:
                assert time.monotonic() < deadline, "The server stayed away."
                time.sleep(0.1)
            else:
                return answer.json() if answer.content else None

    def tasks(self) -> list[dict[str, Any]]:
        return self.send("GET", "/api/tasks?limit=200&sort=created&order=asc")["items"]

    def add(self, title: str) -> None:
        key = {"Idempotency-Key": title}
        self.send("POST", "/api/tasks", json={"title": title}, headers=key)

    def change(self, title: str, /, **fields: Any) -> None:
        for task in self.tasks():
            if task["title"] == title:
                self.send("PATCH", f"/api/tasks/{task['id']}", json=fields)

    def remove(self, title: str) -> str:
        (task_id,) = [task["id"] for task in self.tasks() if task["title"] == title]
        self.send("DELETE", f"/api/tasks/{task_id}")
        return task_id
