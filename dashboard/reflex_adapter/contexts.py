"""What Reflex keeps in context variables, for what stands before its own application."""

import reflex as rx
from starlette.types import ASGIApp, Receive, Scope, Send


def with_contexts(app: rx.App, program: ASGIApp) -> ASGIApp:
    """A program in which states and handlers can be looked up, as Reflex sees to it for its own."""

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        app._set_contexts_internal()  # noqa: SLF001 - see the package
        await program(scope, receive, send)

    return inside
