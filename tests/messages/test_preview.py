"""preview.html: what it holds, and that a real browser shows it and runs nothing but its own script."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from batch.core.plan import Plan
from batch.messages.accounts import gather
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
# Stands for a person at the keyboard: types a search, chooses a step, presses a key. Runs only where the policy is taken out.
DRIVER = """<script>
const said = [];
const note = () => said.push([...document.querySelectorAll("nav button:not([hidden]) .who span:first-child")].map((one) => one.textContent).join("|"));
const type = (text) => { search.value = text; search.dispatchEvent(new Event("input")); note(); };
const choose = (id, value) => { at(id).value = value; at(id).dispatchEvent(new Event("change")); note(); };
const press = (key) => { document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })); said.push(at("subject").textContent); };
note(); type("societe elan"); type("fa-3"); type("nobody"); type(""); choose("step", "0"); choose("step", ""); choose("standing", "1");
choose("standing", ""); press("j"); press("j"); press("j"); press("k");
document.documentElement.dataset.said = JSON.stringify(said);
</script>"""


def page_of(plan: Plan, language: str = "fr") -> str:
    """Return the preview of a plan's messages."""
    messages, _ = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)
    return preview(plan, gather(plan), messages, for_language(language), COMPANY)


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

    assert [entry["key"] for entry in data["messages"]] == ["C|EUR", "B|EUR", "A|EUR"]
    for entry in data["messages"]:
        message = messages[entry["id"], "EUR"]
        assert "\n".join(data["lines"][at] for at in entry["html"]) == message.html
        assert "\n\n".join(data["lines"][at] for at in entry["text"]) == message.text
        assert entry["subject"] == message.subject


def test_the_page_fetches_nothing_and_names_its_script() -> None:
    """The policy forbids all but the page's own script and style, by their hashes, and the page holds no address."""
    page = page_of(make_plan(*CASES))

    script = page.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}';" in page
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == 2
    assert "dishonest" not in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_plan_has_a_page(language: str) -> None:
    """Without messages the page says so."""
    page = page_of(make_plan(), language)

    assert data_of(page)["messages"] == []
    assert for_language(language).label("preview", "none") in page


def test_the_browser_lists_all_and_runs_nothing_foreign(dom: Callable[..., str]) -> None:
    """Hostile names and a foreign script in the page do nothing; the mail asked for by the address is in the frame."""
    foreign = "<script>document.documentElement.dataset.foreign=1</script></body>"

    shown = dom(page_of(make_plan(*CASES)).replace("</body>", foreign), "#B%7CEUR")

    assert "3 sur 3" in shown
    assert "data-pwned" not in shown
    assert "data-foreign" not in shown
    assert "<title>pwned" not in shown
    frame = shown.partition('srcdoc="')[2].partition('"')[0]
    assert "Nous revenons vers vous" in frame
    assert 'sandbox=""' in shown
    assert "dataset.pwned" in shown  # as text


def test_search_filters_and_keys(dom: Callable[..., str]) -> None:
    """Search ignores accents and case and reads texts; step and standing filter; j and k walk through what is shown."""
    cases = [case for case in CASES if case.debtor_id != "B"]
    page = re.sub(r"<meta http-equiv[^>]*>", "", page_of(make_plan(*cases))).replace("</body>", DRIVER + "</body>")

    said = re.search(r'data-said="([^"]*)"', dom(page))

    assert said
    notice, first = "Mise en demeure de payer\xa0: facture FA-3", "Facture FA-1\xa0: un petit rappel"
    everything = "Zed|Société Élan"
    assert json.loads(said[1].replace("&quot;", '"').replace("&nbsp;", "\xa0")) == [
        everything, "Société Élan", "Zed", "", everything, "Société Élan", everything, "Zed", everything,
        *(f"{subject} – Atelier Bressan SAS" for subject in (first, first, first, notice)),
    ]  # fmt: skip
