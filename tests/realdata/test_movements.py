"""Books of movements and bookkeeping files that nobody here wrote: balances worked out with other tools, or refused by name.

The files are found by the variable RELANCE_REALDATA; where it is not set these tests are skipped.
"""

import csv
import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

from batch.core.aging import as_they_stood
from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import open_book, read

FOLDER = Path(os.environ.get("RELANCE_REALDATA", "")) / "ledgers"

pytestmark = pytest.mark.skipif(not os.environ.get("RELANCE_REALDATA"), reason="RELANCE_REALDATA names no folder")


@pytest.fixture(scope="module", name="movements")
def fixture_movements() -> Ledger:
    """Read 115,870 movements, with a running balance for each receivable beside them."""
    return read(open_book(FOLDER / "movements_115k" / "AR.xlsx"), Reading())


@pytest.mark.parametrize(
    ("day", "total", "receivables", "customers"),
    [
        ("2021-03-31", 340861547, 1849, {"RET001": 69750176, "RET002": 68947624, "RET003": 63308754, "RET004": 67136991, "RET005": 71718002}),
        ("2021-12-31", 325259916, 1816, {"RET001": 67407935, "RET002": 56601584, "RET003": 65830817, "RET004": 69178465, "RET005": 66241115}),
        ("2022-06-30", 344681478, 1909, {"RET001": 71822741, "RET002": 70458448, "RET003": 68926061, "RET004": 67957445, "RET005": 65516783}),
    ],
)  # fmt: skip
def test_movements_as_of_a_day(
    movements: Ledger, day: str, total: int, receivables: int, customers: dict[str, int]
) -> None:
    """Cash Flow up to the day, summed with openpyxl and Decimal by contractor and by receivable (those not zero counted)."""
    stood = as_they_stood(movements.items, movements.payments, dt.date.fromisoformat(day))
    still_open = stood[stood["open"] != 0]
    assert (still_open["open"].sum(), still_open["number"].nunique()) == (total, receivables)
    assert (still_open["open"] > 0).all()
    assert still_open.groupby("debtor_id")["open"].sum().to_dict() == customers


def test_movements_net_to_zero_in_the_end(movements: Ledger) -> None:
    """The file's own last balances are all zero; 33,299 receivables, 82,571 payments, each set against its own."""
    items = movements.items
    assert (len(items), movements.source.left_out, int(items["open"].abs().sum())) == (115870, 0, 0)
    assert items["kind"].value_counts().to_dict() == {"payment": 82571, "invoice": 33299}
    assert sorted(problem.code for problem in movements.problems) == ["CREDITS-BY-NUMBER", "RUNNING-TOTAL"]


@pytest.mark.parametrize(
    ("name", "customer", "number", "issued", "owed"),
    [
        ("fec/lsn_sample_tab.txt", "C001", "FA00002", dt.date(2024, 12, 20), 120000),
        ("fec/lsn_sample_pipe.txt", "C002", "FA00003", dt.date(2024, 3, 10), 250000),
        ("de_datev/EXTF_Buchungsstapel.csv", "10000", "RE201802-135", dt.date(2018, 2, 22), 595000),
    ],
)
def test_the_one_customer_entry_of_each_small_file(
    name: str, customer: str, number: str, issued: dt.date, owed: int
) -> None:
    """Found with awk: the only line on an account 411 (FEC), the only Konto or Gegenkonto between 10000 and 69999 (DATEV)."""
    (item,) = read(open_book(FOLDER / name), Reading()).items.to_dict("records")
    assert (item["debtor_id"], item["number"], item["issued"].date(), item["open"]) == (customer, number, issued, owed)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("de_datev/EXTF_Kontenbeschriftungen.csv", "DATEV-OTHER"),
        ("de_datev/EXTF_Stammdaten.csv", "DATEV-OTHER"),
        ("de_datev/lint_broken_quotes.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_embedded_newlines.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_encoding_utf8_bom.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_encoding_windows1252.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_invalid_fields.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_leading_zero_konto.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("de_datev/lint_valid_minimal_700.csv", "NO-CUSTOMER-ACCOUNTS"),
        ("gp_scheduled/Debtors.xlsx", "COLUMN-MISSING"),
        ("header_zoo/fr_journal_iso8601.csv", "COLUMN-MISSING"),
    ],
)
def test_files_without_customers_balances_are_refused_by_name(name: str, code: str) -> None:
    """No customer's account, no entries, a plan's remaining principal that is no balance due, no customer column."""
    with pytest.raises(RelanceError) as refused:
        read(open_book(FOLDER / name), Reading())
    assert (refused.value.code, refused.value.source.file) == (code, Path(name).name)


def test_dirty_invoices_are_right_row_by_row() -> None:
    """What is open in each row that is read is amount_incl_gst less amount_paid, read with csv and Decimal; none is lost unsaid."""
    path = FOLDER / "dirty_au" / "FactInvoice_raw.csv"
    with path.open(encoding="utf-8-sig") as file:
        owed = {
            place: _cents(row["amount_incl_gst"]) - _cents(row["amount_paid"])
            for place, row in enumerate(csv.DictReader(file), start=2)
        }
    assert (len(owed), sum(owed.values())) == (2571, 209760642)
    ledger = read(open_book(path), Reading(currency="AUD"))
    items = ledger.items
    assert ledger.source.rows == len(items) + ledger.source.left_out == 2571
    assert items["currency"].unique().tolist() == ["AUD"]
    assert items["open"].tolist() == [owed[row] for row in items["source_row"].tolist()]


def _cents(text: str) -> int:
    return int(Decimal(text.replace("$", "").replace(",", "") or "0") * 100)
