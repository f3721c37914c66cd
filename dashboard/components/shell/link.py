"""Links inside Cairn."""

from typing import Any

import reflex as rx

from dashboard.reflex_adapter.elements import A, router_link


class ListLink(A):
    """A link to the list of the present address with some of it changed; "" takes a filter away."""

    library = "$/public/shell.js"
    tag = "ListLink"

    changes: rx.Var[dict[str, str]]
    hash: rx.Var[str]
    prevent_scroll_reset: rx.Var[bool]


def link(*content: rx.Component | rx.Var | str, to: str | rx.Var, **props: Any) -> rx.Component:
    """A link to another place in Cairn, without a page load."""
    return router_link(*content, to=to, **props)


def anchor(
    *content: rx.Component | rx.Var | str, to: str | rx.Var[str], **props: Any
) -> rx.Component:
    """A link of the browser's own: to a part of this page, or by a page load, so that the server says who may see it.

    `rx.el.a` would be a link of the router.
    """
    return A.create(*content, custom_attrs={"href": to}, **props)


def list_link(
    *content: rx.Component | rx.Var | str, changes: dict[str, str], **props: Any
) -> rx.Component:
    """A link to the list on the screen with some of its filters changed, composed of the address at the click."""
    return ListLink.create(*content, changes=changes, **props)
