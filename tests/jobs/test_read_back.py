"""The annotated workbook as people hand it back: saved by another program, rearranged, of another week, with cells that were typed over."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.problem import RelanceError
from batch.words import for_language
from batch.workbook.decisions import Reviewed, read_review
from batch.workbook.layout import FIRST_ROW, HEADER_ROW, letter_of
from tests.jobs.desk import DAY, SAMPLE, Desk, ledger, review
from tests.jobs.test_refusals import find
from tests.workbook.reviewing import column, row

if TYPE_CHECKING:
    from tests.workbook.reviewing import Typed

EUR = "EUR"
NBSP, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
ROWS: "Typed" = {
    ("411SALLES", EUR): {"decision": "envoyer"},
    ("411QUAIAN", EUR): {"decision": "attendre"},
    ("411BRETAG", EUR): {"decision": "clore", "note": "vu avec la gérante"},
    ("411MONTRE", EUR): {"decision": "passer", "standing_typed": "en difficulté"},
    ("411RELAIS", EUR): {"promise_date": dt.datetime(2026, 12, 1), "promise_amount": 2000.5, "note": "au téléphone"},
    ("411TRAITE", EUR): {"email_typed": "direction@traiteur.example", "dispute": "toutes"},
    ("411SPORTS", EUR): {"hold_until": dt.datetime(2026, 12, 10)},
    ("411SCIERI", EUR): {"step_done": "relance 2", "step_done_on": dt.datetime(2026, 11, 3)},
}
CALLS: "Typed" = {
    ("411VERRES", EUR): {"call_result": "promesse", "call_on": dt.datetime(2026, 11, 20), "call_amount": 2865, "call_until": dt.datetime(2026, 11, 30), "call_note": "rappeler Mme B."},
    ("411ZINGUE", EUR): {"call_result": "pas de réponse"},
}  # fmt: skip
# The same, as pasted from elsewhere: stray and no-break spaces, days and figures as texts.
PASTED: "Typed" = {
    ("411SALLES", EUR): {"decision": f"{NBSP}Envoyer "},
    ("411QUAIAN", EUR): {"decision": f"ATTENDRE{NARROW}"},
    ("411BRETAG", EUR): {"decision": "  clore", "note": f" vu avec la gérante{NBSP}"},
    ("411MONTRE", EUR): {"decision": "passer\n", "standing_typed": f"en{NBSP}difficulté"},
    ("411RELAIS", EUR): {"promise_date": f"1er décembre{NBSP}2026", "promise_amount": f"2{NARROW}000,50{NBSP}€", "note": "au téléphone"},
    ("411TRAITE", EUR): {"email_typed": f"{NBSP}<direction@traiteur.example> ", "dispute": f"Toutes{NBSP}"},
    ("411SPORTS", EUR): {"hold_until": f"{NBSP}10/12/2026"},
    ("411SCIERI", EUR): {"step_done": f"Relance{NBSP}2", "step_done_on": "2026-11-03"},
}  # fmt: skip
PASTED_CALLS: "Typed" = {
    ("411VERRES", EUR): {"call_result": f"Promesse{NBSP}", "call_on": "20/11/2026", "call_amount": "2865.00", "call_until": "30.11.2026", "call_note": "rappeler Mme B."},
    ("411ZINGUE", EUR): {"call_result": f"pas de{NARROW}réponse"},
}  # fmt: skip


def told(reviewed: Reviewed, *, without: str = "nobody") -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return decisions (but their rows) and events, in an order of their own, but those of one customer."""
    tables = (reviewed.decisions.drop(columns="row"), reviewed.events)
    rows = [[tuple(map(str, each)) for each in table.itertuples(index=False, name=None)] for table in tables]
    return sorted(one for one in rows[0] if without not in one), sorted(one for one in rows[1] if without not in one)


