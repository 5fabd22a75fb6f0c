"""Cells in error and formulas without results → a Problem or a refusal, never a blank amount in silence."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger import Cell, open_book, read
from tests.ledger.kit import codes, day, read_csv, read_rows, write_xlsx
from tests.ledger.old_files import changed, write_ods, write_xls, write_xlsb

HEADINGS: list[Cell | None] = [
    "Compte client",
    "Client",
    "N° facture",
    "Date facture",
    "Date d'échéance",
    "Montant TTC",
    "Solde dû",
]
SHEET = "xl/worksheets/sheet1.xml"


def line(number: str, owed: Cell | None, client: str = "411A", amount: Cell = 100) -> list[Cell | None]:
    """Return one row under the headings."""
    return [client, "Aulne", number, day("2026-09-30"), day("2026-10-30"), amount, owed]


def in_error(folder: Path, rows: Sequence[Sequence[Cell | None]]) -> Path:
    """Write an xlsx in which texts that look like errors are errors."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(folder / "ledger.xlsx")
    return folder / "ledger.xlsx"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "ods"])
def test_an_amount_in_error_leaves_its_row_out(tmp_path: Path, kind: str) -> None:
    """The reader gives such a cell as empty, which would count as nothing owed: it is named with its place instead."""
    rows: list[list[Cell | None]] = [HEADINGS, line("FA-1", 40), line("FA-2", "#REF!"), line("FA-3", "#N/A")]
    path = {
        "xlsx": lambda: in_error(tmp_path, rows),
        "xls": lambda: write_xls(tmp_path / "ledger.xls", {"O": rows}),  # type: ignore[dict-item]
        "xlsb": lambda: write_xlsb(tmp_path / "ledger.xlsb", "O", rows),  # type: ignore[arg-type]
        "ods": lambda: write_ods(tmp_path / "ledger.ods", {"O": rows}),  # type: ignore[dict-item]
    }[kind]()
    ledger = read(open_book(path), Reading())
    assert (ledger.items["number"].tolist(), ledger.source.left_out) == (["FA-1"], 2)
    assert [(each.code, each.source.row, each.source.column, each.source.excerpt) for each in ledger.problems] == [
        ("AMOUNT-UNREADABLE", 3, "G", "#REF!"),
        ("AMOUNT-UNREADABLE", 4, "G", "#N/A"),
    ]


def test_a_customer_in_error_is_no_customer(tmp_path: Path) -> None:
    """Two rows whose customer could not be looked up are not two invoices of one customer called #N/A."""
    rows = [
        row[:1] + row[2:] for row in (HEADINGS, line("FA-1", 40), line("FA-2", 50, "#N/A"), line("FA-3", 60, "#N/A"))
    ]
    ledger = read(open_book(in_error(tmp_path, rows)), Reading())
    assert (ledger.items["debtor_id"].tolist(), codes(ledger)) == (["411A"], ["CUSTOMER-MISSING", "CUSTOMER-MISSING"])


def refused(path: Path) -> tuple[str, int, str, Mapping[str, object]]:
    """Return code, row, column and facts of the refusal of a ledger."""
    with pytest.raises(RelanceError) as raised:
        read(open_book(path), Reading())
    return raised.value.code, raised.value.source.row, raised.value.source.column, raised.value.facts


def test_formulas_without_results_are_refused(tmp_path: Path) -> None:
    """A program wrote the balance as a formula and calculated nothing: the first such cell and their number are said."""
    rows: list[list[Cell | None]] = [
        HEADINGS,
        line("FA-1", "=F2-10"),
        line("FA-2", "=F3-20"),
        ["Total", *[None] * 5, "=SUM(G2:G3)"],
    ]
    assert refused(write_xlsx(tmp_path, {"Ouvert": rows})) == ("NOT-CALCULATED", 2, "G", {"n": 2})


