"""`relance record`: what was typed goes into the journal once, and nothing leaves."""

import datetime as dt
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from tests.jobs.desk import DAY, Desk, review
from tests.jobs.test_week import CALLED, REVIEWED
from tests.workbook.reviewing import column, row

if TYPE_CHECKING:
    from tests.workbook.reviewing import Typed

KINDS = {"promised": 1, "held": 1, "address": 1, "reclassified": 1, "called": 2}


def test_recorded_once(desk: Desk) -> None:
    """Everything typed becomes an event; the second call adds none and says so; no mail leaves, no file changes."""
    review(desk.workbook(), REVIEWED, CALLED)
    before = desk.listing()
    first = desk.relance("record", desk.workbook(), "--json")
    assert (first.code, first.err, first.document["counts"], first.document["known"]) == (0, "", KINDS, 0)
    events = desk.events()
    assert len(events) == len(first.document["recorded"]) == 6
    second = desk.relance("record", desk.workbook())
    assert (second.code, desk.events()) == (0, events)
    said = second.out.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert said.startswith("Rien de nouveau à noter.\nDéjà au journal : 6 saisies.")
    assert desk.listing() == before


def test_the_lines_of_what_was_recorded(desk: Desk) -> None:
    """A few events are shown each: customer, kind, and what was typed."""
    review(desk.workbook(), REVIEWED, CALLED)
    told = " ".join(desk.relance("record", desk.workbook()).out.split())
    assert told.startswith("6 saisies notées au journal.")
    for text in (
        "411RELAIS promesse de paiement",
        "411TRAITE",
        "direction@traiteur.example",
        "facture égarée",
        "promesse",
    ):
        assert text in told


def test_send_records_by_the_same_way(desk: Desk) -> None:
    """What `record` journalled is not journalled again by `send`."""
    review(desk.workbook(), REVIEWED, CALLED)
    assert desk.relance("record", desk.workbook(), "-q").code == 0
    recorded = desk.events()
    assert desk.relance("send", desk.workbook(), "--as-of", DAY, "-q").code == 0
    assert desk.events()[: len(recorded)] == recorded
    assert {event[4] for event in desk.events()[len(recorded) :]} == {"sent"}


def test_what_is_not_understood_is_said_and_the_rest_is_noted(desk: Desk) -> None:
    """A word that is none is a problem with its cell; the promise on another row is noted; the call ends well."""
    rows: Typed = {
        ("411QUAIAN", "EUR"): {"decision": "peut-être"},
        ("411RELAIS", "EUR"): {"promise_date": dt.date(2026, 12, 1)},
    }
    review(desk.workbook(), rows)
    said = desk.relance("record", desk.workbook(), "--json")
    assert (said.code, said.document["counts"]) == (0, {"promised": 1})
    problem = said.document["problems"][0]
    assert (problem["code"], problem["sheet"]) == ("WORD-NOT-UNDERSTOOD", "Revue")
    assert problem["row"] > 3
    assert problem["column"]


def test_the_next_run_knows_what_was_recorded(desk: Desk) -> None:
    """A promise that was only recorded stops the reminder of a later run."""
    review(desk.workbook(), {("411RELAIS", "EUR"): {"promise_date": dt.date(2026, 12, 1)}})
    assert desk.relance("record", desk.workbook(), "-q").code == 0
    assert desk.relance("run", "sample_ledger.xlsx", "--as-of", DAY, "--out", "again", "-q").code == 0
    entry = next(one for one in desk.plan(out="again")["debtors"] if one["debtor_id"] == "411RELAIS")
    assert (entry["step"], entry["blocked_by"]) == (None, "promise-running")


def test_a_note_alone_is_kept_and_shown(desk: Desk) -> None:
    """It is journalled once; the history, the explanation and the next workbook show it, and it stops no reminder."""
    before = next(one for one in desk.plan()["debtors"] if one["debtor_id"] == "411RELAIS")
    review(desk.workbook(), {("411RELAIS", "EUR"): {"note": "a changé de gérante"}})
    for known in (0, 1):
        said = desk.relance("record", desk.workbook(), "--json").document
        assert (said["counts"], said["known"], said["problems"]) == ({} if known else {"noted": 1}, known, [])
    assert "a changé de gérante" in desk.relance("history", "show", "411RELAIS").out
    said = desk.relance("explain", "411RELAIS", "sample_ledger.xlsx", "--as-of", DAY, "--json")
    assert said.document["notes"] == [{"on": DAY, "currency": "EUR", "text": "a changé de gérante"}]
    told = desk.relance("explain", "411RELAIS", "sample_ledger.xlsx", "--as-of", DAY).out
    assert "Remarque du 20/11/2026" in told
    assert desk.relance("run", "sample_ledger.xlsx", "--as-of", DAY, "-q").code == 0
    after = next(one for one in desk.plan()["debtors"] if one["debtor_id"] == "411RELAIS")
    assert (after["step"], after["standing"]) == (before["step"], before["standing"])
    second = desk.workbook(name="sample_ledger-annotated-2.xlsx")
    sheet = load_workbook(second)["Revue"]
    at = row(sheet, ("411RELAIS", "EUR"))
    assert "Remarque du 20/11/2026" in str(sheet.cell(at, column(sheet, "because")).value)
    assert sheet.cell(at, column(sheet, "note")).value is None
    assert desk.relance("record", second, "--json").document["counts"] == {}
