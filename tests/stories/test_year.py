"""Some months of Mondays from the command line: export, run, review, send, and what the customers do; every week obeys the rules."""

import csv
import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.desk import SETTINGS, Desk, bodies, read_mail, review
from tests.stories.firm import Firm
from tests.stories.rules import RULES, Mail, Week, Year

LONG = os.environ.get("RELANCE_LONG") == "1"
START = dt.date(2026, 5, 25)  # a Monday; the rates change in the sixth week
WEEKS = 24 if LONG else 9
SKIPPED = (3, 5)  # nobody was there
NEXT_DAY = (6,)  # reviewed on Monday, sent on Tuesday


@pytest.fixture(scope="module", params=range(4) if LONG else [1], ids="seed {}".format)
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Live through the weeks once."""
    folder = tmp_path_factory.mktemp("year")
    (folder / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    year = Year(Firm(request.param, START, WEEKS), [], set())
    for number in range(WEEKS):
        if number not in SKIPPED:
            year.weeks.append(_monday(Desk(folder), year, START + dt.timedelta(7 * number), later=number in NEXT_DAY))
    return year


def _monday(desk: Desk, year: Year, day: dt.date, *, later: bool) -> Week:
    """Run, approve what waits for a person, send, and let the customers answer."""
    (desk.folder / "ledger.csv").write_text("\n".join(year.firm.export(day - dt.timedelta(1))), encoding="utf-8-sig")
    ran = desk.relance("run", "ledger.csv", "--as-of", day)
    assert ran.code == 0, ran.err
    plan = desk.plan(str(day))
    waiting = [
        entry for entry in plan["debtors"] if entry["approval"] == "needed" and entry["channel"] in ("mail", "letter")
    ]
    workbook = desk.workbook(str(day), "ledger-annotated.xlsx")
    typed = {(entry["debtor_id"], entry["currency"]): {"decision": "envoyer"} for entry in waiting} | _typed(plan)
    if typed:
        review(workbook, typed)
    leaves = day + dt.timedelta(1) if later else day
    sent = desk.relance("send", workbook, "--as-of", leaves, "--json", "--yes")
    assert sent.code == 0, sent.err
    if later:
        again = desk.relance("send", workbook, "--as-of", leaves, "--json", "--yes")
        assert [mail for mail in again.document["mails"] if mail["outcome"] == "sent"] == []
    mails = [_mail(desk, plan, one, leaves) for one in sent.document["mails"] if one["outcome"] == "sent"]
    left = {
        f"{one['debtor_id']} {one['currency']}": one["sentence"]
        for one in sent.document["mails"]
        if one["outcome"] != "sent"
    }
    _answers(desk, year, mails)
    return Week(day, plan, mails, _spaces(ran.out), left)


def _typed(plan: Any) -> dict[tuple[str, str], dict[str, object]]:
    """Return the address that is typed over the one whose mail came back."""
    lost = [entry for entry in plan["debtors"] if entry["debtor_id"] == "BOUNCES" and entry["step"] == "resend_invoice"]
    return {(entry["debtor_id"], entry["currency"]): {"email_typed": "direction@bounces.example"} for entry in lost}


def _mail(desk: Desk, plan: Any, one: Any, leaves: dt.date) -> Mail:
    moving = next(
        e["items"] for e in plan["debtors"] if (e["debtor_id"], e["currency"]) == (one["debtor_id"], one["currency"])
    )
    lines = {item["number"]: item["next_step"] for item in plan["items"] if item["number"] in moving}
    text, _ = bodies(read_mail(desk.folder / "relance-out" / plan["as_of"] / "outbox" / Path(one["file"]).name))
    return Mail(leaves, one["debtor_id"].lower(), one["currency"], one["step"], lines, text)


def _answers(desk: Desk, year: Year, mails: list[Mail]) -> None:
    answers = [(mail, year.firm.answer(mail.day, mail.debtor, mail.step, list(mail.lines))) for mail in mails]
    year.bounced.update((mail.day, mail.debtor) for mail, event in answers if event.get("kind") == "bounced")
    rows = [{"date": str(mail.day), "client": mail.debtor.upper()} | event for mail, event in answers if event]
    if rows:
        with (desk.folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, ["date", "client", "kind", "facture", "until", "note"])
            table.writeheader()
            table.writerows(rows)
        assert desk.relance("history", "import", "events.csv").code == 0


def _spaces(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_week_obeys(rule: Callable[[Year], list[str]], year: Year) -> None:
    """Nothing in these months breaks this rule."""
    assert rule(year) == []


def test_the_months_meet_every_step(year: Year) -> None:
    """Nothing above is true only because nothing happened: every written step left, to each nature of customer."""
    met = {mail.step for week in year.weeks for mail in week.mails}
    assert met >= {"courtesy", "reminder_1", "reminder_2", "formal_notice"}
    assert {mail.debtor for week in year.weeks for mail in week.mails if mail.step == "formal_notice"} >= {
        "silent",
        "private",
        "town",
    }