def rearranged(path: Path) -> Path:
    """Do with the real workbook what people do: sort, filter, insert columns and rows, delete a row, hide sheets, rename the file."""
    book = load_workbook(path)
    sheet = book["Revue"]
    last, names = sheet.max_row, column(sheet, "name")
    body = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=FIRST_ROW, max_row=last)]
    body.sort(key=lambda values: str(values[names - 1]), reverse=True)
    for number, values in enumerate(body, start=FIRST_ROW):
        for place, value in enumerate(values, start=1):
            sheet.cell(number, place).value = value
    sheet.delete_rows(row(sheet, ("411CAFEGR", EUR)))
    sheet.auto_filter.add_filter_column(1, ["EUR"])
    for number in range(FIRST_ROW + 5, last):
        sheet.row_dimensions[number].hidden = True
    sheet.insert_cols(3, 2)
    sheet.cell(HEADER_ROW, 3).value = "Vu par"
    sheet.insert_rows(1, 3)
    for name in ("Synthèse", "Problèmes", "À propos"):
        book[name].sheet_state = "hidden"
    book["Revue"].title = "Ma revue du lundi"
    book.save(path.with_name("relu par Sophie.xlsx"))
    return path.with_name("relu par Sophie.xlsx")


def test_saved_by_libreoffice_as_xlsx_and_as_ods(desk: Desk, libreoffice: Callable[..., Path]) -> None:
    """LibreOffice's xlsx reads the same, cell for cell; its ods is refused, and the message says what to save it as."""
    review(desk.workbook(), ROWS, CALLS)
    plain = read_review(desk.workbook())
    assert len(plain.events) == 10
    saved = read_review(libreoffice(desk.workbook()))
    assert told(saved) == told(plain)
    assert (saved.problems, plain.problems) == ((), ())
    other = libreoffice(desk.workbook(), "ods")
    said = desk.relance("record", other)
    assert (said.code, said.out, desk.events()) == (1, "", [])
    assert said.err.startswith("WORKBOOK-OTHER-FORMAT  sample_ledger-annotated.ods")
    assert ".xlsx" in said.err


def test_rearranged_and_pasted_reads_the_same(desk: Desk, libreoffice: Callable[..., Path]) -> None:
    """Sorted, filtered, with columns and rows in between, a row less, sheets hidden, renamed, and every value pasted as text."""
    pasted = desk.workbook().with_name("pasted.xlsx")
    shutil.copy(desk.workbook(), pasted)
    review(desk.workbook(), ROWS, CALLS)
    review(pasted, PASTED, PASTED_CALLS)
    plain = told(read_review(desk.workbook()), without="411CAFEGR")
    found = rearranged(pasted)
    for path in (found, libreoffice(found)):
        reviewed = read_review(path)
        assert reviewed.problems == ()
        assert told(reviewed) == plain


def refused(desk: Desk, *arguments: object) -> str:
    """Return the first line of what a refused call said; nothing left and nothing was journalled."""
    said = desk.relance(*arguments)
    assert (said.code, said.out, desk.mails(), desk.events()) == (1, "", {}, [])
    return said.err.splitlines()[0]


@pytest.mark.parametrize(("sheet", "code"), [("À propos", "ABOUT-MISSING"), ("Revue", "REVIEW-MISSING")])
def test_a_sheet_that_is_gone(desk: Desk, sheet: str, code: str) -> None:
    """Without its About or its Review sheet a workbook is refused by name, whatever the command."""
    book = load_workbook(desk.workbook())
    del book[sheet]
    book.save(desk.workbook())
    for command in (("record", desk.workbook()), ("send", desk.workbook(), "--as-of", DAY)):
        assert refused(desk, *command).startswith(f"{code}  ")


