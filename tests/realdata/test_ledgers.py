"""Ledgers that nobody here wrote: the figures known of them come out, and every odd file is read or refused by name.

The files are found by the variable RELANCE_REALDATA; where it is not set these tests are skipped.
"""

import calendar
import csv
import datetime as dt
import os
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger, LedgerFile
from batch.ledger import open_book, read
from batch.ledger.cells.dates import read_day
from batch.ledger.cells.formats import currencies_of_cells

FOLDER = Path(os.environ.get("RELANCE_REALDATA", ""))
IBM = FOLDER / "ledgers" / "ibm_ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"
HIGHRADIUS = FOLDER / "ledgers" / "highradius" / "open_items_with_currency.csv"

pytestmark = pytest.mark.skipif(not os.environ.get("RELANCE_REALDATA"), reason="RELANCE_REALDATA names no folder")


def files(*folders: str) -> list[Path]:
    """Return the files of these folders that a user might give."""
    if not os.environ.get("RELANCE_REALDATA"):
        return []
    found = [path for folder in folders for path in sorted((FOLDER / folder).iterdir())]
    return [path for path in found if path.is_file() and path.suffix != ".md"]


@pytest.fixture(scope="module", name="ibm")
def fixture_ibm() -> Ledger:
    """Read 2,466 invoices with dates as month/day/year."""
    return read(open_book(IBM), Reading(currency="USD"))


@pytest.fixture(scope="module", name="highradius")
def fixture_highradius() -> Ledger:
    """Read 9,700 open items in two currencies."""
    return read(open_book(HIGHRADIUS), Reading())


@pytest.mark.parametrize(
    ("day", "items", "customers", "amount", "late", "late_amount"),
    [
        ("2012-06-01", 105, 64, 628516, 13, 79270),
        ("2012-12-31", 99, 61, 572506, 13, 78874),
        ("2013-03-31", 94, 57, 590374, None, None),
        ("2013-06-30", 84, 52, 511985, 12, 83556),
        ("2013-09-01", 82, 51, 519823, 6, 43703),
    ],
)
def test_ibm_open_items_as_of_a_day(
    ibm: Ledger, day: str, items: int, customers: int, amount: int, late: int | None, late_amount: int | None
) -> None:
    """Issued by the end of the day and settled after it: the published figures, to the cent."""
    at = pd.Timestamp(day)
    table = ibm.items
    still_open = table[(table["issued"] <= at) & (table["paid_on"] > at)]
    overdue = still_open[still_open["due"] < at]
    assert (len(still_open), still_open["debtor_id"].nunique(), still_open["amount"].sum()) == (
        items,
        customers,
        amount,
    )
    if late is not None:
        assert (len(overdue), overdue["amount"].sum()) == (late, late_amount)


def test_ibm_is_read_whole(ibm: Ledger) -> None:
    """Every row, month first without asking, leading zeros kept, disputes, all due 30 days after the invoice."""
    table = ibm.items
    assert (len(table), ibm.source.left_out, len(ibm.debtors), ibm.problems) == (2466, 0, 100, ())
    assert table["number"].tolist()[:2] == ["0000611365", "0007900770"]
    assert int(table["disputed"].sum()) == 561
    assert (table["due"] - table["issued"]).dt.days.unique().tolist() == [30]
    assert (int(table["open"].sum()), int(table["paid_on"].isna().sum()), ibm.source.has_email) == (0, 0, False)


@pytest.mark.parametrize(("day", "items", "customers"), [("2020-04-01", 5134, 525), ("2020-05-01", 8832, 640)])
def test_highradius_items_posted_by_a_day(highradius: Ledger, day: str, items: int, customers: int) -> None:
    """Issued is the posting date, the customer is the number."""
    posted = highradius.items[highradius.items["issued"] <= pd.Timestamp(day)]
    assert (len(posted), posted["debtor_id"].nunique()) == (items, customers)


def test_highradius_sums_are_those_of_the_file(highradius: Ledger) -> None:
    """9,700 items of 664 customers; each currency's sum equals the column added up as decimals, and so does its reconciliation.

    399 renamed customers and 41 names under several numbers are said, both counted with csv and a Counter of each number's
    first name.
    """
    sums: dict[str, Decimal] = {}
    with HIGHRADIUS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sums[row["invoice_currency"]] = sums.get(row["invoice_currency"], Decimal(0)) + Decimal(
                row["total_open_amount"]
            )
    found = highradius.items.groupby("currency")["open"].sum()
    assert {code: Decimal(int(minor)) / 100 for code, minor in found.items()} == sums
    assert (len(highradius.items), highradius.source.left_out, len(highradius.debtors)) == (9700, 0, 664)
    # 32 rows counted with csv: posting_date after due_in_date.
    noted = [(problem.code, problem.facts["n"]) for problem in highradius.problems]
    assert noted == [("NAMES-DIFFER", 399), ("NAME-SHARED", 41), ("DUE-BEFORE-ISSUE", 32)]
    reconciled = highradius.source.reconciliation
    assert {each.currency: Decimal(each.source) / 100 for each in reconciled} == sums
    assert [(each.source - each.taken, each.difference, each.unread) for each in reconciled] == [(0, 0, 0), (0, 0, 0)]


