"""Aged balances in detail: a line with each customer's sums, its invoices below in the same column, as Odoo exports them."""

import datetime as dt
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger import Cell
from tests.ledger.kit import codes, days, read_csv, read_rows

ACCOUNT = "411100 Clients"
TITLES: list[list[Cell | None]] = [["Balance âgée clients"], ["Au 20/11/2026"], []]
HEADINGS: list[Cell | None] = [
    None,
    "Date de facture",
    "Devise",
    "Compte",
    "À la date du",
    "1-30",
    "31-60",
    "Plus anciennes",
    "Total",
]
DURAND: list[list[Cell | None]] = [
    ["Durand", None, None, None, None, 400.0, None, 1234.56, 1634.56],
    ["FA1", dt.date(2026, 8, 5), None, ACCOUNT, None, None, None, 1234.56, None],
    ["FA2", dt.date(2026, 10, 12), None, ACCOUNT, None, 400.0, None, None, None],
]
ZOLA: list[list[Cell | None]] = [
    ["Zola & Fils", None, None, None, 50.0, None, -80.0, None, -30.0],
    ["FA3", dt.date(2026, 11, 2), None, ACCOUNT, 50.0, None, None, None, None],
    ["AV1", dt.date(2026, 9, 2), None, ACCOUNT, None, None, -80.0, None, None],
]
FOLDED: list[list[Cell | None]] = [["Petit", None, None, None, None, 70.0, None, None, 70.0]]


def total(*minor: float) -> list[list[Cell | None]]:
    """Return the last line: the sums of the columns."""
    return [["Total balance âgée clients", None, None, None, *minor]]


WHOLE = [*TITLES, HEADINGS, *DURAND, *ZOLA, *total(50.0, 400.0, -80.0, 1234.56, 1604.56)]


@pytest.mark.parametrize("named", [{}, {"customer_name": "A"}, {"invoice_number": "A"}])
def test_invoices_count_once_under_their_customer(tmp_path: Path, named: dict[str, str]) -> None:
    """The sums on the customers' lines are compared with the invoices below, whatever relance.toml calls their column."""
    ledger = read_rows(tmp_path, WHOLE, Reading(columns=named))
    found = ledger.items[["debtor_id", "number", "open"]].values.tolist()
    assert found == [
        ["Durand", "FA1", 123456],
        ["Durand", "FA2", 40000],
        ["Zola & Fils", "FA3", 5000],
        ["Zola & Fils", "AV1", -8000],
    ]
    assert days(ledger, "issued") == ["2026-08-05", "2026-10-12", "2026-11-02", "2026-09-02"]
    assert "TOTAL-AGREES" in codes(ledger)
    assert not {"SUBTOTAL-DIFFERS", "LINE-UNREAD"} & {*codes(ledger)}


def test_a_csv_with_zeros_is_read_so_too(tmp_path: Path) -> None:
    """Filled cells that hold nothing owed are no items."""
    text = """Balance âgée au 20/11/2026
        ;Date de facture;Non échu;1-30;Plus anciens
        Durand;;0,00;1 200,50;100,00
        FA1;05/08/2026;0,00;1 200,50;0,00
        FA2;12/09/2026;0,00;0,00;100,00"""
    ledger = read_csv(tmp_path, text)
    assert ledger.items[["debtor_id", "number", "open"]].values.tolist() == [
        ["Durand", "FA1", 120050],
        ["Durand", "FA2", 10000],
    ]


def test_a_customer_left_folded_owes_its_sums(tmp_path: Path) -> None:
    """Without invoices below it the line itself is what is owed, by that customer and under no number of an invoice."""
    rows = [*TITLES, HEADINGS, *FOLDED, *DURAND, *FOLDED, *ZOLA, *FOLDED, *total(50.0, 610.0, -80.0, 1234.56, 1814.56)]
    ledger = read_rows(tmp_path, rows)
    assert int(ledger.items["open"].sum()) == 181456
    petit = ledger.items[ledger.items["debtor_id"] == "Petit"]
    assert petit[["number", "open"]].values.tolist() == [["1-30", 7000]] * 3
    assert "TOTAL-AGREES" in codes(ledger)


def test_due_days_of_their_own_are_kept(tmp_path: Path) -> None:
    """Where the invoices have due days, the columns tell only how much; a customer left folded is aged by its column."""
    headings = [None, "Date d'échéance", *HEADINGS[2:]]
    ledger = read_rows(tmp_path, [*TITLES, headings, *DURAND, *FOLDED])
    assert days(ledger, "due") == ["2026-08-05", "2026-10-12", "2026-11-19"]
    (aged,) = [problem for problem in ledger.problems if problem.code == "AGED-BALANCE"]
    assert aged.facts["n"] == 1
    assert days(read_rows(tmp_path, [headings, *DURAND]), "due") == ["2026-08-05", "2026-10-12"]


def test_without_any_day_of_the_report_it_is_asked_for(tmp_path: Path) -> None:
    """The days of issue do not tell when the balance was drawn up."""
    with pytest.raises(RelanceError) as refused:
        read_rows(tmp_path, [HEADINGS, *DURAND, *ZOLA])
    assert refused.value.code == "STATED-DAY-MISSING"


def test_a_customers_sum_that_is_not_that_of_its_invoices_is_an_error(tmp_path: Path) -> None:
    """An invoice is missing, or one too many: the line is named."""
    rows = [*TITLES, HEADINGS, *DURAND, *ZOLA[:2], *FOLDED]
    found = [each for each in read_rows(tmp_path, rows).problems if each.code == "SUBTOTAL-DIFFERS"]
    assert [(each.severity, each.facts["label"]) for each in found] == [(Severity.ERROR, "Zola & Fils")]


def test_a_report_with_every_customer_folded_is_an_ordinary_aged_balance(tmp_path: Path) -> None:
    """The columns of the invoices are empty then, their account among them."""
    rows = [*TITLES, HEADINGS, DURAND[0], *FOLDED, *total(0.0, 470.0, 0.0, 1234.56, 1704.56)]
    ledger = read_rows(tmp_path, rows)
    assert ledger.items.groupby("debtor_id")["open"].sum().to_dict() == {"Durand": 163456, "Petit": 7000}


def test_a_column_that_is_not_recognised_is_missed_on_the_customers_lines(tmp_path: Path) -> None:
    """What stands under a strange heading is in no column that is read: the balance beside them tells."""
    headings = [*HEADINGS[:7], "Hors tranche", "Total"]
    ledger = read_rows(tmp_path, [*TITLES, headings, *DURAND, *ZOLA])
    (said,) = [problem for problem in ledger.problems if problem.code == "AGED-DIFFERS"]
    assert (said.source.row, said.facts["n"], said.facts["difference"]) == (5, 1, Money(123456, "EUR"))
