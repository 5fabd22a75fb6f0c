"""preview.html in a real browser: searching, filtering, keys, a telephone's width, the frame."""

from collections.abc import Callable

import pytest

from batch.words import for_language
from tests.browser import Browser
from tests.messages.plans import Case, Item, make_plan
from tests.messages.test_preview import page_of

Opened = Callable[..., Browser]

CASES = (
    Case("formal_notice", [Item("FA-3", 60, 300000)], debtor_id="411C", approval="needed", standing="dishonest", debtor={"name": "Zed"}),
    Case("reminder_1", [Item("FA-2", 5, 200000)], debtor_id="411B", standing="dishonest", debtor={"name": "Brunet", "email": ""}),
    Case("reminder_1", [Item("FA-1", 5, 100000)], debtor_id="411A", debtor={"name": "Société Élan"}),
)  # fmt: skip
NAMES = "return [...document.querySelectorAll('#list bdi')].map((one) => one.textContent)"
OPEN = "return document.querySelector('[aria-current] bdi')?.textContent ?? ''"
FRAME = "return frame.srcdoc"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("societe elan", ["Société Élan"]),
        ("411b", ["Brunet"]),
        ("fa-3", ["Zed"]),
        ("mise en demeure", ["Zed"]),
        ("petit rappel", ["Brunet", "Société Élan"]),
        ("nobody", []),
    ],
)
def test_search_finds(opened: Opened, typed: str, found: list[str]) -> None:
    """A name without its accents, a number, an invoice, words of a subject; what is not there is said."""
    browser = opened(page_of(make_plan(*CASES)))

    browser.press("/", *typed)

    assert browser.run(NAMES) == found
    assert browser.run("return at('shown').textContent") == f"{len(found)} sur 3"
    assert browser.run("return !at('nothing').hidden") == (not found)


def test_filters_combine(opened: Opened) -> None:
    """Step, standing and search each narrow what the others leave; Escape empties the search."""
    browser = opened(page_of(make_plan(*CASES)))
    choose = "at(arguments[0]).value = arguments[1]; at(arguments[0]).dispatchEvent(new Event('change'))"

    browser.run(choose, "standing", "1")
    assert browser.run(NAMES) == ["Zed", "Brunet"]
    browser.run(choose, "step", "0")
    assert browser.run(NAMES) == ["Brunet"]
    browser.press("/", *"zed")
    assert browser.run(NAMES) == []
    browser.press("Escape")
    assert browser.run(NAMES) == ["Brunet"]
    browser.run(choose, "step", "")
    browser.run(choose, "standing", "")
    assert browser.run(NAMES) == ["Zed", "Brunet", "Société Élan"]


def test_keys_move(opened: Opened) -> None:
    """The keys j and ↓ go on, k and ↑ go back, both stop at the ends; the first key after a search opens the first that was found."""
    browser = opened(page_of(make_plan(*CASES)))

    said = [browser.run(OPEN)]
    for key in ("j", "ArrowDown", "j", "k", "ArrowUp", "k"):
        browser.press(key)
        said.append(browser.run(OPEN))
    assert said == ["Zed", "Brunet", "Société Élan", "Société Élan", "Brunet", "Zed", "Zed"]

    browser.press("/", *"elan", "ArrowDown")
    assert browser.run(OPEN) == "Société Élan"
    assert browser.run("return document.activeElement === current.entry || document.activeElement === document.body")


def test_tab_reaches_everything(opened: Opened) -> None:
    """Tab goes through search, filters, the open message's entry, the buttons; each has a name and shows its focus."""
    browser = opened(page_of(make_plan(*CASES), "en"))

    browser.run("document.activeElement.blur()")
    reached = []
    for _ in range(8):
        browser.press("Tab")
        reached.append(browser.run(
            "const one = document.activeElement; return [one.id || one.textContent.slice(0, 3), getComputedStyle(one).outlineStyle]"
        ))  # fmt: skip

    names = [name for name, _ in reached]
    assert names == ["search", "step", "standing", "Zed", "form-html", "form-text", "previous", "next"]
    assert [name for name, outline in reached if outline != "solid"] == []
    tree = browser.devtools("Accessibility.getFullAXTree", {})["nodes"]
    roles = {"button", "searchbox", "combobox", "Iframe", "navigation"}
    nameless = [node for node in tree if node["role"]["value"] in roles and not node.get("name", {}).get("value")]
    assert nameless == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_telephone_has_no_sideways_scroll(opened: Opened, browser: Browser, language: str) -> None:
    """At 390 pixels the list comes first, a message takes its place, Escape or the button leads back; nothing sticks out."""
    browser.resize(390, 844)
    opened(
        page_of(make_plan(*CASES, Case("reminder_2", [Item("F" * 60, 20, 5000)], debtor={"name": "W" * 150})), language)
    )
    fits = "return document.documentElement.scrollWidth <= 390 && [...document.querySelectorAll('header *, nav *, .bar *, h2, #about, #tags *')].every((one) => one.getBoundingClientRect().right <= 390)"
    reading = "return document.body.classList.contains('reading')"

    assert browser.run(fits)
    assert (browser.run(reading), browser.run(FRAME)) == (False, "")
    browser.click("#list button:nth-of-type(2)")
    assert browser.run(fits)
    assert browser.run(reading)
    browser.press("Escape")
    assert not browser.run(reading)
    assert browser.run("return document.activeElement === current.entry")
    browser.press("j")
    browser.click("#form-text")
    assert browser.run(fits)
    browser.click("#back")
    assert not browser.run(reading)


