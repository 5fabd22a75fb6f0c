"""Every way in which a file says debit or credit, and statuses that take rows out."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError
from tests.ledger.kit import codes, read_csv, read_rows


@pytest.mark.parametrize(
    ("headings", "debit", "credit"),
    [
        ("Débit;Crédit", "100,00;", ";40,00"),
        ("Débit;Crédit", "100,00;0,00", "0,00;40,00"),
        ("Debit;Credit", "100.00;", ";-40.00"),
        ("Betrag Soll;Betrag Haben", "100,00;", ";40,00"),
        ("Montant débit;Montant crédit", "0000000100,00;0000000000,00", "0000000000,00;0000000040,00"),
        ("Montant;Sens", "100,00;D", "40,00;C"),
        ("Montant;Sens", "100,00;Débit", "40,00;Crédit"),
        ("Montant;Sens", "100,00;+1", "40,00;-1"),
        ("Montant;Sens", "100,00;1", "40,00;-1"),
        ("Montant;Sens", "100,00;D", "-40,00;C"),
        ("EC_Montant;EC_Sens", "100,00;0", "40,00;1"),
        ("Umsatz;S/H", "100,00;S", "40,00;H"),
        ("Amount;Dr/Cr", "100.00;Dr", "40.00;Cr"),
        ("Amount;D/C", "100.00;DR.", "40.00;CR."),
        ("Montant", "100,00 D", "40,00 C"),
        ("Amount", "100.00 DR", "40.00 CR"),
        ("Amount", "$100.00", "$40.00CR"),
        ("Betrag", "100,00 S", "40,00 H"),
        ("Cash Flow", "100.00", "-40.00"),
    ],
)
def test_forms_of_debit_and_credit(tmp_path: Path, headings: str, debit: str, credit: str) -> None:
    """An invoice of 100 and a credit of 40: what the customer owes is positive, in every form."""
    text = f"Client;N° pièce;Date;{headings}\nDurand;FA-1;31/10/2026;{debit}\nDurand;FA-1;15/11/2026;{credit}"
    ledger = read_csv(tmp_path, text)
    assert ledger.items["amount"].tolist() == [10000, -4000]
    assert ledger.items["open"].tolist() == [6000, 0]
    assert "BALANCE-ASSUMED" not in codes(ledger)


@pytest.mark.parametrize(
    ("headings", "debit", "credit"),
    [
        ("Montant;Solde;Sens", "100,00;60,00;D", "40,00;10,00;C"),
        ("Solde dû;Sens;Montant", "60,00;D;100,00", "10,00;C;40,00"),
        ("Montant TTC;Solde dû", "100,00 D;60,00 D", "40,00 C;10,00 C"),
        ("Débit;Crédit;Reste dû", "100,00;;60,00", ";40,00;10,00"),
    ],
)
def test_balances_with_a_side(tmp_path: Path, headings: str, debit: str, credit: str) -> None:
    """60 of an invoice still due, 10 of a credit left: open items, nothing is set against anything."""
    text = f"Client;N° pièce;Date;{headings}\nDurand;F1;31/10/2026;{debit}\nDurand;R1;15/11/2026;{credit}"
    ledger = read_csv(tmp_path, text)
    assert (ledger.items["amount"].tolist(), ledger.items["open"].tolist()) == ([10000, -4000], [6000, -1000])


def test_numbers_of_a_workbook_with_a_column_of_signs(tmp_path: Path) -> None:
    """True numbers 1 and -1, and amounts as floats."""
    rows: list[list[str | float | int]] = [
        ["Client", "N° pièce", "Date", "Montant", "Sens"],
        ["Durand", "F1", 46326, 230.07, 1],
        ["Durand", "R1", 46330, 30.07, -1],
    ]
    assert read_rows(tmp_path, rows).items["open"].tolist() == [20000, 0]


def test_a_side_that_says_nothing_leaves_the_row_out(tmp_path: Path) -> None:
    """An amount without a side is neither debit nor credit; a zero needs none."""
    ledger = read_csv(
        tmp_path,
        """Client;N° pièce;Date;Montant;Sens
        Durand;F1;31/10/2026;100,00;D
        Durand;F2;31/10/2026;100,00;X
        Durand;F3;31/10/2026;100,00;
        Durand;F4;31/10/2026;0,00;""",
    )
    assert (ledger.items["number"].tolist(), ledger.source.left_out) == (["F1", "F4"], 2)
    assert [(p.code, p.source.row, p.source.column) for p in ledger.problems if p.code == "SIDE-UNREADABLE"] == [
        ("SIDE-UNREADABLE", 3, "E"),
        ("SIDE-UNREADABLE", 4, "E"),
    ]


def test_cr_after_every_amount_is_not_guessed(tmp_path: Path) -> None:
    """Where no amount is a debit, "Cr" may as well stand for ten millions: the cells are unreadable."""
    ledger = read_csv(
        tmp_path, "Client;N° pièce;Date;Montant\nDurand;F1;31/10/2026;1.20 Cr\nPetit;F2;31/10/2026;3.00 Cr"
    )
    assert (len(ledger.items), codes(ledger)[:2]) == (0, ["AMOUNT-UNREADABLE", "AMOUNT-UNREADABLE"])


def test_the_totals_under_debit_and_credit_are_compared_each(tmp_path: Path) -> None:
    """150 and 40 agree; another figure under the credits differs."""
    text = "Client;N° pièce;Date;Débit;Crédit\nDurand;F1;31/10/2026;150,00;\nDurand;R1;31/10/2026;;40,00\nTotal;;;150,00;{}"
    assert codes(read_csv(tmp_path, text.format("40,00")))[:2] == ["TOTAL-AGREES", "TOTAL-AGREES"]
    ledger = read_csv(tmp_path, text.format("45,00"))
    (differs,) = [problem for problem in ledger.problems if problem.code == "TOTAL-DIFFERS"]
    assert (differs.source.column, differs.facts["difference"]) == ("E", Money(500, "EUR"))


def test_part_payments_of_a_column_take_the_side_of_their_row(tmp_path: Path) -> None:
    """Paid 30 of a debit of 100, refunded 10 of a credit of 40."""
    ledger = read_csv(
        tmp_path,
        """Client;N° pièce;Date;Montant;Sens;Montant réglé
        Durand;F1;31/10/2026;100,00;D;30,00
        Durand;A1;31/10/2026;40,00;C;10,00""",
    )
    assert ledger.items["open"].tolist() == [7000, -3000]


@pytest.mark.parametrize("status", ["Annulée", "Brouillon", "Void", "Credit card instalments", "Prélèvement échelonné"])
def test_statuses_that_are_nobodys_debt(tmp_path: Path, status: str) -> None:
    """Cancelled, draft, or collected instalment by instalment: set aside, counted and summed."""
    ledger = read_csv(
        tmp_path,
        f"Client;N° facture;Date;Montant;Statut\nDurand;F1;31/10/2026;100,00;Émise\nDurand;F2;31/10/2026;70,00;{status}",
    )
    assert ledger.items["number"].tolist() == ["F1"]
    assert dict(ledger.problems[0].facts) == {"n": 1, "amount": Money(7000, "EUR"), "statuses": status}


def test_a_table_without_any_amount_is_refused(tmp_path: Path) -> None:
    """Debit and credit count as amounts, a side alone does not."""
    with pytest.raises(RelanceError, match="COLUMN-MISSING"):
        read_csv(tmp_path, "Client;N° pièce;Date;Sens\nDurand;F1;31/10/2026;D", Reading())
