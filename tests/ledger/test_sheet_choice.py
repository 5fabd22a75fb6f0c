"""Which sheet is the ledger, and what stands beside and below it."""

from pathlib import Path

import openpyxl
import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger import Cell, open_book, read
from tests.ledger.kit import codes, read_csv, write_xlsx

COLUMNS: list[Cell | None] = ["Client", "N° facture", "Échéance", "Solde"]
ONE: list[Cell | None] = ["Durand", "F1", "31/10/2026", 100.0]
TWO: list[Cell | None] = ["Petit", "F2", "30/11/2026", 50.0]


def hide(path: Path, *names: str) -> Path:
    """Hide sheets of a workbook."""
    book = openpyxl.load_workbook(path)
    for name in names:
        book[name].sheet_state = "hidden"
    book.save(path)
    return path


def test_two_sheets_that_are_ledgers_alike_are_asked_about(tmp_path: Path) -> None:
    """One sheet a year, or a copy: the refusal names them, the line of relance.toml settles it."""
    path = write_xlsx(tmp_path, {"2025": [COLUMNS, ONE], "2026": [COLUMNS, TWO], "Copie": [COLUMNS, TWO]})
    with pytest.raises(RelanceError) as refused:
        read(open_book(path), Reading())
    assert (refused.value.code, refused.value.facts["sheets"]) == ("SHEETS-ALIKE", "2025, 2026, Copie")
    assert read(open_book(path), Reading(sheet="2026")).items["number"].tolist() == ["F2"]


def test_an_empty_sheet_with_the_same_headings_asks_nothing(tmp_path: Path) -> None:
    """A model without rows is no ledger."""
    path = write_xlsx(tmp_path, {"Modèle": [COLUMNS], "2026": [COLUMNS, TWO]})
    ledger = read(open_book(path), Reading())
    assert (ledger.source.sheet, codes(ledger)) == ("2026", [])


def test_a_list_of_sales_beside_the_open_invoices_is_named(tmp_path: Path) -> None:
    """The sheet with due dates and balances is read; the other is said, with its rows and its sum."""
    sales: list[list[Cell | None]] = [
        ["Client", "N° facture", "Date", "Montant"],
        ["Durand", "F1", "01/09/2026", 100.0],
        [*TWO[:2], "02/09/2026", 80.0],
    ]
    path = write_xlsx(tmp_path, {"Ventes": sales, "Impayés": [COLUMNS, ONE]})
    ledger = read(open_book(path), Reading())
    (problem,) = ledger.problems
    assert (ledger.source.sheet, problem.code, problem.severity) == ("Impayés", "SHEET-CHOSEN", Severity.WARNING)
    assert (problem.facts["others"], problem.facts["n"], problem.facts["total"]) == ("Ventes", 2, Money(18000, ""))


@pytest.mark.parametrize("front", [[["Bonjour"]], [COLUMNS]])
def test_a_hidden_sheet_is_read_when_no_visible_one_holds_a_ledger(
    tmp_path: Path, front: list[list[Cell | None]]
) -> None:
    """Said by a warning; a front page or a model without rows is no ledger."""
    path = hide(write_xlsx(tmp_path, {"Accueil": front, "Données": [COLUMNS, ONE]}), "Données")
    ledger = read(open_book(path), Reading())
    assert (ledger.source.sheet, len(ledger.items), codes(ledger)) == ("Données", 1, ["HIDDEN-SHEET"])


def test_a_visible_ledger_goes_before_a_hidden_one(tmp_path: Path) -> None:
    """What people see is what is read; a hidden sheet that relance.toml names is read without a word."""
    path = hide(write_xlsx(tmp_path, {"Données": [COLUMNS, ONE], "Vue": [COLUMNS, TWO]}), "Données")
    assert read(open_book(path), Reading()).items["number"].tolist() == ["F2"]
    ledger = read(open_book(path), Reading(sheet="Données"))
    assert (ledger.items["number"].tolist(), codes(ledger)) == (["F1"], [])


def test_another_table_below_is_left_aside(tmp_path: Path) -> None:
    """Suppliers under the customers: none of their rows is an item, and that is said."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Total;;;100,00
        ;;;
        Fournisseur;N° pièce;Date;Montant
        Courant;X1;01/10/2026;900,00
        Gaz;X2;01/10/2026;80,00""",
    )
    assert ledger.items["open"].tolist() == [10000]
    assert [(problem.code, problem.source.row) for problem in ledger.problems] == [
        ("TABLE-BELOW", 5),
        ("TOTAL-AGREES", 3),
    ]
    assert ledger.problems[0].facts == {"n": 2}


def test_the_same_headings_again_go_on(tmp_path: Path) -> None:
    """Two tables with one form under each other are one ledger."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        ;;;
        Client;N° facture;Échéance;Solde
        Petit;F2;30/11/2026;50,00""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000, 5000], [])


def test_other_words_over_the_same_columns_go_on(tmp_path: Path) -> None:
    """The second table says `Date échéance` where the first said `Échéance`."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Nom client;Facture n°;Date échéance;Reste dû
        Petit;F2;30/11/2026;50,00""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000, 5000], [])


def test_of_two_ledgers_under_each_other_the_first_is_read(tmp_path: Path) -> None:
    """The second has more columns, but the first has rows: nothing above the headings is lost in silence."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;
        Durand;F1;31/10/2026;100,00;
        Client;N° facture;Date;Échéance;Solde
        Petit;F2;01/10/2026;30/11/2026;50,00""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000], ["TABLE-BELOW"])


def test_a_summary_beside_the_ledger_is_left_aside(tmp_path: Path) -> None:
    """An empty column parts them; the summary's amounts are nobody's."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;;Tranche;Montant
        Durand;F1;31/10/2026;100,00;;1-30;150,00
        Petit;F2;30/11/2026;50,00;;;""",
    )
    assert (ledger.items["amount"].tolist(), codes(ledger)) == ([10000, 5000], ["TABLE-BESIDE"])
    assert ledger.problems[0].facts == {"own": "A–D", "others": "F–G"}


def test_two_ledgers_side_by_side_are_refused(tmp_path: Path) -> None:
    """Reading one of them would be half a total."""
    with pytest.raises(RelanceError) as refused:
        read_csv(
            tmp_path,
            """Client;N° facture;Échéance;Solde;;Client;N° facture;Échéance;Solde
            Durand;F1;31/10/2026;100,00;;Petit;F2;30/11/2026;50,00""",
        )
    assert (refused.value.code, refused.value.facts) == ("TABLES-BESIDE", {"found": "A–D, F–I"})


def test_comments_behind_an_empty_column_belong_to_the_ledger(tmp_path: Path) -> None:
    """Without amounts of their own they are no other table."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;;Commentaire
        Durand;F1;31/10/2026;100,00;;attend un avoir""",
    )
    assert (ledger.items["note"].tolist(), codes(ledger)) == (["attend un avoir"], [])
