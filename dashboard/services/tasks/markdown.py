"""Markdown of people, as HTML that a page can show: CommonMark, task lists and addresses as links."""

import re
from functools import lru_cache

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

_PARSER = (
    # A line end stays one, since what people type in a field is seldom meant to flow.
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable("linkify")
    # An image would be loaded from elsewhere, and tell its server who reads.
    .disable(["image", "html_block", "html_inline"])
    .use(tasklists_plugin)
)
# `report.pdf` and `ana@home` are words; an address says its scheme.
_PARSER.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})

_TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "input"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
}
_FORMAT = re.compile("<(?!/|p>|br>|a )")
"""A tag that says more than where a paragraph, a line or an address is."""


@lru_cache(maxsize=128)
def to_html(text: str) -> str:
    """HTML without scripts, styles, images and ids. Raw HTML in `text` is shown as text.

    The result is cleaned, so that it is safe even if the parser has a fault. 10,000 characters take up to 0.2 s.
    """
    return nh3.clean(
        _PARSER.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def format_of(text: str) -> str:
    """The HTML of `text` when it is formatted; empty when text alone shows the same."""
    shown = to_html(text)
    return shown if _FORMAT.search(shown) else ""
