"""The least that an event can be: plain Reflex, a handler that counts, no database, no gate, no session."""

import reflex as rx


class NothingState(rx.State):
    answers: int = 0

    @rx.event
    async def nothing(self) -> None:
        self.answers += 1


app = rx.App()
app.add_page(lambda: rx.el.p(NothingState.answers), route="/")
