"""Headings on two rows, without a name, twice, with units: what each column holds."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger.table.columns import match_headings
from tests.ledger.kit import codes, days, read_csv, read_rows


def test_headings_of_groups_over_columns(tmp_path: Path) -> None:
    """`Client` over number and name, `Facture` over number and date, `Échéances` over date and amount."""
    ledger = read_csv(
        tmp_path,
        """Société Martin;;;;;
        Client;;Facture;;Échéances;
        N°;Nom;N°;Date;date;solde
        411D;Durand;F1;13/09/2026;13/10/2026;100,00
        411P;Petit;F2;05/09/2026;05/10/2026;50,00""",
    )
    assert [(field, column) for field, column, _ in ledger.source.columns] == [
        ("customer_id", "A"), ("customer_name", "B"), ("invoice_number", "C"), ("issue_date", "D"), ("due_date", "E"),
        ("open_balance", "F"),
    ]  # fmt: skip
    assert (days(ledger, "due"), ledger.source.header_row) == (["2026-10-13", "2026-10-05"], 3)


def test_headings_broken_over_two_rows_and_repeated(tmp_path: Path) -> None:
    """`Date` over `d'échéance`; on the next page both rows come again."""
    ledger = read_csv(
        tmp_path,
        """Client;N°;Date;Date;Montant;Solde
        ;facture;facture;d'échéance;TTC;dû
        Durand;F1;13/09/2026;13/10/2026;100,00;90,00
        Client;N°;Date;Date;Montant;Solde
        ;facture;facture;d'échéance;TTC;dû
        Petit;F2;05/09/2026;05/10/2026;50,00;50,00""",
    )
    assert (ledger.items["open"].tolist(), ledger.items["amount"].tolist()) == ([9000, 5000], [10000, 5000])
    assert (codes(ledger), ledger.source.rows) == ([], 2)


def test_a_title_above_the_headings_is_not_part_of_them(tmp_path: Path) -> None:
    """`Échéances` alone above the first column is the name of the report."""
    ledger = read_csv(
        tmp_path,
        """Échéances;;;
        Date;Client;N° facture;Solde
        13/09/2026;Durand;F1;100,00""",
    )
    assert [field for field, _, _ in ledger.source.columns] == [
        "issue_date",
        "customer_name",
        "invoice_number",
        "open_balance",
    ]


def test_empty_rows_and_columns_come_first(tmp_path: Path) -> None:
    """The thirty rows are counted from the first that holds anything."""
    ledger = read_rows(
        tmp_path,
        [*[[None] * 6] * 31, [None, None, "Client", "N° facture", "Échéance", "Solde"], [None, None, "Durand", "F1", "31/10/2026", 100.0]],
    )  # fmt: skip
    assert (ledger.items["source_row"].tolist(), ledger.source.header_row) == ([33], 32)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Solde (ILS)", "open_balance"),
        ("Échéance (jj/mm/aaaa)", "due_date"),
        ("Solde\nTTC (€) *", "open_balance"),
        ("Facture", "invoice_number"),
        ("Facturée le", "issue_date"),
        ("Montant (HT)", None),
    ],
)
def test_units_brackets_and_asterisks(heading: str, field: str | None) -> None:
    """A currency or the form of a date in brackets changes nothing; `(HT)` does."""
    assert list(match_headings([heading], {}).columns) == ([field] if field else [])


def test_one_heading_over_number_and_name(tmp_path: Path) -> None:
    """`Client` stands over two columns: what they hold tells them apart, and it is said."""
    ledger = read_csv(
        tmp_path,
        """Client;;N° facture;Échéance;Solde
        411DUR;Durand SARL;F1;31/10/2026;100,00
        411PET;Petit SAS;F2;31/10/2026;50,00""",
    )
    assert (ledger.items["debtor_id"].tolist(), codes(ledger)) == (["411DUR", "411PET"], ["COLUMN-UNNAMED"])
    assert ledger.debtors["name"].tolist() == ["Durand SARL", "Petit SAS"]


def test_two_columns_of_one_heading_are_asked_about_by_letter(tmp_path: Path) -> None:
    """Their heading cannot tell them apart, so the line of relance.toml takes the column's letter."""
    text = """Client;N° facture;Échéance;Solde;Solde
        Durand;F1;31/10/2026;100,00;1,00"""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.facts["line"], refused.value.facts["other_line"]) == (
        "COLUMN-AMBIGUOUS",
        "D",
        "E",
    )
    assert read_csv(tmp_path, text, Reading(columns={"open_balance": "E"})).items["open"].tolist() == [100]


def test_two_names_of_customers_that_differ_are_asked_about(tmp_path: Path) -> None:
    """A wrong customer gets a wrong letter; one's own company beside the customers is no rival."""
    with pytest.raises(RelanceError, match="COLUMN-AMBIGUOUS"):
        read_csv(
            tmp_path,
            """Client;Customer;N° facture;Échéance;Solde
            Martin;Durand;F1;31/10/2026;100,00
            Martin;Petit;F2;31/10/2026;50,00""",
        )
    ledger = read_csv(
        tmp_path,
        """Société;Client;N° facture;Échéance;Solde
        Martin;Durand;F1;31/10/2026;100,00""",
    )
    assert ledger.items["debtor_id"].tolist() == ["Durand"]


def test_two_codes_of_the_same_customers_are_chosen_between(tmp_path: Path) -> None:
    """They part the rows alike, so no total hangs on the choice."""
    ledger = read_csv(
        tmp_path,
        """Compte client;Code client;N° facture;Échéance;Solde
        411DUR;C1;F1;31/10/2026;100,00
        411PET;C2;F2;31/10/2026;50,00
        411DUR;C1;F3;31/10/2026;50,00""",
    )
    assert (ledger.items["debtor_id"].tolist(), codes(ledger)) == (["411DUR", "411PET", "411DUR"], ["COLUMN-CHOSEN"])


def test_collective_accounts_alone_are_no_customers(tmp_path: Path) -> None:
    """411000 for everybody and no name: the refusal asks for the customer's column."""
    with pytest.raises(RelanceError) as refused:
        read_csv(
            tmp_path,
            """Compte;N° facture;Échéance;Solde
            411000;F1;31/10/2026;100,00
            411000;F2;31/10/2026;50,00""",
        )
    assert (refused.value.code, refused.value.facts["field"]) == ("COLUMN-MISSING", "customer_name")