@pytest.mark.parametrize(
    ("sheet", "was", "code", "named"),
    [
        ("Revue", "Décision", "REVIEW-HEADING", "Décision"),
        ("Grand livre clients", None, "LEDGER-SHEET-GONE", "Grand livre clients"),
    ],
)
def test_a_heading_or_sheet_of_another_name(desk: Desk, sheet: str, was: str | None, code: str, named: str) -> None:
    """What was renamed is named, and the settings are not blamed for it."""
    book = load_workbook(desk.workbook())
    if was is None:
        book[sheet].title = "Clients"
    else:
        next(cell for cells in book[sheet].iter_rows() for cell in cells if cell.value == was).value = "Mon avis"
    book.save(desk.workbook())
    before = desk.listing()
    said = desk.relance("send", desk.workbook(), "--as-of", DAY)
    assert (said.code, said.out, desk.listing()) == (1, "", before)
    assert said.err.startswith(f"{code}  ")
    assert named in said.err
    assert "relance.toml" not in said.err


def test_settings_that_were_moved(empty_desk: Desk) -> None:
    """The workbook names the settings it was made with; the remedy, said as it stands there, works."""
    desk = empty_desk
    late = ledger(desk.folder, "4111;Client A;a@client.example;;FA-1;30/09/2026;30/10/2026;120,00;120,00;;EUR;")
    assert desk.relance("run", late, "--as-of", DAY, "-q").code == 0
    reviewed = desk.workbook(name="ledger-annotated.xlsx")
    moved = (desk.folder / "relance.toml").rename(desk.folder / "réglages.toml")
    assert refused(desk, "send", reviewed, "--as-of", DAY).startswith("WORKBOOK-SETTINGS  ")
    said = desk.relance("send", reviewed, "--config", moved, "--as-of", DAY, "--dry-run")
    assert (said.code, said.err) == (0, "")


def test_an_about_sheet_with_a_line_less(desk: Desk) -> None:
    """A journal's name deleted from About is not guessed."""
    book = load_workbook(desk.workbook())
    sheet = book["À propos"]
    sheet.delete_rows(next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == "journal_id"))
    book.save(desk.workbook())
    assert refused(desk, "record", desk.workbook()).startswith("ABOUT-MISSING  ")


def test_a_newer_run_in_the_same_folder(desk: Desk) -> None:
    """After a second run the first workbook sends nothing and names the second; what was typed in it can still be recorded."""
    review(desk.workbook(), ROWS, CALLS)
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    said = refused(desk, "send", desk.workbook(), "--as-of", DAY)
    assert said.startswith("WORKBOOK-SUPERSEDED  ")
    assert desk.relance("record", desk.workbook(), "-q").code == 0
    assert len(desk.events()) == 10
    second = desk.workbook(name="sample_ledger-annotated-2.xlsx")
    assert desk.relance("send", second, "--as-of", DAY, "--dry-run", "-q").code == 0


def test_a_newer_run_of_another_day(desk: Desk) -> None:
    """Monday's run makes Friday's workbook the older plan, once Monday has come; a trial of days to come does not."""
    assert desk.relance("run", SAMPLE.name, "--as-of", "2026-11-23", "-q").code == 0
    assert refused(desk, "send", desk.workbook(), "--as-of", "2026-11-23").startswith("WORKBOOK-SUPERSEDED  ")
    assert desk.relance("send", desk.workbook(), "--as-of", DAY, "--dry-run", "-q").code == 0


def test_a_newer_workbook_that_was_recorded_elsewhere(desk: Desk, tmp_path: Path) -> None:
    """The journal knows that a later workbook of the same invoices has been worked with, wherever its file is."""
    assert desk.relance("run", SAMPLE.name, "--as-of", "2026-11-23", "--out", tmp_path / "far", "-q").code == 0
    assert desk.relance("record", tmp_path / "far" / desk.workbook().name, "-q").code == 0
    said = refused(desk, "send", desk.workbook(), "--as-of", "2026-11-23")
    assert said.startswith("WORKBOOK-OVERTAKEN  ")


