"""Exports as French programs and small firms write them: what a person reads at a glance comes out with the right total."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger import Cell, open_book, read
from tests.ledger.kit import codes, days, read_csv, read_rows, write_xlsx

DUE = dt.date(2026, 10, 31)


def opens(ledger: object) -> dict[str, int]:
    """Return what is open by invoice number, in cents."""
    items = ledger.items  # type: ignore[attr-defined]
    return dict(zip(items["number"], items["open"], strict=True))


@pytest.mark.parametrize(("heading", "field"), [
    ("Nom du client", "customer_name"), ("Date du document", "issue_date"), ("Intitulé du compte", "customer_name"),
    ("TTC", "amount"), ("Facturé", "amount"), ("Reste", "open_balance"), ("Échéance nette", "due_date"),
])  # fmt: skip
def test_headings_of_french_programs(tmp_path: Path, heading: str, field: str) -> None:
    """These headings, beside a full set of others, take the field that a person would give them."""
    others = {
        "customer_name": "Client", "issue_date": "Date facture", "due_date": "Échéance", "amount": "Montant",
        "invoice_number": "N° facture",
    }  # fmt: skip
    others.pop(field, None)
    cells = {"customer_name": "Durand", "issue_date": "01/10/2026", "due_date": "31/10/2026", "invoice_number": "F1"}
    line = ";".join(cells.get(name, "100,00") for name in (field, *others))
    ledger = read_csv(tmp_path, ";".join([heading, *others.values()]) + "\n" + line)
    assert (field, "A", heading) in ledger.source.columns


def test_solde_du_is_still_a_balance(tmp_path: Path) -> None:
    """The "du" of "Reste dû TTC" is no small word: capitals without accents keep their field too."""
    ledger = read_csv(tmp_path, "Client;N° facture;Échéance;Montant;RESTE DU TTC\nDurand;F1;31/10/2026;100,00;40,00")
    assert opens(ledger) == {"F1": 4000}


def test_days_of_six_figures(tmp_path: Path) -> None:
    """Sage and Quadra write 050826 for the fifth of August 2026."""
    ledger = read_csv(tmp_path, "Client;N° facture;Date;Échéance;Solde\nDurand;F1;050826;040926;10,00")
    assert (days(ledger, "issued"), days(ledger, "due")) == (["2026-08-05"], ["2026-09-04"])


def test_six_figures_that_begin_with_the_year_beside_others_are_a_question(tmp_path: Path) -> None:
    """040926 and 260805: one of them is a day of long ago, whichever comes first."""
    text = "Client;N° facture;Échéance;Solde\nDurand;F1;040926;10,00\nDurand;F2;260805;10,00"
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert refused.value.code == "DATE-FIGURES-OPEN"
    assert opens(read_csv(tmp_path, text, Reading(date_order="dmy"))) == {"F1": 1000, "F2": 1000}


@pytest.mark.parametrize("yes", ["x", "oui", "OUI", "1", "payé", "Vrai"])
def test_a_column_paye_of_yes_and_no(tmp_path: Path, yes: str) -> None:
    """Under "Payé ?" a cross or a yes settles the invoice, an empty cell does not."""
    text = f"Client;N° facture;Échéance;Montant;Payé ?\nDurand;F1;31/10/2026;100,00;{yes}\nPetit;F2;31/10/2026;60,00;"
    ledger = read_csv(tmp_path, text)
    assert opens(ledger) == {"F1": 0, "F2": 6000}
    assert "STATUS-PAID" in codes(ledger)


def test_a_column_paye_of_amounts_stays_one(tmp_path: Path) -> None:
    """Zeros and amounts under "Payé" are what was paid."""
    text = "Client;N° facture;Échéance;Montant;Payé\nDurand;F1;31/10/2026;100,00;0\nPetit;F2;31/10/2026;60,00;10"
    assert opens(read_csv(tmp_path, text)) == {"F1": 10000, "F2": 5000}


@pytest.mark.parametrize("word", ["payé", "Payé le 12/11", "réglé par chèque", "SOLDÉ"])
def test_paid_typed_in_the_balance(tmp_path: Path, word: str) -> None:
    """A word for paid in the balance counts as zero, and is said."""
    text = (
        f"Client;N° facture;Échéance;Montant;Solde\nDurand;F1;31/10/2026;100,00;{word}\nPetit;F2;31/10/2026;60,00;60,00"
    )
    ledger = read_csv(tmp_path, text)
    assert opens(ledger) == {"F1": 0, "F2": 6000}
    assert "PAID-IN-WORDS" in codes(ledger)


@pytest.mark.parametrize("word", ["payé 200 reste 300", "payé partiellement", "à payer"])
def test_what_is_not_wholly_paid_is_left_out(tmp_path: Path, word: str) -> None:
    """Words that do not say "paid" and nothing else are no balance."""
    text = (
        f"Client;N° facture;Échéance;Montant;Solde\nDurand;F1;31/10/2026;500,00;{word}\nPetit;F2;31/10/2026;60,00;60,00"
    )
    ledger = read_csv(tmp_path, text)
    assert opens(ledger) == {"F2": 6000}
    assert "AMOUNT-UNREADABLE" in codes(ledger)


LIST = [("Durand", "F1", 100.0), ("Durand", "F2", 60.0), ("Petit", "F3", 30.0), ("Petit", "F4", 25.0)]


@pytest.mark.parametrize("column", [
    [160.0, 160.0, 55.0, 55.0], [100.0, 160.0, 190.0, 215.0], [100.0, 160.0, 30.0, 55.0], ["", 160.0, "", 55.0],
])  # fmt: skip
def test_a_customers_balance_beside_invoices(tmp_path: Path, column: list[float | str]) -> None:
    """What a customer owes in all, repeated, running on or on the last row, is no balance of one invoice; 215.00 are open."""
    rows: list[list[Cell | None]] = [["Client", "N° facture", "Échéance", "Montant", "Encours"]]
    rows += [[*line[:2], DUE, line[2], balance] for line, balance in zip(LIST, column, strict=True)]
    ledger = read_rows(tmp_path, rows)
    assert opens(ledger) == {"F1": 10000, "F2": 6000, "F3": 3000, "F4": 2500}
    assert "RUNNING-TOTAL" in codes(ledger)


def test_balances_of_invoices_stay(tmp_path: Path) -> None:
    """Balances up to the invoices' own amounts are theirs, whatever they add up to."""
    rows: list[list[Cell | None]] = [["Client", "N° facture", "Échéance", "Montant", "Solde"]]
    rows += [[*line[:2], DUE, line[2], owed] for line, owed in zip(LIST, (100, 0, 30, 5), strict=True)]
    ledger = read_rows(tmp_path, rows)
    assert opens(ledger) == {"F1": 10000, "F2": 0, "F3": 3000, "F4": 500}


