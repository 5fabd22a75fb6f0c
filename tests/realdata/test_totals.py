"""Small ledgers that nobody here wrote: each is read with the total that another tool finds, or refused by name.

The totals were added up with awk (csv) and with openpyxl and Decimal (xlsx) over the columns named beside them.
"""

import datetime as dt
import os
from itertools import pairwise
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import open_book, read

FOLDER = Path(os.environ.get("RELANCE_REALDATA", "")) / "ledgers"
AGED_ON = dt.date(2026, 10, 31)

pytestmark = pytest.mark.skipif(not os.environ.get("RELANCE_REALDATA"), reason="RELANCE_REALDATA names no folder")


def ledger_of(name: str, reading: Reading | None = None) -> Ledger:
    """Read one of the ledgers."""
    return read(open_book(FOLDER / name), reading or Reading())


def sums(ledger: Ledger) -> dict[str, int]:
    """Return what is open by currency, in minor units."""
    return {str(code): int(minor) for code, minor in ledger.items.groupby("currency")["open"].sum().items()}


@pytest.mark.parametrize(
    ("name", "items", "customers", "open_by_currency", "said"),
    [
        # balance_due
        ("header_zoo/cassia_ar.csv", 14, 14, {"EUR": 27500000}, []),
        # amount_due; no due date
        ("header_zoo/ledgershield_ar.csv", 5, 5, {"EUR": 5660000}, ["DUE-DATE-COMPUTED"]),
        # InvoiceAmount - PaidAmount; two rows come twice
        ("header_zoo/haseeb_sample_invoices.csv", 21, 19, {"EUR": 1501500}, ["ITEMS-REPEATED"]),
        # outstanding
        ("header_zoo/sajol_receivables.csv", 5202, 800, {"EUR": 20564616400}, ["STATUS-UNKNOWN"]),  # "Bad Debt"
        # total_inc_gst - paid_amount
        ("header_zoo/unipath_ar.csv", 96, 15, {"EUR": 202038324}, []),
        # amount; all unpaid
        ("header_zoo/saurav_invoices.csv", 4, 4, {"EUR": 330000}, []),
        # Amount; nothing says what was paid, no due date
        ("header_zoo/raychun_ar.csv", 100, 93, {"EUR": 22547094}, ["BALANCE-ASSUMED", "DUE-DATE-COMPUTED"]),
        # Open Advance (ILS) on the second sheet; the first is an aged balance that adds up to the same 7,670,150
        (
            "header_zoo/barbar_aging_report.xlsx",
            26,
            20,
            {"ILS": 767015000},
            ["SHEET-CHOSEN", "STATUS-UNKNOWN"],
        ),  # "Financed"
        # Total; the columns of ages stand beside a due date
        ("header_zoo/saurav_aging_report.xlsx", 10, 10, {"EUR": 2217000}, ["BALANCE-ASSUMED"]),
        # Total Amount of what is not marked paid (432,600 + 111,825 partly paid)
        (
            "ar_ap_dashboard/AR_AP_Analytics_Dashboard.xlsx",
            15,
            15,
            {"EUR": 54442500},
            ["STATUS-PAID", "PART-PAID-UNKNOWN"],
        ),
        # Amount, under a table of parameters
        ("pq_receivables/receivables.xlsx", 45, 5, {"EUR": 19263035}, ["BALANCE-ASSUMED", "DUE-DATE-COMPUTED"]),
        # Balance, on the fifth sheet of seven; the aged balance on the sixth adds up to the same
        ("d365_demo/PaymentPrediction-Demo.xlsx", 93, 26, {"USD": 435958754}, ["SHEET-CHOSEN"]),
        # every row has a payment date; what 0 and 1 mean is said not to be known
        ("header_zoo/abhinash_invoices.csv", 1000, 993, {"EUR": 0}, ["STATUS-CODES"]),
        # the layout of a report without its data: one row of "(blank)"
        ("bc_layout/AgedAccountsReceivableExcel.xlsx", 0, 0, {}, ["DATE-UNREADABLE", "DATE-UNREADABLE", "NO-ROWS"]),
    ],
)
def test_ledgers_that_are_read(
    name: str, items: int, customers: int, open_by_currency: dict[str, int], said: list[str]
) -> None:
    """Items, customers, what is open, and what is said about the reading."""
    ledger = ledger_of(name)
    assert (len(ledger.items), len(ledger.debtors), sums(ledger)) == (items, customers, open_by_currency)
    assert [problem.code for problem in ledger.problems] == said


