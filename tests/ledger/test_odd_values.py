"""Numbers that a program shortened, and days that can hardly be meant."""

import datetime as dt
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.ledger import Cell, open_book, read
from batch.ledger.values import texts
from tests.ledger.kit import codes, read_csv, read_rows, write_csv


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["000123", "FA-1"], ["000123", "FA-1"]),
        ([12345.0, "12345", "00012345"], ["12345", "12345", "00012345"]),
        ([1.2e14, 7.0], ["120000000000000", "7"]),
        (["1930571429.0", ""], ["1930571429", ""]),
        (['="000123"', '="F-2"'], ["000123", "F-2"]),
        ([1234.5, "V1.0"], ["1234.5", "V1.0"]),
    ],
)
def test_invoice_numbers_are_shown_as_people_know_them(cells: list[Cell], expected: list[str]) -> None:
    """Zeros in front stay, numbers and texts of one invoice are the same, csv's guarded ="000123" loses its guard."""
    assert texts(cells) == expected


def test_a_shortened_customer_number_is_never_taken_for_a_customers_own(tmp_path: Path) -> None:
    """1,2E+15 may be any of a thousand customers: the row is left out."""
    text = "Compte client;Client;N° facture;Échéance;Solde\n4,11E+15;A;F1;2026-10-31;1,00\n411001;B;F2;2026-10-31;1,00"
    ledger = read_csv(tmp_path, text)
    assert (ledger.items["debtor_id"].tolist(), codes(ledger)) == (["411001"], ["CUSTOMER-NUMBER-LOST"])


def test_shortened_invoice_numbers_are_counted(tmp_path: Path) -> None:
    """The rows stay: their balance is owed whatever the number; so is it for numbers of more figures than are kept."""
    text = "Client;N° facture;Échéance;Solde\nA;1.2E+15;2026-10-31;1,00\nA;1.2e+15;2026-11-30;1,00"
    ledger = read_csv(tmp_path, text)
    assert (len(ledger.items), [(each.code, each.facts["n"]) for each in ledger.problems]) == (
        2,
        [("INVOICE-NUMBERS-LOST", 2)],
    )
    rows: list[list[Cell]] = [
        ["Client", "N° facture", "Échéance", "Solde"],
        ["A", 12345678901234567, "2026-10-31", 1.0],
    ]
    assert codes(read_rows(tmp_path, rows)) == ["INVOICE-NUMBERS-LOST"]


def test_days_that_can_hardly_be_meant_are_counted_with_their_first_row(tmp_path: Path) -> None:
    """Due before issue, due in another decade, issued after the run; the rows stay as they are, a credit is not looked at."""
    path = write_csv(
        tmp_path,
        """Client;N° facture;Date facture;Échéance;Solde
        A;F1;2026-10-01;2026-10-31;1,00
        A;F2;2026-10-01;2026-09-30;1,00
        A;F3;2026-10-01;2036-10-31;1,00
        A;F4;2026-12-01;2026-12-31;1,00
        A;A5;2026-10-01;2026-09-01;-1,00""",
    )
    ledger = read(open_book(path), Reading(as_of=dt.date(2026, 11, 20)))
    assert [(each.code, each.severity, each.facts["n"], each.source.row) for each in ledger.problems] == [
        ("DUE-BEFORE-ISSUE", Severity.WARNING, 1, 3),
        ("DUE-FAR-OFF", Severity.WARNING, 1, 4),
        ("ISSUED-LATER", Severity.WARNING, 1, 5),
    ]
    assert codes(read(open_book(path), Reading())) == ["DUE-BEFORE-ISSUE", "DUE-FAR-OFF"]