def test_amounts_in_thousands_are_refused(tmp_path: Path) -> None:
    """A title that says thousands refuses the file, until relance.toml names the column of money."""
    text = "Balance en k€\nClient;N° facture;Échéance;Solde\nDurand;F1;31/10/2026;12,5"
    with pytest.raises(RelanceError, match="AMOUNTS-IN-THOUSANDS"):
        read_csv(tmp_path, text)
    assert opens(read_csv(tmp_path, text, Reading(columns={"open_balance": "Solde"}))) == {"F1": 1250}


def test_a_heading_in_thousands_is_refused_when_named(tmp_path: Path) -> None:
    """Naming a column whose own heading says thousands does not make it euros."""
    text = "Client;N° facture;Échéance;Reste dû (k€)\nDurand;F1;31/10/2026;12,5"
    with pytest.raises(RelanceError, match="AMOUNTS-IN-THOUSANDS"):
        read_csv(tmp_path, text, Reading(columns={"open_balance": "Reste dû (k€)"}))


def test_payments_in_numbered_columns(tmp_path: Path) -> None:
    """Two columns of payments are added: 100 less 20 less 30."""
    text = "Client;N° facture;Échéance;Montant;Règlement 1;Règlement 2\nDurand;F1;31/10/2026;100,00;20,00;30,00\nPetit;F2;31/10/2026;60,00;;"
    ledger = read_csv(tmp_path, text)
    assert opens(ledger) == {"F1": 5000, "F2": 6000}
    assert "PAYMENTS-ADDED" in codes(ledger)


def test_lines_of_one_invoice_that_cost_the_same(tmp_path: Path) -> None:
    """Two lines of one price are lines all the same: the balance counts once."""
    text = """Customer Name;Invoice Number;Due Date;Item Name;Quantity;Item Total;Total;Balance
    Durand;F1;31/10/2026;Pose;1;50,00;100,00;100,00
    Durand;F1;31/10/2026;Fourniture;1;50,00;100,00;100,00"""
    ledger = read_csv(tmp_path, text)
    assert opens(ledger) == {"F1": 10000}
    assert "LINES-OF-INVOICES" in codes(ledger)


def test_two_columns_of_statuses(tmp_path: Path) -> None:
    """Odoo says in one column whether it is paid, in another whether it is a draft: a draft is nobody's debt."""
    text = """Partenaire;Numéro;Date d'échéance;Montant dû;Statut du paiement;Statut
    Durand;F1;31/10/2026;100,00;Non payé;Comptabilisé
    Durand;F2;31/10/2026;60,00;Non payé;Brouillon"""
    assert opens(read_csv(tmp_path, text)) == {"F1": 10000}


@pytest.mark.parametrize("other", ["Fournisseurs", "Payées"])
def test_a_sheet_that_says_it_is_another(tmp_path: Path, other: str) -> None:
    """Suppliers and paid invoices are not the ledger where another sheet can be; it is said which was read."""
    head, line = ["Client", "N° facture", "Échéance", "Solde"], ["Durand", "F1", DUE, 100.0]
    path = write_xlsx(tmp_path, {other: [head, ["X", "A1", DUE, 7.0]], "Non payées": [head, line]})  # type: ignore[list-item]
    ledger = read(open_book(path), Reading())
    assert (ledger.source.sheet, opens(ledger)) == ("Non payées", {"F1": 10000})
    assert "SHEET-CHOSEN" in codes(ledger)


def test_balances_with_their_side_and_no_amount(tmp_path: Path) -> None:
    """A column "120,00 D" of balances alone is signed: credit below zero."""
    text = "Compte;Nom;Pièce;Date;Échéance;Solde\nC1;Durand;F1;01/10/2026;31/10/2026;120,00 D\nC1;Durand;A1;01/10/2026;31/10/2026;20,00 C"
    assert opens(read_csv(tmp_path, text)) == {"F1": 12000, "A1": -2000}


def test_rows_struck_through_are_said(tmp_path: Path) -> None:
    """People cross out what is paid: the row counts, and it is said which one."""
    path = tmp_path / "ledger.xlsx"
    book = Workbook()
    for cells in (
        ["Client", "N° facture", "Échéance", "Solde"],
        ["Durand", "F1", DUE, 100.0],
        ["Petit", "F2", DUE, 7.5],
    ):
        book.worksheets[0].append(cells)
    for cell in book.worksheets[0][3]:
        cell.font = Font(strike=True)
    book.save(path)
    ledger = read(open_book(path), Reading())
    said = next(problem for problem in ledger.problems if problem.code == "ROWS-STRUCK")
    assert (opens(ledger), said.facts) == ({"F1": 10000, "F2": 750}, {"n": 1, "first": 3})
