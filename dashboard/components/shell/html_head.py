"""What is in the head of every page."""

import reflex as rx

_DESCRIPTION = "A task dashboard that you host yourself: instant, live on every device."

# What all browsers of the last two years have, and an older one lacks. It is told so instead of being shown a page that
# works by half: nothing more of the page is loaded. In the words that every browser understands.
_TOO_OLD = """(function(){
var has=false;
try{has=CSS.supports('selector(:popover-open)')&&CSS.supports('selector(:has(a))')&&'popover' in HTMLElement.prototype
&&'checkVisibility' in Element.prototype&&'canParse' in URL&&'withResolvers' in Promise
&&'CSSPropertyRule' in window}catch(e){}
if(has)return;
if(window.stop)window.stop();
function add(to,name,text){
var e=document.createElement(name);e.appendChild(document.createTextNode(text));to.appendChild(e)}
var body=document.createElement('body'),box=document.createElement('main');
body.style.cssText='margin:0;padding:12vh 24px;background:#0c0a09;color:#f5f5f4;font:1rem/1.5 sans-serif';
box.style.cssText='max-width:34rem;margin:0 auto';
add(box,'h1','This browser is too old for Cairn');
add(box,'p','Cairn works in browsers of the last two years: Chrome, Edge, Firefox and Safari. '
+'Nothing is lost: your tasks are on the server. Update this browser, or open Cairn in another one.');
body.appendChild(box);
var page=document.documentElement;
if(document.body)page.replaceChild(body,document.body);else page.appendChild(body);
document.title='This browser is too old · Cairn';
})()"""

# Reflex's theme provider stops the page when the browser refuses storage (full, or switched off); this lasts as long as
# the page, and is no Storage, by which drafts.js knows it.
_STORAGE_OF_LAST_RESORT = (
    "try{localStorage.setItem('cairn-probe','');localStorage.removeItem('cairn-probe')}catch{"
    "const kept=new Map();Object.defineProperty(window,'localStorage',{value:{"
    "getItem:k=>kept.get(k)??null,setItem:(k,v)=>void kept.set(k,String(v)),"
    "removeItem:k=>void kept.delete(k)}})}"
)

# Before the first paint: what this browser remembers about the layout, and what the address says: a session has just
# ended, a password was just chosen, a link has brought its secret along.
# The theme needs nothing here: Reflex resolves, remembers and applies it as a class of <html>.
_BEFORE_PAINT = (
    "try{const d=document.documentElement.dataset,s=localStorage;"
    "for(const k of['sidebar','density','shortcuts'])if(s.getItem(k))d[k]=s.getItem(k)}catch{}"
    "for(const k of['expired','reset'])if(location.search.includes(k+'='))document.documentElement.dataset[k]='';"
    "if(location.hash.length>1)document.documentElement.dataset.link=''"
)

# A form of sign-in that is sent before the page's scripts are there says that it is busy; assets/auth_form.js sends it.
_EARLY_SUBMIT = (
    "addEventListener('submit',({defaultPrevented,target:{dataset:d}})=>{"
    "if(!defaultPrevented&&'early'in d)d.busy=''})"
)


def head() -> list[rx.Component]:
    return [
        rx.el.script(_TOO_OLD),
        rx.el.script(_STORAGE_OF_LAST_RESORT),
        rx.el.script(_BEFORE_PAINT),
        rx.el.script(_EARLY_SUBMIT),
        rx.el.meta(char_set="utf-8"),
        rx.el.meta(
            name="viewport",
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content",
        ),
        rx.el.meta(name="description", content=_DESCRIPTION),
        _theme_colour("#0c0a09", "dark"),
        _theme_colour("#fafaf9", "light"),
        # Every page has a title and a text: both fonts are asked for before the styles say so, and nothing moves.
        _font("inter-plain-3be38f2b"),
        _font("cairn-title-letters-a70f84f6"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
    ]


def page_meta(title: str) -> list[dict[str, str]]:
    """What another program shows when someone shares the address."""
    return [
        {"property": "og:site_name", "content": "Cairn"},
        {"property": "og:title", "content": title},
        {"property": "og:description", "content": _DESCRIPTION},
        {"property": "og:type", "content": "website"},
        {"property": "og:image", "content": "/icon-512.png"},
    ]


def _font(name: str) -> rx.Component:
    return rx.el.link(
        rel="preload",
        href=f"/fonts/{name}.woff2",
        type="font/woff2",
        cross_origin="anonymous",
        custom_attrs={"as": "font"},
    )


def _theme_colour(colour: str, scheme: str) -> rx.Component:
    # As a prop, `media` would be taken for a style.
    media = {"media": f"(prefers-color-scheme: {scheme})"}
    return rx.el.meta(name="theme-color", content=colour, custom_attrs=media)