@pytest.mark.parametrize("path", files("ledgers/header_zoo", "odd"), ids=lambda path: path.name)
def test_every_file_is_read_or_refused_by_name(path: Path) -> None:
    """Never a traceback: every row of the table is an item or counted as left out, or one RelanceError names the file."""
    try:
        source = read(open_book(path), Reading()).source
    except RelanceError as refused:
        source = LedgerFile(refused.source.file, "", "", 0, 0, 0, 0, None)
    assert source.file == path.name
    assert 0 <= source.left_out <= source.rows


@pytest.mark.parametrize(
    ("name", "sums"),
    [
        ("cassia_ar.csv", {"EUR": 27500000}),
        ("ledgershield_ar.csv", {"EUR": 5660000}),
        (
            "treasury_ar.csv",
            {"AUD": 1593211800, "EUR": 1871306000, "GBP": 2118476500, "SGD": 1904852400, "USD": 1748896300},
        ),
        ("saurav_aging_report.xlsx", {"EUR": 2217000}),
    ],
)
def test_totals_of_small_ledgers(name: str, sums: dict[str, int]) -> None:
    """What is open in each, in cents of the currency its rows name or of the settings."""
    ledger = read(open_book(FOLDER / "ledgers" / "header_zoo" / name), Reading())
    assert ledger.items.groupby("currency")["open"].sum().to_dict() == sums


def other_readings(text: str) -> set[dt.date]:
    """Return every day that a cell of the Australian ledger may mean."""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        first, second, year = map(int, found.groups())
        return {dt.date(year, month, day) for day, month in ((first, second), (second, first)) if month <= 12}
    if found := re.fullmatch(r"(\d{4})/(\d\d)/(\d\d)", text):
        return {dt.date(*map(int, found.groups()))}
    number, name, of_year = text.split("-")
    return {dt.date(int(of_year), list(calendar.month_abbr).index(name), int(number))}


def test_an_australian_ledger_that_mixes_orders_of_dates() -> None:
    """2,571 invoices, seventy of them month first: every day read right, the terms of the customers' own file being the judge.

    Worked out apart from the reader with csv, Decimal and the terms in DimCustomer_raw.csv (14 or 30 days): for 2,570 rows just
    one pair of issue and due days is so many days apart; what is open adds up to 2,097,606.42.
    """
    folder = FOLDER / "ledgers" / "dirty_au"
    ledger = read(open_book(folder / "FactInvoice_raw.csv"), Reading(currency="AUD"))
    with (folder / "DimCustomer_raw.csv").open(encoding="utf-8") as file:
        terms = {
            row["customer_id"]: int(row["payment_terms_days"].split()[0]) for row in list(csv.DictReader(file))[::-1]
        }
    with (folder / "FactInvoice_raw.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = zip(ledger.items["issued"].dt.date, ledger.items["due"].dt.date, strict=True)
    judged = 0
    for row, read_as in zip(rows, items, strict=True):
        issued, due = other_readings(row["issue_date"]), other_readings(row["due_date"])
        usual = dt.timedelta(terms.get(row["customer_id"], -1))  # one customer is not in that file
        pairs = {(one, other) for one in issued for other in due if other - one == usual}
        if len(pairs) == 1:
            assert pairs == {read_as}
            judged += 1
    assert (judged, ledger.source.left_out, ledger.items["open"].sum()) == (2570, 0, 209760642)
    mixed = [problem.facts for problem in ledger.problems if problem.code == "DATE-ORDER-MIXED"]
    assert [(facts["plain"], facts["against"], facts["n"]) for facts in mixed] == [
        (1371, 54, 886),
        (1362, 70, 855),
        (924, 34, 503),
    ]
    assert [(facts["settled"], facts["left"]) for facts in mixed] == [(886, None), (855, None), (None, 503)]


def test_australian_dollars_are_no_american_ones_once_the_settings_say_so() -> None:
    """Without a word from the settings a bare $ is taken for the United States', and the rows without sign are counted."""
    path = FOLDER / "ledgers" / "dirty_au" / "FactInvoice_raw.csv"
    (said,) = [problem for problem in read(open_book(path), Reading()).problems if problem.code == "CURRENCY-PARTLY"]
    assert (said.facts["currency"], said.facts["named"]) == ("USD", ["USD"])
    assert set(read(open_book(path), Reading(currency="AUD")).items["currency"]) == {"AUD"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("calamine__date_iso.xlsx", [dt.date(2021, 1, 1), dt.date(2021, 1, 1), None]),
        ("readxl__big-texty-numbers-xlsx.xlsx", [None, None, None]),
    ],
)
def test_cells_of_odd_workbooks_as_days(name: str, found: list[dt.date | None]) -> None:
    """ISO dates with and without a time are days; a time alone, a heading and 2,147,483,647 are none (seen in the files' XML)."""
    cells = [row[0] for row in open_book(FOLDER / "odd" / name).sheets[0].rows[:3]]
    assert [read_day(cell, "dmy") for cell in cells] == found


def test_a_number_format_in_two_parts_names_no_currency() -> None:
    """0.0_);[RED](0.0) is about brackets and colours."""
    path = FOLDER / "odd" / "tabulator-py__number_format_multicode.xlsx"
    assert currencies_of_cells(path, "Sheet1", {"amount": "A"}, "EUR") == {}
