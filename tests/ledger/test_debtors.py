"""Rows → debtors: one row each, the latest value wins."""

from pathlib import Path

import pytest

from batch.core.problem import Severity
from batch.ledger.values import addresses
from tests.ledger.kit import codes, read_csv


def test_the_number_is_the_key_and_the_latest_name_wins(tmp_path: Path) -> None:
    """Renamed in October: the newer name stands, wherever its row stands; the renaming is said."""
    ledger = read_csv(
        tmp_path,
        """Code client;Client;N° facture;Date facture;Échéance;Solde
        C1;Durand SA;F2;01/10/2026;31/10/2026;100,00
        C1;Durand et fils;F1;01/09/2026;30/09/2026;100,00
        C2;Petit;F3;15/08/2026;15/09/2026;100,00""",
    )
    debtors = ledger.debtors
    assert (debtors["debtor_id"].tolist(), debtors["name"].tolist()) == (["C1", "C2"], ["Durand SA", "Petit"])
    assert [value.date().isoformat() for value in debtors["known_since"]] == ["2026-09-01", "2026-08-15"]
    (problem,) = ledger.problems
    assert (problem.code, problem.severity, problem.facts["n"], problem.facts["customer"]) == (
        "NAMES-DIFFER",
        Severity.INFO,
        1,
        "C1",
    )


def test_one_name_under_two_numbers_stays_two_customers(tmp_path: Path) -> None:
    """The number is the key."""
    ledger = read_csv(
        tmp_path,
        "Code client;Client;N° facture;Échéance;Solde\nC1;Durand;F1;31/10/2026;1,00\nC2;Durand;F2;31/10/2026;1,00",
    )
    assert ledger.debtors["debtor_id"].tolist() == ["C1", "C2"]
    (problem,) = ledger.problems
    assert (problem.code, problem.severity) == ("NAME-SHARED", Severity.INFO)
    assert [problem.facts[name] for name in ("n", "name", "customers")] == [1, "Durand", "C1, C2"]


def test_a_name_under_two_numbers_tells_no_number(tmp_path: Path) -> None:
    """A row without number whose name two customers bear belongs to neither: it stays under the name."""
    ledger = read_csv(
        tmp_path,
        "Code client;Client;N° facture;Échéance;Solde\nC1;Durand;F1;31/10/2026;1,00\nC2;Durand;F2;31/10/2026;1,00\n;Durand;F3;31/10/2026;1,00",
    )
    assert ledger.items["debtor_id"].tolist() == ["C1", "C2", "Durand"]


def test_without_numbers_the_name_is_the_key(tmp_path: Path) -> None:
    """Spaces do not make another customer; a row without number takes the one that its name has elsewhere."""
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Solde\nDurand  SA;F1;31/10/2026;1,00\nDurand SA;F2;31/10/2026;1,00"
    )
    assert ledger.items["debtor_id"].tolist() == ["Durand SA", "Durand SA"]
    ledger = read_csv(
        tmp_path,
        "Code client;Client;N° facture;Échéance;Solde\nC1;Durand;F1;31/10/2026;1,00\n;Durand;F2;31/10/2026;1,00\n;Petit;F3;31/10/2026;1,00",
    )
    assert ledger.items["debtor_id"].tolist() == ["C1", "C1", "Petit"]