def test_a_ledger_cell_that_was_typed_over(desk: Desk) -> None:
    """The cell is named with what it said before; its customer gets nothing, the others do."""
    book = load_workbook(desk.workbook())
    sheet = book["Grand livre clients"]
    at, place = find(sheet, "FA26-0425").row, find(sheet, "Solde dû").column
    sheet.cell(at, place).value = 1253.6
    book.save(desk.workbook())
    said = desk.relance("send", desk.workbook(), "--as-of", DAY, "--json").document
    edited = [one for one in said["problems"] if one["code"] == "LEDGER-EDITED"]
    assert [(one["sheet"], one["row"], one["column"]) for one in edited] == [
        ("Grand livre clients", at, letter_of(place))
    ]
    message = edited[0]["message"].replace(NARROW, " ").replace(NBSP, " ")
    assert "2 253,60 €" in message
    assert "1 253,60 €" in message
    outcomes = {mail["debtor_id"]: mail["outcome"] for mail in said["mails"]}
    assert (outcomes["411TRAITE"], outcomes["411COLLEG"]) == ("left", "sent")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("debtor_id", "411QUAIAN"), ("debtor_id", "411 TRAITE"), ("currency", "USD"), ("step_code", "formal_notice"),
        ("standing_code", "dishonest"), ("digest", "0" * 16), ("numbers", "FA26-0001"), ("decision_code", "hold"), ("seal", None),
    ],
)  # fmt: skip
def test_a_cell_that_only_relance_writes(desk: Desk, code: str, value: str | None) -> None:
    """Each is named when it was changed; nothing of the row is recorded or sent, and no other row suffers."""
    review(desk.workbook(), {("411TRAITE", EUR): {"hold_until": dt.datetime(2026, 12, 10)}})
    book = load_workbook(desk.workbook())
    sheet = book["Revue"]
    at, place = row(sheet, ("411TRAITE", EUR)), column(sheet, code)
    sheet.cell(at, place).value = value
    book.save(desk.workbook())
    said = desk.relance("send", desk.workbook(), "--as-of", DAY, "--json").document
    found = [(one["row"], one["column"]) for one in said["problems"] if one["code"] == "ROW-ALTERED"]
    assert (at, letter_of(place)) in found
    assert [event for event in desk.events() if event[4] == "held"] == []
    sent = {mail["debtor_id"] for mail in said["mails"] if mail["outcome"] == "sent"}
    assert "411TRAITE" not in sent
    assert {"411COLLEG", "411MONTRE"} <= sent


def test_one_column_sorted_without_the_others(desk: Desk) -> None:
    """Customers sorted apart from their rows: every row that moved is named, and nothing is sent under another's name."""
    book = load_workbook(desk.workbook())
    sheet = book["Revue"]
    before = names(sheet)
    for number, name in enumerate(sorted(before), start=FIRST_ROW):
        sheet.cell(number, 1).value = name
    moved = sum(one != other for one, other in zip(before, sorted(before), strict=True))
    book.save(desk.workbook())
    said: Any = desk.relance("send", desk.workbook(), "--as-of", DAY, "--dry-run", "--json").document
    assert len([one for one in said["problems"] if one["code"] == "ROW-ALTERED"]) == moved
    assert len([mail for mail in said["mails"] if mail["outcome"] == "ready"]) <= len(before) - moved


def names(sheet: Worksheet) -> list[str]:
    """Return the customers' numbers, from top to bottom."""
    return [str(cells[0].value) for cells in sheet.iter_rows(min_row=FIRST_ROW) if cells[0].value]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_words_of_the_format_name_the_remedy(language: str, tmp_path: Path) -> None:
    """An xls, known by how it begins, is refused in both languages with what to save it as."""
    old = tmp_path / "old.xls"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    with pytest.raises(RelanceError) as found:
        read_review(old)
    assert found.value.code == "WORKBOOK-OTHER-FORMAT"
    assert ".xlsx" in for_language(language).problem(found.value)[1]