@pytest.mark.parametrize(
    "cells",
    [
        b'<c r="G3" t="n"><f>F3-20</f></c>',
        b'<c r="J3"><f t="shared" ref="J3:J4" si="0">A3</f><v>1</v></c><c r="G3"><f t="shared" si="0"/><v></v></c>',
        b'<c r="G3" s="0"><f>F3</f><v/></c>',
        b"<c r='G3'><f>F3</f><v> </v></c>",
    ],
)
def test_ways_to_write_a_formula_without_result(tmp_path: Path, cells: bytes) -> None:
    """Without a value, with an empty one, shared with other cells, in an unusual spelling."""
    path = write_xlsx(tmp_path, {"Ouvert": [HEADINGS, line("FA-1", 40), line("FA-2", 55)]})
    assert refused(changed(path, {SHEET: (b'<c r="G3" t="n"><v>55</v></c>', cells)})) == (
        "NOT-CALCULATED", 3, "G", {"n": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    "cells",
    [
        b'<c r="G3" t="str"><f>IF(F3=0,F3,"")</f><v></v></c>',
        b'<c r="G3" t="str"><f>""</f><v/></c>',
        b'<c r="G3"><f>F3-45</f><v>55</v></c><c r="J3"><f>1+1</f><v/></c>',
    ],
)
def test_empty_texts_and_other_columns_are_no_missing_results(tmp_path: Path, cells: bytes) -> None:
    """A formula that gives "" has its result; one beside the table does not matter."""
    path = write_xlsx(tmp_path, {"Ouvert": [HEADINGS, line("FA-1", 40), line("FA-2", 55)]})
    ledger = read(open_book(changed(path, {SHEET: (b'<c r="G3" t="n"><v>55</v></c>', cells)})), Reading())
    assert len(ledger.items) == 2


@pytest.mark.parametrize(("other", "expected"), [(b"0", "NOT-CALCULATED"), (b"40", "")])
def test_a_zero_that_stands_in_for_every_result(tmp_path: Path, other: bytes, expected: str) -> None:
    """Some programs write 0 as the result of all formulas and ask for a calculation on opening: then 0 is no balance."""
    path = write_xlsx(tmp_path, {"Ouvert": [HEADINGS, line("FA-1", "=F2-60"), line("FA-2", "=F3-100")]})
    with zipfile.ZipFile(path) as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")
    path = changed(path, {SHEET: (b"<f>F2-60</f><v></v>", b"<f>F2-60</f><v>" + other + b"</v>")})
    path = changed(path, {SHEET: (b"<f>F3-100</f><v></v>", b"<f>F3-100</f><v>0</v>")})
    if expected:
        assert refused(path)[0] == expected
    else:
        assert read(open_book(path), Reading()).items["open"].tolist() == [4000, 0]


def test_a_workbook_that_only_the_second_reader_can_open(tmp_path: Path) -> None:
    """A part in UTF-16 stops the first reader; the second one reads on, and that is said with the totals to compare."""
    path = write_xlsx(tmp_path, {"Ouvert": [HEADINGS, line("FA-1", 40)]})
    relations = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(path) as package:
        text = package.read(relations).decode()
    ledger = read(open_book(changed(path, {}, {relations: text.encode("utf-16")})), Reading())
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([4000], ["SECOND-READER"])


def test_a_separator_inside_a_text_moves_the_rest_of_its_row(tmp_path: Path) -> None:
    """The name "Bouleau; fils" without quotation marks puts the amount under the balance: 100.00 instead of 40.00, so the row is left out."""
    ledger = read_csv(
        tmp_path,
        f"""{";".join(map(str, HEADINGS))}
        411A;Aulne;FA-1;30/09/2026;30/10/2026;100,00;40,00
        411B;Bouleau; fils;FA-2;30/09/2026;30/10/2026;100,00;40,00
        411C;Cèdre;FA-3;30/09/2026;30/10/2026;100,00;50,00;""",
    )
    assert (ledger.items["number"].tolist(), ledger.source.left_out) == (["FA-1", "FA-3"], 1)
    assert ("ROW-SHIFTED", 3) in [(problem.code, problem.source.row) for problem in ledger.problems]


def test_a_column_without_a_heading_shifts_nothing(tmp_path: Path) -> None:
    """When every row reaches beyond the headings, that is one more column."""
    ledger = read_csv(
        tmp_path,
        f"""{";".join(map(str, HEADINGS))}
        411A;Aulne;FA-1;30/09/2026;30/10/2026;100,00;40,00;x
        411B;Bouleau;FA-2;30/09/2026;30/10/2026;100,00;40,00;x""",
    )
    assert (len(ledger.items), codes(ledger)) == (2, [])


def test_a_blank_balance_is_still_a_blank(tmp_path: Path) -> None:
    """What was never filled in is not an error: it is counted and said as before."""
    assert "BALANCE-BLANK" in codes(read_rows(tmp_path, [HEADINGS, line("FA-1", 40), line("FA-2", None)]))
