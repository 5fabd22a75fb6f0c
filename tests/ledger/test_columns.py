"""Headings → fields."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.tables import OWN_HEADING
from batch.ledger.table.columns import field_facts, letter, match_headings, place_of
from tests.ledger.kit import codes, read_csv


def match(*headings: str) -> dict[str, str]:
    """Return field → heading."""
    return {field: headings[place] for field, place in match_headings(headings, {}).columns.items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Compte client", "customer_id"),
        ("CompAuxNum", "customer_id"),
        ("COMPAUXNUM", "customer_id"),
        ("Rechnungsnr.", "invoice_number"),
        ("customerID", "customer_id"),
        ("cust_number", "customer_id"),
        ("N° client", "customer_id"),
        ("Raison sociale", "customer_name"),
        ("name_customer", "customer_name"),
        ("Numéro de facture", "invoice_number"),
        ("Invoice #", "invoice_number"),
        ("InvoiceNumber", "invoice_number"),
        ("*InvoiceNumber", "invoice_number"),
        ("Réf. facture", "invoice_number"),
        ("Date\nd’échéance", "due_date"),
        ("DUEDATE", "due_date"),
        ("due_in_date", "due_date"),
        ("Fälligkeitsdatum", "due_date"),
        ("Date de la facture", "issue_date"),
        ("InvoiceDate", "issue_date"),
        ("SettledDate", "payment_date"),
        ("Date de règlement", "payment_date"),
        ("TOTAL TTC", "amount"),
        ("Amount", "amount"),
        ("Reste à payer", "open_balance"),
        ("total_open_amount", "open_balance"),
        ("Solde TTC (EUR)", "open_balance"),
        ("Adresse e-mail", "email"),
        ("Téléphone", "phone"),
        ("Devise", "currency"),
        ("Commentaire", "note"),
        ("Dernière relance", "last_reminder_date"),
        ("Niveau de relance", "last_reminder_level"),
        ("N° SIREN", "company_id"),
        ("Bon de commande", "po_ref"),
    ],
)  # fmt: skip
def test_headings_of_many_programs_are_known(heading: str, field: str) -> None:
    """Capitals, accents, punctuation, small words and units do not matter."""
    assert match(heading) == {field: heading}


@pytest.mark.parametrize(
    "heading",
    [
        "Compte collectif",
        "Compte général",
        "Contrepartie",
        "Montant HT",
        "Solde progressif",
        OWN_HEADING + "Échéance",
        "Payment_date_predict",
        "",
    ],
)
def test_what_must_not_be_taken_is_not_taken(heading: str) -> None:
    """Collective accounts are no customer, running totals no balance, Relance's own columns no history."""
    assert match(heading) == {}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("Compte client", "Client"), {"customer_id": "Compte client", "customer_name": "Client"}),
        (("Customer", "Customer Name"), {"customer_id": "Customer", "customer_name": "Customer Name"}),
        (("Customer", "Email"), {"customer_name": "Customer", "email": "Email"}),
        (("Date", "Date facture", "Date d'échéance"), {"issue_date": "Date facture", "due_date": "Date d'échéance"}),
        (("Montant", "Montant TTC", "Solde"), {"amount": "Montant TTC", "open_balance": "Solde"}),
        (("Amount Due", "Amount Remaining"), {"amount": "Amount Due", "open_balance": "Amount Remaining"}),
        (("Référence", "N° facture"), {"po_ref": "Référence", "invoice_number": "N° facture"}),
        (("Référence", "Client"), {"invoice_number": "Référence", "customer_name": "Client"}),
        (("Contact", "Client"), {"contact": "Contact", "customer_name": "Client"}),
        (("Contact", "Due Date"), {"customer_name": "Contact", "due_date": "Due Date"}),
    ],
)
def test_specific_words_go_before_generic_ones(headings: Sequence[str], expected: dict[str, str]) -> None:
    """A generic word takes what the specific ones leave."""
    assert match(*headings) == expected