def test_the_frame_is_filled_on_demand(opened: Opened) -> None:
    """The sandbox allows nothing; the frame holds the one message that is looked at, and none beside the plain text."""
    browser = opened(page_of(make_plan(*CASES)))

    assert browser.run("return document.querySelectorAll('iframe').length") == 1
    assert browser.run("return frame.getAttribute('sandbox')") == ""
    first = browser.run(FRAME)
    browser.press("j")
    second = browser.run(FRAME)
    assert ("FA-3" in first, "FA-2" in first) == (True, False)
    assert ("FA-3" in second, "FA-2" in second) == (False, True)
    with browser.inside("#frame"):
        shown = browser.until("return document.body?.innerText.includes('FA-2') && document.body.innerText")
        styled = browser.run("return getComputedStyle(document.querySelector('td td')).lineHeight")
    assert "2\u202f000,00" in shown
    assert styled == "23px"
    browser.click("#form-text")
    assert browser.run(FRAME) == ""
    assert "FA-2" in browser.run("return at('text').textContent")
    assert browser.complaints() == []


def test_a_link_opens_its_message(opened: Opened) -> None:
    """What follows # opens that message, whatever is filtered; a message that is gone is said to be."""
    plan = make_plan(*CASES)
    browser = opened(page_of(plan), "#7b2b46d1a4b1c2d3")
    assert browser.run(OPEN) == ""
    assert browser.run("return at('empty').innerText") == for_language("fr").label("preview", "gone")

    keys = browser.run("return Object.fromEntries(messages.map((one) => [one.name, one.key]))")
    browser.press("/", *"zed")
    browser.run("location.hash = arguments[0]", keys["Brunet"])
    assert browser.until("return current?.name") == "Brunet"
    assert browser.run(NAMES) == ["Zed", "Brunet", "Société Élan"]
    assert opened(page_of(plan), f"#{keys['Société Élan']}").run(OPEN) == "Société Élan"


def test_only_what_is_looked_at_is_laid_out(opened: Opened) -> None:
    """Of many messages the page makes a screenful of entries, more as one scrolls, and any that is opened."""
    cases = [Case("reminder_1", [Item(f"FA-{n}", 5, 100000)], debtor_id=f"C{n:04d}") for n in range(500)]
    browser = opened(page_of(make_plan(*cases)))
    entries = "return document.querySelectorAll('#list button:not(#more)').length"

    assert browser.run(entries) == 100
    assert browser.run("return document.querySelectorAll('*').length") < 1000
    browser.run("list.scrollTop = list.scrollHeight")
    assert browser.until(f"{entries} > 100")
    browser.run("location.hash = messages[300].key")
    assert browser.until("return current === messages[300]")
    assert 301 <= browser.run(entries) < 500
    browser.press("/", *"fa-499")
    assert browser.run(entries) == 1


def test_the_code_to_scan_is_shown_and_nothing_else_is_let_in(opened: Opened) -> None:
    """The policy lets the frame show a picture that lies in the page; what is drawn is the code, four dots of white around."""
    browser = opened(page_of(make_plan(CASES[2])))

    browser.press("j")

    assert "cid:" not in browser.run(FRAME)
    size = """
        const image = new Image();
        image.src = new DOMParser().parseFromString(frame.srcdoc, "text/html").querySelector("img").src;
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
    """
    width, height = browser.run(f"return (async () => {{ {size} }})()")
    assert width == height
    assert (width // 4 - 2 * 4 - 17) % 4 == 0
