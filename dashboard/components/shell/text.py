"""Words of people on the screen, with their addresses as links."""

import reflex as rx

_LIBRARY = "$/public/text.js"


class Linked(rx.Component):
    """Text whose addresses are links; one that may be cut in two is none."""

    library = _LIBRARY
    tag = "Linked"

    text: rx.Var[str]
    is_cut: rx.Var[bool]


class Told(rx.Component):
    """A sentence of the server, with what is in braces written in the browser's form: `today at {09:41}`."""

    library = _LIBRARY
    tag = "Told"

    text: rx.Var[str]


class LinkList(rx.Component):
    """The addresses of a text as links, one below the other; nothing where there are none."""

    library = _LIBRARY
    tag = "LinkList"

    text: rx.Var[str]
    item_class_name: rx.Var[str]
