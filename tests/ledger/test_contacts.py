"""A second file about the customers: found, joined by number or exact name, laid over the ledger's own columns."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from batch.core.policy import Reading
from batch.core.problem import Problem, RelanceError, Severity
from batch.core.records import Ledger
from batch.ledger import open_book
from batch.ledger.cells.typed import Typed
from batch.ledger.customers.enriched import open_directory
from batch.ledger.items import Columns
from batch.ledger.table.choice import find_table
from batch.ledger.table.findings import Findings
from batch.words import Words
from tests.ledger.kit import codes, read_csv, write_csv, write_xlsx

if TYPE_CHECKING:
    from batch.ledger import Cell

LEDGER = """Code client;Client;Email;N° facture;Date facture;Échéance;Solde
C1;Durand SA;;F1;01/10/2026;31/10/2026;100,00
C2;Petit;old@petit.example;F2;01/10/2026;31/10/2026;200,00
C3;Morel;;F3;01/10/2026;31/10/2026;300,00"""
BY_NAME = "Client;N° facture;Échéance;Solde\nDurand  SA;F1;31/10/2026;1,00\nPetit;F2;31/10/2026;1,00"


def read_with(folder: Path, contacts: str, ledger: str = LEDGER, **more: object) -> Ledger:
    """Read the ledger with a csv of contacts."""
    path = folder / "clients.csv"
    path.write_text("\n".join(line.strip() for line in contacts.strip().splitlines()), encoding="utf-8")
    return read_csv(folder, ledger, Reading(contacts=str(path), **more))  # type: ignore[arg-type]


def about(ledger: Ledger, debtor: str) -> dict[str, object]:
    """Return what is known of a customer."""
    return dict(ledger.debtors.set_index("debtor_id").loc[debtor])


def one(ledger: Ledger, code: str) -> Problem:
    """Return the only problem of a code."""
    (problem,) = [problem for problem in ledger.problems if problem.code == code]
    return problem


def test_contacts_fill_what_the_ledger_lacks(tmp_path: Path) -> None:
    """Every column of the second file comes in by the customer's number; who is in neither stays as he was."""
    ledger = read_with(
        tmp_path,
        """Fichier clients au 01/11/2026
        Code client;Raison sociale;E-mail;Téléphone;Contact;Langue;Pays;Adresse;CP;Ville;SIREN;Nature;Conditions;Politique de relance;Plafond crédit;Chargé de recouvrement
        C1;DURAND;mailto:compta@durand.example;01 02;Mme Roux;anglais;Belgique;1 rue Haute;1000;Bruxelles;732 829 320;Particulier;45 jours;douce;5000;Luc
        C9;Inconnu;x@inconnu.example;;;;;;;;;;;;;""",
    )
    wanted = {
        "name": "Durand SA", "email": "compta@durand.example", "phone": "01 02", "contact": "Mme Roux", "language": "en",
        "country": "BE", "address": "1 rue Haute\n1000 Bruxelles", "company_id": "732 829 320", "nature": "consumer",
        "terms": "45 jours", "policy": "douce", "rating": "5000", "caller": "Luc", "cc": "",
    }  # fmt: skip
    found = about(ledger, "C1")
    assert {name: found[name] for name in wanted} == wanted
    assert (about(ledger, "C3")["email"], about(ledger, "C3")["nature"]) == ("", "business")
    told = one(ledger, "CONTACTS-JOINED")
    assert (told.severity, told.facts["found"], told.facts["customers"], told.facts["strangers"]) == (
        Severity.INFO,
        1,
        3,
        1,
    )
    assert codes(ledger) == ["CONTACTS-JOINED"]
    contacts = ledger.source.contacts
    assert contacts is not None
    assert (contacts.file, contacts.header_row, contacts.rows, contacts.joined, contacts.strangers) == (
        "clients.csv",
        2,
        2,
        1,
        1,
    )


def test_the_contacts_file_counts_as_an_email_column(tmp_path: Path) -> None:
    """A ledger without e-mail column is not without addresses when the second file has them."""
    assert read_with(tmp_path, "Client;Mail\nPetit;a@petit.example", BY_NAME).source.has_email
    assert not read_with(tmp_path, "Client;Langue\nPetit;en", BY_NAME).source.has_email