def test_letters_of_columns() -> None:
    """A is the first column, AA the twenty-seventh."""
    assert [letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [place_of(name) for name in ("A", "Z", "AA", "ZZ", "AAA")] == [0, 25, 26, 701, 702]


def test_two_equal_balances_that_differ_are_not_chosen_between(tmp_path: Path) -> None:
    """A wrong balance is a wrong total: the message names both columns."""
    text = """Client;N° facture;Échéance;Reste dû;Solde restant
              Durand;F1;30/11/2026;100,00;90,00"""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.facts) == (
        "COLUMN-AMBIGUOUS",
        {
            **field_facts("open_balance"),
            "chosen": "D Reste dû",
            "other": "E Solde restant",
            "line": "Reste dû",
            "other_line": "Solde restant",
        },
    )


def test_two_equal_balances_that_agree_are_one(tmp_path: Path) -> None:
    """The same figures twice ask no question, nor does an empty column."""
    text = """Client;N° facture;Échéance;Reste dû;Solde restant;Date d'échéance
              Durand;F1;;100,00;100,00;30/11/2026"""
    ledger = read_csv(tmp_path, text)
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000], [])


def test_two_equal_numbers_are_chosen_between_and_said(tmp_path: Path) -> None:
    """Where no total hangs on it, the first column is taken, with a warning that names both."""
    text = """Client;N° facture;Invoice no;Échéance;Solde
              Durand;F1;X9;30/11/2026;100,00"""
    ledger = read_csv(tmp_path, text)
    assert ledger.items["number"].tolist() == ["F1"]
    assert [(problem.code, problem.facts) for problem in ledger.problems] == [
        (
            "COLUMN-CHOSEN",
            {
                **field_facts("invoice_number"),
                "chosen": "B N° facture",
                "other": "C Invoice no",
                "line": "N° facture",
                "other_line": "Invoice no",
            },
        )
    ]


def test_relance_toml_names_a_column(tmp_path: Path) -> None:
    """The named heading goes before the vocabulary, and settles what was ambiguous."""
    text = """Client;N° facture;Échéance;Reste dû;Solde restant;Machin
              Durand;F1;30/11/2026;100,00;90,00;80,00"""
    for heading, expected in (("Solde restant", 9000), ("machin", 8000)):
        ledger = read_csv(tmp_path, text, Reading(columns={"open_balance": heading}))
        assert ledger.items["open"].tolist() == [expected]


def test_a_named_column_or_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The message names what there is."""
    text = """Client;Échéance;Solde
              Durand;30/11/2026;100,00"""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text, Reading(columns={"open_balance": "Encours"}))
    assert (refused.value.code, refused.value.facts["found"]) == ("COLUMN-NOT-FOUND", "A Client, B Échéance, C Solde")
    with pytest.raises(RelanceError, match="FIELD-UNKNOWN"):
        read_csv(tmp_path, text, Reading(columns={"balance": "Solde"}))


def test_a_column_of_collective_accounts_is_no_customer(tmp_path: Path) -> None:
    """411000 for everybody: the name tells customers apart."""
    text = """Compte;Client;N° facture;Échéance;Solde
              411000;Durand;F1;30/11/2026;100,00
              411000;Petit;F2;30/11/2026;50,00"""
    ledger = read_csv(tmp_path, text)
    assert ledger.items["debtor_id"].tolist() == ["Durand", "Petit"]
    assert codes(ledger) == ["COLLECTIVE-ACCOUNT"]


def test_an_account_of_its_own_is_a_customer(tmp_path: Path) -> None:
    """411DURAND is a customer's own account under the same heading."""
    text = """Compte;Client;N° facture;Échéance;Solde
              411DURAND;Durand;F1;30/11/2026;100,00"""
    assert read_csv(tmp_path, text).items["debtor_id"].tolist() == ["411DURAND"]
