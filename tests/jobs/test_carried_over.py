"""A second run into a folder whose workbook a person has saved: what was typed stands in the new one, or is said to be left behind."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from batch.workbook.decisions import read_review
from batch.workbook.layout import letter_of
from tests.jobs.desk import DAY, SAMPLE, Desk, by_account, review
from tests.workbook.reviewing import column, row

if TYPE_CHECKING:
    from tests.workbook.reviewing import Typed

EUR = "EUR"
ROWS: "Typed" = {
    ("411SALLES", EUR): {"decision": "envoyer", "note": "vu avec la gérante"},
    ("411QUAIAN", EUR): {"decision": "attendre"},
    ("411BRETAG", EUR): {"decision": None},
    ("411RELAIS", EUR): {"promise_date": dt.datetime(2026, 12, 1), "promise_amount": 2000.5},
    ("411TRAITE", EUR): {"email_typed": "direction@traiteur.example"},
    ("411SPORTS", EUR): {"hold_until": "bientôt"},
}
CALLS: "Typed" = {
    ("411VERRES", EUR): {"call_result": "promesse", "call_until": "30/11/2026", "call_amount": "2 865,00"}
}
SECOND = "sample_ledger-annotated-2.xlsx"


def told(path: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[str]]:
    """Return decisions, events and problems' codes of a workbook."""
    reviewed = read_review(path)
    decisions = reviewed.decisions[["debtor_id", "currency", "decision", "step", "digest", "email", "understood"]]
    columns = ["at", "debtor_id", "kind", "number", "amount", "until", "value", "meaning", "note"]
    rows = [
        [tuple(map(str, each)) for each in table.itertuples(index=False, name=None)]
        for table in (decisions, reviewed.events[columns])
    ]
    return sorted(rows[0]), sorted(rows[1]), sorted(problem.code for problem in reviewed.problems)


def codes(desk: Desk, code: str) -> list[Any]:
    """Return the problems of the last run that have this code."""
    return [problem for problem in desk.plan()["problems"] if problem["code"] == code]


def test_everything_typed_stands_in_the_new_workbook(desk: Desk) -> None:
    """Ledger and journal are the same: the second workbook says all that the first does, also what is not understood."""
    review(desk.workbook(), ROWS, CALLS)
    first, before = told(desk.workbook()), desk.workbook().read_bytes()
    said = desk.relance("run", SAMPLE.name, "--as-of", DAY)
    assert said.code == 0
    assert SECOND in said.out
    assert "celles de 7 clients" in said.out
    assert told(desk.workbook(name=SECOND)) == first
    assert desk.workbook().read_bytes() == before
    assert codes(desk, "NOT-CARRIED") == []


def test_untouched_workbooks_are_replaced_and_edited_ones_numbered(desk: Desk) -> None:
    """A workbook nobody saved is replaced; the second one, edited too, gives way to a third that has its words."""
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    assert [path.name for path in desk.workbook().parent.glob("*.xlsx")] == [SAMPLE.stem + "-annotated.xlsx"]
    review(desk.workbook(), {("411QUAIAN", EUR): {"decision": "attendre"}})
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    review(desk.workbook(name=SECOND), {("411QUAIAN", EUR): {"decision": "clore"}})
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    third = read_review(desk.workbook(name="sample_ledger-annotated-3.xlsx")).decisions.set_index("debtor_id")
    assert third.loc["411QUAIAN", "decision"] == "closed"


@pytest.mark.parametrize("kind", ["record", "send"])
def test_what_the_journal_holds_is_not_typed_again(desk: Desk, kind: str) -> None:
    """Once recorded, promises and calls are known to the plan: nothing is repeated, nothing is said to be left behind."""
    rows: Typed = {key: cells for key, cells in ROWS.items() if key[0] in {"411RELAIS", "411TRAITE"}}
    review(desk.workbook(), rows, CALLS)
    options = ("--as-of", DAY) if kind == "send" else ()
    assert desk.relance(kind, desk.workbook(), *options, "-q").code == 0
    events = len(desk.events())
    assert "celles de 0" not in " ".join(desk.relance("run", SAMPLE.name, "--as-of", DAY).out.split())
    assert len(read_review(desk.workbook(name=SECOND)).events) == 0
    assert codes(desk, "NOT-CARRIED") == []
    assert desk.relance("record", desk.workbook(name=SECOND), "-q").code == 0
    assert len(desk.events()) == events


def test_a_row_that_changed_is_named_with_its_cells(desk: Desk) -> None:
    """The ledger changed under a row: its hold is not carried over, and the problem names customer, cell and words."""
    review(desk.workbook(), {("411TRAITE", EUR): {"hold_until": dt.datetime(2026, 12, 10), "decision": "attendre"},
                             ("411QUAIAN", EUR): {"decision": "attendre"}})  # fmt: skip
    sheet = load_workbook(desk.workbook())["Revue"]
    at, letters = row(sheet, ("411TRAITE", EUR)), {code: column(sheet, code) for code in ("hold_until", "decision")}
    book = load_workbook(desk.folder / SAMPLE.name)
    page = book["Grand livre clients"]
    headings = next(cells for cells in page.iter_rows() if any(cell.value == "Solde dû" for cell in cells))
    place = next(cell.column for cell in headings if cell.value == "Solde dû")
    number = next(cell.row for cells in page.iter_rows() for cell in cells if cell.value == "FA26-0425")
    page.cell(number, place).value = 1253.6
    book.save(desk.folder / SAMPLE.name)
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    left = codes(desk, "NOT-CARRIED")
    assert sorted((one["row"], one["column"]) for one in left) == sorted(
        (at, letter_of(place)) for place in letters.values()
    )
    name = by_account(desk.plan())["411TRAITE", EUR]["name"]
    assert [one["message"].startswith(name) for one in left] == [True, True]
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "--out", "fresh", "-q").code == 0
    fresh, second = told(desk.folder / "fresh" / desk.workbook().name), told(desk.workbook(name=SECOND))
    changed = {one[:3] for one in set(second[0]) - set(fresh[0])}
    assert changed == {("411QUAIAN", EUR, "hold")}
    assert second[1:] == fresh[1:]


def test_a_saved_file_that_is_no_workbook_any_more_is_kept(desk: Desk) -> None:
    """What a person put in its place is left alone, the new workbook gets a number, and the terminal says so."""
    desk.workbook().write_bytes(b"something else")
    said = desk.relance("run", SAMPLE.name, "--as-of", DAY)
    assert (said.code, desk.workbook().read_bytes()) == (0, b"something else")
    assert desk.workbook(name=SECOND).exists()
    assert [one["code"] for one in desk.plan()["problems"] if one["code"].startswith("WORKBOOK-")] == ["WORKBOOK-KEPT"]