def test_several_addresses_in_a_cell(tmp_path: Path) -> None:
    """The first is written to, the others get a copy; what is no address is a Problem that names the contacts file's cell."""
    ledger = read_with(
        tmp_path,
        """Code;Nom;Courriel
        C1;Durand SA;"mailto:a@durand.example / b@durand.example, c@durand.example"
        C3;Morel;compta(at)morel.example
        C9;Autre;also(at)wrong.example""",
    )
    assert (about(ledger, "C1")["email"], about(ledger, "C1")["cc"]) == (
        "a@durand.example",
        "b@durand.example, c@durand.example",
    )
    assert about(ledger, "C3")["email"] == ""
    bad = one(ledger, "EMAIL-UNREADABLE").source
    assert (bad.file, bad.row, bad.column, bad.heading, bad.excerpt) == (
        "clients.csv",
        3,
        "C",
        "Courriel",
        "compta(at)morel.example",
    )


def test_where_both_differ_the_contacts_file_wins(tmp_path: Path) -> None:
    """A file that a person names is kept by a person; an address that cannot be used does not replace one that can."""
    ledger = read_with(tmp_path, "Code client;Email\nC2;new@petit.example\nC1;a@durand.example")
    assert about(ledger, "C2")["email"] == "new@petit.example"
    differ = one(ledger, "CONTACTS-DIFFER").facts
    assert [differ[name] for name in ("n", "customer", "field", "own", "other")] == [
        1,
        "C2",
        "email",
        "old@petit.example",
        "new@petit.example",
    ]
    ledger = read_with(tmp_path, "Code client;Email\nC2;new@petit")
    assert (about(ledger, "C2")["email"], "CONTACTS-DIFFER" in codes(ledger)) == ("old@petit.example", False)


def test_by_exact_name_where_there_are_no_numbers(tmp_path: Path) -> None:
    """Spaces and capitals do not count; another word does."""
    ledger = read_with(tmp_path, "Nom;Email\nDURAND   sa;a@durand.example\nPetit SARL;b@petit.example", BY_NAME)
    assert (about(ledger, "Durand SA")["email"], about(ledger, "Petit")["email"]) == ("a@durand.example", "")


def test_a_name_that_means_two_customers_is_joined_to_neither(tmp_path: Path) -> None:
    """Under two numbers in the ledger, or on two differing rows of the file: a Problem, and no address is taken."""
    twice = "Code client;Client;N° facture;Échéance;Solde\nC1;Durand;F1;31/10/2026;1,00\nC2;Durand;F2;31/10/2026;1,00"
    ledger = read_with(tmp_path, "Nom;Email\nDurand;a@durand.example", twice)
    assert ledger.debtors["email"].tolist() == ["", ""]
    assert one(ledger, "CONTACTS-NAME-AMBIGUOUS").source.row == 2
    ledger = read_with(tmp_path, "Nom;Email\nPetit;a@petit.example\nPETIT;b@petit.example", BY_NAME)
    assert about(ledger, "Petit")["email"] == ""
    assert one(ledger, "CONTACTS-NAME-AMBIGUOUS").facts["n"] == 1
    ledger = read_with(tmp_path, "Nom;Email\nPetit;a@petit.example\nPetit;a@petit.example", BY_NAME)
    assert about(ledger, "Petit")["email"] == "a@petit.example"


def test_another_number_is_another_customer_whatever_the_name(tmp_path: Path) -> None:
    """As soon as the file's numbers are the ledger's own, a namesake under another number is somebody else."""
    ledger = read_with(tmp_path, "Code;Nom;Email\nC1;Durand SA;a@durand.example\nC7;Morel;b@morel.example")
    assert (about(ledger, "C1")["email"], about(ledger, "C3")["email"]) == ("a@durand.example", "")