def test_a_row_without_customer_is_left_out(tmp_path: Path) -> None:
    """Nobody can be asked for it: a Problem names the row."""
    ledger = read_csv(tmp_path, "Client;N° facture;Échéance;Solde\nDurand;F1;31/10/2026;1,00\n;F2;31/10/2026;1,00")
    (problem,) = ledger.problems
    assert (problem.code, problem.source.row, ledger.source.left_out, len(ledger.items)) == (
        "CUSTOMER-MISSING",
        3,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("cell", "valid", "wrong"),
    [
        ("compta@durand.example", ["compta@durand.example"], []),
        (" compta@durand.example ", ["compta@durand.example"], []),
        ("mailto:compta@durand.example", ["compta@durand.example"], []),
        ("a@durand.example; b@durand.example", ["a@durand.example", "b@durand.example"], []),
        ("a@durand.example / b@durand.example,a@durand.example", ["a@durand.example", "b@durand.example"], []),
        ("Paul Durand <paul@durand.example>", ["paul@durand.example"], []),
        ("compta@durand", [], ["compta@durand"]),
        ("compta.durand.example", [], ["compta.durand.example"]),
        ("compta@@durand.example", [], ["compta@@durand.example"]),
        ("comptabilité@durand.example", [], ["comptabilité@durand.example"]),
        ("a..b@durand.example", [], ["a..b@durand.example"]),
        ("a@durand.example\r\nBcc: x@y.example", ["a@durand.example"], ["Bcc:", "x@y.example"]),
        ("", [], []),
    ],
)
def test_addresses_as_people_type_them(cell: str, valid: list[str], wrong: list[str]) -> None:
    """Several in a cell, mailto:, names around; what a mail server would refuse is told apart."""
    assert addresses(cell) == (valid, wrong)


def test_an_invalid_address_is_a_problem_and_the_others_go_to_copy(tmp_path: Path) -> None:
    """The first valid one is written to, the others get a copy; an older valid one stays when the newest is invalid."""
    ledger = read_csv(
        tmp_path,
        """Client;Email;N° facture;Date facture;Échéance;Solde
        Durand;"a@durand.example; b@durand.example, c@durand.example";F1;01/10/2026;31/10/2026;100,00
        Petit;old@petit.example;F2;01/09/2026;31/10/2026;100,00
        Petit;new@petit;F3;01/10/2026;31/10/2026;100,00
        Sans;;F4;01/10/2026;31/10/2026;100,00""",
    )
    debtors = ledger.debtors
    assert debtors["email"].tolist() == ["a@durand.example", "old@petit.example", ""]
    assert debtors["cc"].tolist() == ["b@durand.example, c@durand.example", "", ""]
    (problem,) = ledger.problems
    assert (problem.code, problem.source.row, problem.source.column, problem.source.excerpt) == (
        "EMAIL-UNREADABLE",
        4,
        "B",
        "new@petit",
    )
    assert ledger.source.has_email


def test_the_row_of_an_invalid_address_is_right_below_rows_left_out(tmp_path: Path) -> None:
    """A row that was left out above does not shift the place."""
    ledger = read_csv(
        tmp_path,
        "Client;Email;N° facture;Échéance;Solde\nDurand;;F1;hier;1,00\nPetit;petit(at)petit.example;F2;31/10/2026;1,00",
    )
    assert [(problem.code, problem.source.row) for problem in ledger.problems] == [
        ("DATE-UNREADABLE", 2),
        ("EMAIL-UNREADABLE", 3),
    ]


def test_language_country_nature_and_the_rest(tmp_path: Path) -> None:
    """Words in French and English; what is unknown stays open for the settings."""
    ledger = read_csv(
        tmp_path,
        """Client;Langue;Pays;Type client;SIREN;Adresse;Code postal;Ville;Conditions de règlement;Contact;Téléphone;N° facture;Échéance;Solde
        Mairie de Lyon;français;France;Collectivité;212345678;1 place;69001;Lyon;30 jours;Mme Roux;0102;F1;31/10/2026;1,00
        Paul Petit;;;Particulier;;;;;;;;F2;31/10/2026;1,00
        Müller GmbH;DE;Allemagne;Entreprise;;;;;;;;F3;31/10/2026;1,00
        Inconnu;klingon;Mars;?;;;;;;;;F4;31/10/2026;1,00""",
    )
    debtors = ledger.debtors
    assert debtors["nature"].tolist() == ["public", "consumer", "business", "business"]
    assert debtors["language"].tolist() == ["fr", "", "de", ""]
    assert debtors["country"].tolist() == ["FR", "", "DE", ""]
    first = debtors.iloc[0]
    assert [first[name] for name in ("company_id", "address", "terms", "contact", "phone")] == [
        "212345678",
        "1 place\n69001 Lyon",
        "30 jours",
        "Mme Roux",
        "0102",
    ]
    assert codes(ledger) == []
    assert not ledger.source.has_email
