"""Finding the table: sheet, heading row, items, totals, footers."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger import Cell, open_book, read
from batch.ledger.table.columns import field_facts
from tests.ledger.kit import HEADINGS, codes, read_csv, write_xlsx

ROW: list[Cell | None] = ["Durand", "F1", "20/10/2026", "20/11/2026", 100.0]
COLUMNS: list[Cell | None] = ["Client", "N° facture", "Date facture", "Échéance", "Solde"]


def test_titles_above_blanks_repeats_totals_and_footers_are_no_items(tmp_path: Path) -> None:
    """A printed report: four items are left, and its grand total agrees with them."""
    ledger = read_csv(
        tmp_path,
        f"""Établissements Martin;;;;;;
        Échéancier clients au 20/11/2026;;;;;;
        ;;;;;;
        {HEADINGS}
        411DUR;Durand;F1;01/10/2026;31/10/2026;100,00;100,00
        411DUR;Durand;F2;02/10/2026;01/11/2026;50,00;50,00
        Sous-total;;;;;150,00;150,00
        ;;;;;;
        {HEADINGS}
        411PET;Petit;F3;03/10/2026;02/11/2026;25,00;20,00
        Total client Petit;;;;;25,00;20,00
        411TOT;Total Énergies;F4;13/10/2026;12/11/2026;10,00;10,00
        Total général;;;;;185,00;180,00
        ;;;;;;
        Édité le 20/11/2026;;;;;;
        Page 1/1;;;;;;""",
    )
    assert ledger.items["number"].tolist() == ["F1", "F2", "F3", "F4"]
    assert ledger.items["source_row"].tolist() == [5, 6, 10, 12]
    source = ledger.source
    assert (source.header_row, source.last_row, source.rows, source.left_out) == (4, 13, 4, 0)
    (problem,) = ledger.problems
    assert (problem.code, problem.severity, problem.source.row) == ("TOTAL-AGREES", Severity.INFO, 13)


def test_a_total_that_is_not_the_sum_is_said(tmp_path: Path) -> None:
    """The file says 200.00, its rows make 150.00."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Petit;F2;01/11/2026;50,00
        Total;;;200,00""",
    )
    (problem,) = ledger.problems
    assert (problem.code, problem.severity) == ("TOTAL-DIFFERS", Severity.WARNING)
    assert problem.facts == {
        "label": "Total",
        "total": Money(20000, "EUR"),
        "summed": Money(15000, "EUR"),
        "difference": Money(5000, "EUR"),
    }


def test_a_bare_sum_under_the_column_is_a_total(tmp_path: Path) -> None:
    """A figure without customer, number or day is the sum of the column."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Petit;F2;01/11/2026;50,00
        ;;;150,00""",
    )
    assert (len(ledger.items), codes(ledger)) == (2, ["TOTAL-AGREES"])


def test_several_totals_of_parts_add_up(tmp_path: Path) -> None:
    """`Total` under each customer and none at the end: together they are the sum."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Total;;;100,00
        Petit;F2;01/11/2026;50,00
        Total;;;50,00""",
    )
    assert (ledger.items["open"].sum(), codes(ledger)) == (15000, ["TOTAL-AGREES"])


def test_a_customer_named_total_without_a_day_is_not_dropped_in_silence(tmp_path: Path) -> None:
    """An invoice number says that it is an item: it is left out with a Problem, not taken for a total."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Total Énergies;F2;;50,00""",
    )
    assert (len(ledger.items), codes(ledger), ledger.source.left_out) == (1, ["DATE-MISSING"], 1)


def test_the_sheet_with_the_most_known_headings_is_taken(tmp_path: Path) -> None:
    """A list of customers comes first, the ledger third."""
    path = write_xlsx(
        tmp_path,
        {
            "Clients": [["Client", "Email", "Téléphone"], ["Durand", "a@durand.example", "01"]],
            "Notes": [["à faire"]],
            "Factures": [COLUMNS, ROW],
        },
    )
    ledger = read(open_book(path), Reading())
    assert (ledger.source.sheet, ledger.items["source_sheet"].tolist()) == ("Factures", ["Factures"])


def test_relance_toml_names_the_sheet(tmp_path: Path) -> None:
    """The named sheet wins over a fuller one; a name that is not there is refused with the names that are."""
    path = write_xlsx(tmp_path, {"2026": [COLUMNS, ROW], "2025": [COLUMNS[:1] + COLUMNS[3:], [ROW[0], *ROW[3:]]]})
    assert read(open_book(path), Reading(sheet="2025")).source.sheet == "2025"
    with pytest.raises(RelanceError) as refused:
        read(open_book(path), Reading(sheet="2024"))
    assert (refused.value.code, refused.value.facts["found"]) == ("SHEET-MISSING", "2026, 2025")


def test_an_annotated_workbook_is_read_only_by_its_sheet(tmp_path: Path) -> None:
    """`run` on Relance's own workbook is refused; `send` names the sheet, and our columns are not read."""
    headings = [*COLUMNS, "Relance · Clé", "Relance · Retard"]
    path = write_xlsx(tmp_path, {"Factures": [headings, [*ROW, "k", 12]], "À propos": [["Relance"], ["1.0.0"]]})
    with pytest.raises(RelanceError, match="ALREADY-ANNOTATED"):
        read(open_book(path), Reading())
    ledger = read(open_book(path), Reading(sheet="Factures"))
    assert [name for name, _, _ in ledger.source.columns] == [
        "customer_name",
        "invoice_number",
        "issue_date",
        "due_date",
        "open_balance",
    ]


def test_an_about_sheet_of_somebody_else_is_no_reason(tmp_path: Path) -> None:
    """Only A1 = Relance marks our own workbook."""
    path = write_xlsx(tmp_path, {"About": [["Exported by ERP"]], "Factures": [COLUMNS, ROW]})
    assert read(open_book(path), Reading()).source.sheet == "Factures"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bonjour\nceci n'est pas un tableau", "NO-TABLE"),
        ("Nom;Prénom;Ville\nDurand;Paul;Lyon", "NO-TABLE"),
        ("N° facture;Échéance;Solde\nF1;31/10/2026;100,00", "COLUMN-MISSING"),
        ("Client;N° facture;Solde\nDurand;F1;100,00", "COLUMN-MISSING"),
        ("Client;N° facture;Échéance\nDurand;F1;31/10/2026", "COLUMN-MISSING"),
        ("Client;N° pièce;Débit;Crédit\nDurand;F1;100,00;", "COLUMN-MISSING"),
    ],
)  # fmt: skip
def test_a_file_without_a_whole_table_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """One clear refusal each."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert refused.value.code == code


def test_a_missing_column_is_named_with_what_was_found(tmp_path: Path) -> None:
    """So that the line for relance.toml can be written at once."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, "Client;N° facture;Solde\nDurand;F1;100,00")
    assert refused.value.facts == field_facts("due_date") | {"found": "A Client, B N° facture, C Solde"}


def test_headings_only_are_an_empty_ledger(tmp_path: Path) -> None:
    """Nothing is open: that is said, and no error."""
    ledger = read_csv(tmp_path, HEADINGS)
    assert (len(ledger.items), len(ledger.debtors), codes(ledger)) == (0, 0, ["NO-ROWS"])
