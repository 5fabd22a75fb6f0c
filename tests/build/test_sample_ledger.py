"""The committed sample ledger is what its script makes, and holds what the manual says it holds."""

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.build.sample_ledger import HEADER_ROW, HEADINGS, LEDGER_SHEET, NOTES_SHEET, build
from tests.build.sample_lines import Line, ledger_lines, read_debtors

COMMITTED = Path(__file__).resolve().parents[2] / "sample_ledger.xlsx"
AS_OF = dt.date(2026, 11, 20)
# Numbers kept for fiction: ARCEP (France), Ofcom (United Kingdom), North American plan, Bundesnetzagentur (Germany).
FICTIONAL = re.compile(
    r"(01 99 00|02 61 91|06 39 98) \d\d \d\d|\+44 20 7946 0\d{3}|\+1 \d{3} 555 01\d\d|\+49 221 4710 \d{3}"
)


@pytest.fixture(scope="module")
def committed() -> Workbook:
    """Return the committed workbook."""
    return load_workbook(COMMITTED)


@pytest.fixture(scope="module")
def rows(committed: Workbook) -> list[dict[str, object]]:
    """Return the ledger's lines as heading → value, totals aside."""
    sheet = committed[LEDGER_SHEET]
    values = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return [dict(zip(HEADINGS, row, strict=True)) for row in values if not str(row[0]).startswith("Total")]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """Return the lines as the script draws them, before they are written."""
    return ledger_lines(read_debtors())


def drawn(sheet: Worksheet) -> dict[str, tuple[object, ...]]:
    """Return every cell's value, number format, weight and comment."""
    return {
        cell.coordinate: (cell.value, cell.number_format, cell.font.b, cell.comment and cell.comment.text)
        for row in sheet.iter_rows()
        for cell in row
    }


def test_two_builds_are_the_same_file() -> None:
    """No clock, chance or order of a set gets into the file."""
    assert build() == build()


def test_the_committed_file_is_what_the_script_makes(committed: Workbook) -> None:
    """Cell by cell, with widths, filter and frozen panes: who changes one, changes the other."""
    made = load_workbook(io.BytesIO(build()))
    assert committed.sheetnames == made.sheetnames
    for name in made.sheetnames:
        ours, theirs = made[name], committed[name]
        assert drawn(theirs) == drawn(ours)
        widths = [
            {letter: column.width for letter, column in sheet.column_dimensions.items()} for sheet in (theirs, ours)
        ]
        assert widths[0] == widths[1]
        assert (theirs.freeze_panes, theirs.auto_filter.ref) == (ours.freeze_panes, ours.auto_filter.ref)


def test_the_head_of_the_sheet(committed: Workbook) -> None:
    """Three title rows and an empty one stand above the headings, which stay in sight and carry the filter."""
    sheet = committed[LEDGER_SHEET]
    assert [sheet.cell(row, 1).value is None for row in range(1, 5)] == [False, False, False, True]
    assert [cell.value for cell in sheet[HEADER_ROW]] == HEADINGS
    assert sheet.freeze_panes == "C6"
    assert sheet.auto_filter.ref == f"A5:T{sheet.max_row - 2}"


def test_size_and_span(rows: list[dict[str, object]], lines: list[Line]) -> None:
    """About 60 debtors and 250 lines over 18 months, nothing dated after the edition."""
    assert len({row["Compte client"] for row in rows}) == len(read_debtors()) == 61
    assert 240 <= len(rows) <= 275
    assert min(line.issued for line in lines) < dt.date(2025, 6, 30)
    assert max(line.issued for line in lines) < AS_OF
    assert max(line.paid for line in lines if line.paid) < AS_OF
    assert max(line.reminded for line in lines if line.reminded) < AS_OF


def test_numbers_are_unique_and_climb(lines: list[Line]) -> None:
    """A piece has one number, and a later invoice a higher one."""
    assert [number for number, count in Counter(line.number for line in lines).items() if count > 1] == []
    invoices = sorted((line for line in lines if line.number.startswith("FA")), key=lambda line: line.number)
    assert [line.issued for line in invoices] == sorted(line.issued for line in invoices)