def test_numbers_of_another_program_are_not_trusted(tmp_path: Path) -> None:
    """Both programs count from 1: joined by number, Durand's reminder would go to Zola; the names join instead."""
    ledger = "Code client;Client;N° facture;Échéance;Solde\n1;Durand;F1;31/10/2026;1,00\n2;Petit;F2;31/10/2026;1,00"
    found = read_with(
        tmp_path, "N°;Nom;Email\n1;Zola;z@zola.example\n2;Durand;a@durand.example\n3;Petit;b@petit.example", ledger
    )
    assert found.debtors["email"].tolist() == ["a@durand.example", "b@petit.example"]
    assert one(found, "CONTACTS-NUMBERS-FOREIGN").severity is Severity.WARNING


def test_a_number_named_in_the_settings_is_trusted(tmp_path: Path) -> None:
    """Trade names here, legal names there: naming the column says that the numbers are the ledger's own."""
    contacts = "N° tiers;Nom;Email\nC1;Boulangerie du Port;a@durand.example"
    assert about(read_with(tmp_path, contacts), "C1")["email"] == ""
    ledger = read_with(tmp_path, contacts, contact_columns={"customer_id": "N° tiers"})
    assert about(ledger, "C1")["email"] == "a@durand.example"


def test_zeros_that_a_spreadsheet_dropped(tmp_path: Path) -> None:
    """00042 and 42 are one number where nothing else could be meant and the names agree; else they are two."""
    ledger = (
        "Code client;Client;N° facture;Échéance;Solde\n00042;Durand;F1;31/10/2026;1,00\n00043;Petit;F2;31/10/2026;1,00"
    )
    rows: list[list[Cell | None]] = [
        ["Code client", "Nom", "Email"],
        [42, "durand", "a@durand.example"],
        [43, "Zola", "z@zola.example"],
    ]
    path = write_xlsx(tmp_path, {"Clients": rows}, "clients.xlsx")
    found = read_csv(tmp_path, ledger, Reading(contacts=str(path)))
    assert found.debtors["email"].tolist() == ["a@durand.example", ""]


def test_several_rows_for_one_customer(tmp_path: Path) -> None:
    """The first row that fills a column counts; a second address is another person's, and is not copied in silence."""
    ledger = read_with(tmp_path, "Code client;Email;Téléphone\nC1;a@durand.example;\nC1;b@durand.example;01 02")
    assert [about(ledger, "C1")[name] for name in ("email", "cc", "phone")] == ["a@durand.example", "", "01 02"]
    repeated = one(ledger, "CONTACTS-REPEATED")
    assert (repeated.facts["customer"], repeated.source.row) == ("C1", 3)


def test_a_word_that_is_no_nature(tmp_path: Path) -> None:
    """What may be claimed depends on the nature, so a word that is none is named; a dash says nothing."""
    ledger = read_with(tmp_path, "Code client;Nature\nC1;martien\nC2;-\nC3;Collectivité")
    assert ledger.debtors["nature"].tolist() == ["business", "business", "public"]
    unknown = one(ledger, "CONTACTS-WORD-UNKNOWN").source
    assert (unknown.row, unknown.column, unknown.excerpt) == (2, "B", "martien")


def test_names_for_a_ledger_of_numbers(tmp_path: Path) -> None:
    """Where the ledger only knows numbers, the second file says who they are."""
    ledger = read_with(
        tmp_path,
        "Code client;Raison sociale;Email\nC1;Durand  SA;a@durand.example",
        "Code client;N° facture;Échéance;Solde\nC1;F1;31/10/2026;1,00\nC2;F2;31/10/2026;1,00",
    )
    assert ledger.debtors["name"].tolist() == ["Durand SA", "C2"]


def test_a_table_among_other_sheets_of_a_workbook(tmp_path: Path) -> None:
    """The sheet and the row with most columns about customers is found; a book of amounts beside it is not taken for it."""
    notes: list[list[Cell | None]] = [["Notes"], ["à jour"]]
    clients: list[list[Cell | None]] = [
        ["Clients 2026"],
        [],
        ["N°", "Nom", "Email", "Tél"],
        ["C1", "Durand SA", "a@durand.example", "01 02"],
    ]
    path = write_xlsx(tmp_path, {"Notes": notes, "Clients": clients}, "clients.xlsx")
    ledger = read_csv(tmp_path, LEDGER, Reading(contacts=str(path)))
    assert (about(ledger, "C1")["email"], about(ledger, "C1")["phone"]) == ("a@durand.example", "01 02")
    assert ledger.source.contacts is not None
    assert (ledger.source.contacts.sheet, ledger.source.contacts.header_row) == ("Clients", 3)