@pytest.mark.parametrize(
    ("name", "code", "fact"),
    [
        ("d0337b_aging_summary.csv", "STATED-DAY-MISSING", ""),
        ("emmazzw_accounts.csv", "COLUMN-MISSING", "open_balance"),
        ("emmazzw_invoices.csv", "COLUMN-MISSING", "open_balance"),
        ("fr_law_firm_clients.csv", "COLUMN-MISSING", "open_balance"),
        ("fr_law_firm_factures.csv", "COLUMN-MISSING", "customer_name"),
        ("qc_powershell_type_header.csv", "COLUMN-MISSING", "due_date"),
        ("woody_errors.csv", "NO-TABLE", ""),
        ("woody_invoices.csv", "COLUMN-MISSING", "customer_name"),
        ("woody_receivables.csv", "COLUMN-MISSING", "customer_name"),
    ],
)
def test_what_is_no_ledger_is_refused_by_name(name: str, code: str, fact: str) -> None:
    """Lists of customers, invoices without customers or amounts, an aged balance without its day."""
    with pytest.raises(RelanceError) as refused:
        ledger_of(f"header_zoo/{name}")
    assert (refused.value.code, refused.value.facts.get("field", "")) == (code, fact)


def test_an_aged_balance_by_customer() -> None:
    """20,950 not over 30 days, 7,560 over 30, 3,980 over 60, 5,540 over 90: 38,030, its own total of each row."""
    ledger = ledger_of("header_zoo/d0337b_aging_summary.csv", Reading(stated_on=AGED_ON))
    late = (AGED_ON - ledger.items["due"].dt.date).map(lambda days: days.days)
    assert ledger.items.groupby(late)["open"].sum().to_dict() == {0: 2095000, 31: 756000, 61: 398000, 91: 554000}
    assert [problem.code for problem in ledger.problems] == ["AGED-BALANCE"]


def test_an_aged_balance_says_the_same_as_the_invoices() -> None:
    """Of 3 August 2026 by a column of its own: its five columns hold what the invoices make by their days past due."""
    invoices = ledger_of("d365_demo/PaymentPrediction-Demo.xlsx").items
    aged = ledger_of("d365_demo/PaymentPrediction-Demo.xlsx", Reading(sheet="AgedBalances"))
    day = dt.date(2026, 8, 3)
    bounds = {-30: 206341441, 1: 106017530, 31: 44107912, 61: 39014972, 91: 40476899}
    nearest = (day - aged.items["due"].dt.date).map(lambda days: days.days)
    assert aged.items.groupby(nearest)["open"].sum().to_dict() == bounds
    late = (day - invoices["due"].dt.date).map(lambda days: days.days)
    steps = [*sorted(bounds), 10_000]
    for first, last in pairwise(steps):
        inside = (late >= (first if first > 0 else -10_000)) & (late < last)
        assert invoices["open"][inside].sum() == bounds[first]
    assert len(aged.items) == 58


def test_the_sheet_of_ages_beside_the_invoices() -> None:
    """As of 16 July 2026 in its titles; its own total row says 7,670,150."""
    ledger = ledger_of("header_zoo/barbar_aging_report.xlsx", Reading(sheet="Aging Report", currency="ILS"))
    assert (sums(ledger), len(ledger.items)) == ({"ILS": 767015000}, 26)
    assert [problem.code for problem in ledger.problems] == ["AGED-BALANCE", "TOTAL-AGREES"]
    assert ledger.problems[0].facts["on"] == dt.date(2026, 7, 16)
