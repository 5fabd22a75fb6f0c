"""preview.html: what it holds. What a browser makes of it is in test_preview_browser."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from batch.core.plan import Plan
from batch.core.records import Message
from batch.messages.accounts import gather
from batch.messages.island import shown_html
from batch.messages.preview import preview
from batch.messages.render import render
from batch.words import for_language
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan

HOSTILE = (
    "</script><script>document.documentElement.dataset.pwned=1</script><img src=x onerror=\"document.title='pwned'\">"
)
CASES = (
    Case("reminder_1", [Item("FA-1", 5, 100000)], debtor_id="A", debtor={"name": "Société Élan"}),
    Case("reminder_2", [Item("FA-2", 20, 900000)], debtor_id="B", debtor={"name": HOSTILE, "email": ""}),
    Case(
        "formal_notice",
        [Item("FA-3", 60, 300000)],
        debtor_id="C",
        approval="needed",
        standing="dishonest",
        debtor={"name": "Zed"},
    ),
)


def page_of(plan: Plan, language: str = "fr", templates: Path | None = None) -> str:
    """Return the preview of a plan's messages."""
    messages, _ = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=templates)
    return preview(plan, gather(plan), messages, for_language(language), COMPANY)


def hash_of(text: str) -> str:
    """Return how a policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data_of(page: str) -> dict[str, Any]:
    """Return what the page's JSON block holds."""
    found = re.search(r'<script type="application/json" id="messages">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_messages_are_whole_and_in_order() -> None:
    """What needs approval comes first, then the larger sum; each text and HTML is put together again exactly."""
    plan = make_plan(*CASES)
    messages, _ = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)

    data = data_of(preview(plan, gather(plan), messages, for_language("fr"), COMPANY))

    assert [entry["id"] for entry in data["messages"]] == ["C", "B", "A"]
    for entry in data["messages"]:
        message = messages[entry["id"], "EUR"]
        assert "\n".join(data["lines"][at] for at in entry["html"]) == shown_html(message)
        assert "\n\n".join(data["lines"][at] for at in entry["text"]) == message.text
        assert (entry["subject"], entry["key"]) == (message.subject, message.anchor)


def test_the_page_fetches_nothing_and_names_its_script() -> None:
    """The policy forbids all but the page's own script and the styles it knows, by their hashes; the page holds no address."""
    page = page_of(make_plan(*CASES))

    script = page.rpartition("<script>")[2].partition("</script>")[0]
    assert f"default-src 'none'; script-src {hash_of(script)}; style-src 'unsafe-hashes' 'sha256-" in page
    assert "unsafe-inline" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == 2
    assert "dishonest" not in page


def test_the_styles_of_a_layout_are_named(tmp_path: Path) -> None:
    """A layout of one's own keeps its style sheet and its styles on elements, however they are quoted; a debtor's text adds none."""
    layout = """<style>
    p { color: green }
    </style><p style='margin:0'><b
    style="font-family:&quot;Arial&quot;">x</b><i style=color:red>{{ body }}</i>"""
    (tmp_path / "layout.html.j2").write_text(layout, encoding="utf-8")
    debtor = {"name": '<p style="color:blue">'}

    page = page_of(make_plan(Case("reminder_1", [Item("FA-1", 5, 100000)], debtor=debtor)), templates=tmp_path)

    for style in ("\n    p { color: green }\n    ", "margin:0", 'font-family:"Arial"', "color:red", "margin:14px 0"):
        assert hash_of(style) in page
    assert hash_of("color:blue") not in page


def test_an_account_keeps_its_place() -> None:
    """The anchor is the same in every run, differs by currency, and holds nothing that a program may write differently."""
    known = {
        (debtor_id, currency): Message(debtor_id, currency, "reminder_1", "fr", "", "", "", "").anchor
        for debtor_id in ("411DURAND", "411 Société & Cie #1", "a|EUR")
        for currency in ("EUR", "USD")
    }

    assert known["411DURAND", "EUR"] == "ad8f7b1737315de7"
    assert len(set(known.values())) == 6
    assert all(re.fullmatch("[0-9a-f]{16}", anchor) for anchor in known.values())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_plan_has_a_page(language: str) -> None:
    """Without messages the page says so."""
    page = page_of(make_plan(), language)

    assert data_of(page)["messages"] == []
    assert for_language(language).label("preview", "none") in page
