"""A description as HTML: formatted as people mean it, and harmless whatever they write."""

import re

import pytest

from dashboard.services.tasks.markdown import format_of, to_html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** _italic_ `code`", "<strong>bold</strong> <em>italic</em> <code>code</code>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("- [x] done\n- [ ] open", 'checked="checked" disabled="disabled"'),
        ("3. three", '<ol start="3">'),
        ("> said", "<blockquote>"),
        ("# Part", "<h1>Part</h1>"),
        ("at https://a.example/b.", 'href="https://a.example/b" target="_blank" rel='),
        ("[write](mailto:ana@a.example)", 'href="mailto:ana@a.example"'),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
        ("report.pdf, ana@home.example", "<p>report.pdf, ana@home.example</p>"),
    ],
)
def test_markdown_reads_as_people_mean_it(written: str, shown: str) -> None:
    assert shown in to_html(written)


def test_a_link_opens_elsewhere_and_hands_nothing_on() -> None:
    assert (
        to_html("[a](https://a.example)")
        == '<p><a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">a</a></p>\n'
    )


HOSTILE = """\
<script>alert(1)</script>
<img src=x onerror=alert(1)>
<svg onload=alert(1)><animate onbegin=alert(1)></svg>
<iframe src="javascript:alert(1)"></iframe>
<a href="javascript:alert(1)" onclick="alert(1)">a</a>
<style>*{display:none}</style><div style="position:fixed">
<form action="https://evil.example"><input name=password></form>
<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<!--<img src="--><img src=x onerror=alert(1)//">
[a](javascript:alert(1))
[a](JaVaScRiPt:alert(1))
[a](java\tscript:alert(1))
[a](&#106;avascript:alert(1))
[a](&Tab;javascript:alert(1))
[a](vbscript:msgbox(1))
[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[a](data:image/svg+xml,<svg onload=alert(1)>)
[a](file:///etc/passwd)
[a](<javascript:alert(1)>)
[a]( javascript:alert(1))
[a](https://a.example "x\\" onmouseover=\\"alert(1)")
[a](https://a.example" onmouseover="alert(1))
[a][b]\n\n[b]: javascript:alert(1)
<javascript:alert(1)>
<https://a.example/"onmouseover="alert(1)>
![a](https://evil.example/pixel.png)
![a](javascript:alert(1))
![a](data:image/png;base64,AAAA)
![a][b]\n\n[b]: https://evil.example/pixel.png
[![a](https://evil.example/pixel.png)](javascript:alert(1))
```html"onload="alert(1)\nx\n```
`<script>alert(1)</script>`
    <script>alert(1)</script>
- [x] <img src=x onerror=alert(1)>
- [ ] [a](javascript:alert(1))
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;img src=x onerror=alert(1)&#62;
# <script>alert(1)</script>
> <script>alert(1)</script>
https://a.example/<script>alert(1)</script>
https://a.example/"onmouseover="alert(1)
javascript://a.example/%0aalert(1)
\x00<script>alert(1)</script>
""".splitlines()

_TAG = re.compile(r"<[a-z][^>]*>")
_HARMLESS = re.compile(
    r'<(?:p|br|hr|strong|em|code|pre|blockquote|ul|ol|li|h[1-6]|ol start="\d+"'
    r'|input (?:checked="checked" )?disabled="disabled" type="checkbox"'
    r'|a(?: href="[^"<>]*")?(?: title="[^"]*")? target="_blank" rel="noopener noreferrer nofollow")>'
)


@pytest.mark.parametrize("written", [each.replace("\\n", "\n") for each in HOSTILE])
def test_hostile_text_becomes_no_more_than_harmless_marks(written: str) -> None:
    shown = to_html(written)
    tags = _TAG.findall(shown)
    assert all(_HARMLESS.fullmatch(tag) for tag in tags), shown
    links = "".join(tags)
    assert not re.search(r'href="\s*(?!https?:|mailto:)[a-z]+:', links, re.IGNORECASE)


def test_plain_words_have_no_format() -> None:
    assert format_of("Two lines,\nand https://a.example with them.") == ""
    assert format_of("With **one** word.") != ""