def test_kinds_of_lines(lines: list[Line]) -> None:
    """There are credit notes, used and open, part payments and one payment that nobody allocated."""
    assert sorted(line.left != 0 for line in lines if line.kind == "Avoir") == [False, False, True]
    assert [line.account for line in lines if line.kind == "Règlement"] == ["411BOULAN"]
    part_paid = {line.account for line in lines if line.kind == "Facture" and 0 < line.left < line.amount}
    assert part_paid == {"411AGENCE", "411BISTRO", "411LITERI", "411PRESSI"}


def test_kinds_of_debtors(rows: list[dict[str, object]]) -> None:
    """A consumer, public bodies, customers abroad, two currencies for one of them, one without an e-mail address."""
    having = {
        heading: {value: {row["Compte client"] for row in rows if row[heading] == value} for value in values}
        for heading, values in {
            "Nature": ("Particulier", "Public"), "Pays": ("DE", "GB", "US"), "Devise": ("EUR", "USD"), "Email": (None,),
        }.items()
    }  # fmt: skip
    assert having["Nature"] == {"Particulier": {"411KERVAD"}, "Public": {"411MONTRE", "411COLLEG", "411MUSEEB"}}
    assert having["Pays"] == {"DE": {"411RHEINW"}, "GB": {"411WILLOW"}, "US": {"411HARBOR"}}
    assert having["Devise"]["EUR"] & having["Devise"]["USD"] == {"411HARBOR"}
    assert having["Email"] == {None: {"411SERRUR"}}


def test_nobody_real_can_be_reached(rows: list[dict[str, object]]) -> None:
    """Addresses end in .example (RFC 2606), telephone numbers are kept for fiction."""
    assert [row["Email"] for row in rows if row["Email"] and not str(row["Email"]).endswith(".example")] == []
    assert [row["Téléphone"] for row in rows if not FICTIONAL.fullmatch(str(row["Téléphone"]))] == []


def test_two_mistakes(rows: list[dict[str, object]]) -> None:
    """One amount is typed with a letter O, one due date is on no calendar; everything else has its own type."""
    amounts = [row["Solde dû"] for row in rows if not isinstance(row["Solde dû"], int | float)]
    days = [row["Date d'échéance"] for row in rows if not isinstance(row["Date d'échéance"], dt.datetime)]
    assert (amounts, days) == (["1 234,5O"], ["31/11/2026"])


def test_totals(committed: Workbook, lines: list[Line]) -> None:
    """The last two lines are the accounting tool's own totals, by currency; the mistyped amount is in them."""
    sheet = committed[LEDGER_SHEET]
    columns = [HEADINGS.index(heading) + 1 for heading in ("Compte client", "Montant TTC", "Solde dû")]
    shown = [tuple(sheet.cell(row, column).value for column in columns) for row in (sheet.max_row - 1, sheet.max_row)]
    summed: list[tuple[str, float, float]] = []
    for currency in ("EUR", "USD"):
        counted = [line for line in lines if line.currency == currency]
        total, left = sum(line.amount for line in counted), sum(line.left for line in counted)
        summed.append((f"Total général {currency}", float(total), float(left)))
    assert shown == summed
    assert 180_000 < summed[0][2] < 260_000


def test_the_firms_own_sheet(committed: Workbook) -> None:
    """The second sheet has formulas, a chart, a comment and a defined name: all must come back from a run."""
    sheet = committed[NOTES_SHEET]
    assert sheet["B17"].value == "=SUM(B4:B15)"
    assert str(sheet["B4"].value).startswith("=SUMIFS('Grand livre clients'!$M$6:$M$")
    assert sheet["B17"].comment is not None
    with zipfile.ZipFile(COMMITTED) as package:
        assert [name for name in package.namelist() if "/charts/" in name] == ["xl/charts/chart1.xml"]
    assert committed.defined_names["Encaissements_12_mois"].attr_text == "Notes!$B$17"
