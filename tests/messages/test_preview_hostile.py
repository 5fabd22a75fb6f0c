"""preview.html with hostile names and templates in a real browser: all of it is text, nothing runs, nothing leaves."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.browser import Browser
from tests.messages.plans import Case, Item, make_plan
from tests.messages.test_preview import page_of
from tests.messages.test_preview_browser import CASES, NAMES, OPEN

Opened = Callable[..., Browser]

LONG = "x" * 10_000
# What a debtor may be called, and what is shown of it: text on one line, at most 200 characters, nothing that hides or reorders.
HOSTILE_NAMES = {
    "</script><script>pwned()</script>": "</script><script>pwned()</script>",
    "<img src=x onerror=pwned()>": "<img src=x onerror=pwned()>",
    "javascript:pwned()": "javascript:pwned()",
    "\"' onmouseover='pwned()": "\"' onmouseover='pwned()",
    "<!--<script>": "<!--<script>",
    "a\u2028b\u2029c": "a b c",
    "\u202eFR\u202c \u2066SARL\u2069": "FR SARL",
    "{{ 7 * 7 }}${7 * 7}": "{{ 7 * 7 }}${7 * 7}",
    LONG: "x" * 199 + "…",
}
# A layout that a stranger wrote: all the ways in which a page runs something, asks for something or goes elsewhere.
HOSTILE_LAYOUT = """<!DOCTYPE html><html><head>
<base href="HOST/"><link rel="stylesheet" href="HOST/a.css"><link rel="prefetch" href="HOST/b"><link rel="icon" href="HOST/i">
<link rel="preconnect" href="HOST"><link rel="dns-prefetch" href="HOST"><link rel="preload" as="image" href="HOST/p.png">
<style>@import url(HOST/c.css); @font-face { font-family: f; src: url(HOST/f.woff) } p { font-family: f; background: url(HOST/d.png) }</style>
</head><body onload="pwned()" style="background:url(HOST/e.png)">
<script>parent.document.documentElement.dataset.pwned = 1</script><script src="HOST/s.js"></script>
<img src="HOST/g.png" onerror="pwned()"><svg onload="pwned()"><image href="HOST/h.png"/></svg><video src="HOST/v.mp4" autoplay></video>
<iframe src="HOST/frame"></iframe><object data="HOST/o"></object><embed src="HOST/m">
<a id="js" href="javascript:pwned()">one</a> <a id="out" href="HOST/out" ping="HOST/ping">two</a>
<a id="top" href="HOST/top" target="_top">three</a> <a id="self" href="HOST/self" target="_self">four</a>
<template shadowrootmode="open"><iframe src="HOST/shadow"></iframe></template>
<form action="HOST/form"><button id="send">five</button></form>
{{ body }}</script></textarea></body></html>"""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """Return the address of a server on this machine and all that was ever said to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(0.2)
                    try:
                        said = connection.recv(1000)
                    except TimeoutError:
                        said = b"connected"
                    if said == b"stop":
                        return
                    heard.append(said)

        thread = Thread(target=listen)
        thread.start()
        address = server.getsockname()
        yield f"http://127.0.0.1:{address[1]}", heard
        with socket.create_connection(address) as last:
            last.sendall(b"stop")
        thread.join(10)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_names_are_text(opened: Opened, language: str) -> None:
    """Whatever a debtor is called is shown as text in list, heading and mail, and nothing of it runs."""
    cases = [
        Case("reminder_1", [Item(name[:60], 5, 100000 - place)], debtor_id=f"{place}{name}", debtor={"name": name, "email": name, "contact": name})
        for place, name in enumerate(HOSTILE_NAMES)
    ]  # fmt: skip
    browser = opened(page_of(make_plan(*cases), language))

    assert browser.run(NAMES) == list(HOSTILE_NAMES.values())
    for shown in HOSTILE_NAMES.values():
        assert browser.run("return document.querySelector('#about bdi').textContent") == shown
        with browser.inside("#frame"):
            browser.until("return document.body?.innerText.includes(arguments[0])", shown[:50])
            assert (
                browser.run(
                    "return document.querySelectorAll('script, img:not([src^=\"data:image/png;\"]), svg, a').length"
                )
                == 0
            )
        browser.press("j")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []


def test_a_hostile_layout_runs_nothing_and_asks_for_nothing(
    opened: Opened, tmp_path: Path, listener: tuple[str, list[bytes]]
) -> None:
    """A template full of scripts, addresses, frames and forms: none of it runs, leaves or is even connected to."""
    host, heard = listener
    (tmp_path / "layout.html.j2").write_text(HOSTILE_LAYOUT.replace("HOST", host), encoding="utf-8")
    browser = opened(page_of(make_plan(*CASES), templates=tmp_path))
    address = browser.run("return location.href")

    for link in ("js", "out", "top", "self", "send"):
        browser.press("j", "k")
        with browser.inside("#frame"):
            browser.until("return document.getElementById('self')")
            browser.run("document.getElementById(arguments[0]).click()", link)
    browser.run("return new Promise((done) => setTimeout(done, 500))")

    assert browser.run("return [location.href.split('#')[0], document.documentElement.dataset.pwned ?? '']") == [
        address.split("#")[0],
        "",
    ]
    assert browser.run(OPEN) == "Zed"
    assert len(browser.windows()) == 1
    assert heard == []
    assert [asked for asked in browser.requests() if not asked.startswith(("file:", "about:", "data:"))] == []


@pytest.mark.parametrize(
    "foreign",
    [
        "<script>document.documentElement.dataset.foreign = 1</script>",
        "<style>body { display: none }</style>",
        "<p onclick='pwned()' style='display:none'>x</p>",
    ],
)
def test_the_page_itself_runs_nothing_foreign(opened: Opened, foreign: str) -> None:
    """What somebody adds to the page has no effect: neither script nor style is named in the policy."""
    browser = opened(page_of(make_plan(*CASES)).replace("</footer>", f"</footer>{foreign}"))

    assert browser.run("return document.documentElement.dataset.foreign ?? ''") == ""
    assert (
        browser.run("return getComputedStyle(document.body.querySelector('footer ~ p') ?? document.body).display")
        != "none"
    )
    assert browser.complaints()