def test_a_column_named_in_the_settings(tmp_path: Path) -> None:
    """[ledger.contact_columns] goes before every word; two columns that claim a field are a Problem naming that section."""
    contacts = "Code client;Email;E-mail facturation\nC1;a@durand.example;b@durand.example"
    ledger = read_with(tmp_path, "Code client;Email;Courriel\nC1;a@durand.example;b@durand.example")
    assert about(ledger, "C1")["email"] == "a@durand.example"
    assert one(ledger, "CONTACTS-COLUMN-CHOSEN").facts["other"] == "C Courriel"
    ledger = read_with(tmp_path, contacts, contact_columns={"email": "E-mail facturation"})
    assert about(ledger, "C1")["email"] == "b@durand.example"


def test_nobody_in_common(tmp_path: Path) -> None:
    """A file of other customers is said to be one."""
    ledger = read_with(tmp_path, "Code client;Email\nX1;a@durand.example")
    assert one(ledger, "CONTACTS-NONE-JOINED").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("contacts", "more", "code"),
    [
        (None, {}, "CONTACTS-MISSING"),
        ("a;b\n1;2", {}, "CONTACTS-NO-TABLE"),
        ("Email;Langue\na@durand.example;fr", {}, "CONTACTS-NO-KEY"),
        (
            "Code client;Email\nC1;a@durand.example",
            {"contact_columns": {"phone": "Mobile"}},
            "CONTACTS-COLUMN-NOT-FOUND",
        ),
        (
            "Code client;Email\nC1;a@durand.example",
            {"contact_columns": {"due_date": "Email"}},
            "CONTACTS-FIELD-UNKNOWN",
        ),
        ("", {}, "EMPTY-FILE"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, contacts: str | None, more: dict[str, object], code: str) -> None:
    """Named in the settings and not usable: the run stops, for reminders without their addresses are not what was asked."""
    path = tmp_path / "clients.csv"
    if contacts is not None:
        path.write_text(contacts, encoding="utf-8")
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, LEDGER, Reading(contacts=str(path), **more))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.source.file == "clients.csv"


def test_terms_reach_the_items(tmp_path: Path) -> None:
    """Due dates follow from the customer's terms, so the file's terms stand in every one of his rows before items are built."""
    path = tmp_path / "clients.csv"
    path.write_text("Code client;Conditions\nC1;45 jours fin de mois\nC3;", encoding="utf-8")
    book = open_book(write_csv(tmp_path, LEDGER))
    reading = Reading(contacts=str(path))
    findings = Findings(book, find_table(book, reading), np.arange(3))
    typed = Typed({}, {}, [], np.zeros(3, dtype=bool), {}, {})
    ids, names = ["C1", "C2", "C1"], ["Durand SA", "Petit", "Durand SA"]
    columns = Columns({"customer_name": names, "terms": ["", "60 jours", "30 jours"]}, typed, 3)
    directory = open_directory(reading, columns, ids, findings)
    assert directory is not None
    told = directory.with_terms(columns, ids).text("terms")
    assert told == ["45 jours fin de mois", "60 jours", "45 jours fin de mois"]


def test_two_numbers_in_the_contacts_file_are_asked_about_in_its_own_section(tmp_path: Path) -> None:
    """Which is the ledger's cannot be known; the line goes where columns of this file are named."""
    text = "Code client;N° client;Email\nC1;X1;a@durand.example\nC2;X1;b@petit.example"
    with pytest.raises(RelanceError) as refused:
        read_with(tmp_path, text)
    assert (refused.value.code, refused.value.facts["section"]) == ("COLUMN-AMBIGUOUS", "ledger.contact_columns")
    assert '[ledger.contact_columns]: customer_id = "Code client"' in Words("en").problem(refused.value)[1]
