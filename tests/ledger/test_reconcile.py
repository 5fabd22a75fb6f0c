"""Every cent of the file's own column is accounted for, and each column's reading has its reason."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger, Reconciliation
from batch.ledger import open_book
from batch.ledger.cells.typed import type_columns
from batch.ledger.reconcile import reconcile
from batch.ledger.table.choice import find_table
from batch.ledger.table.findings import Findings
from batch.ledger.table.lines import sort_rows
from tests.ledger.kit import HEADINGS, codes, read_csv, write_csv

MIXED = """Client;Type;N° facture;Échéance;Solde;Statut
Durand;Facture;F1;31/10/2026;1 000,00;
Durand;Avoir;A1;31/10/2026;150,00;
Petit;Facture;F2;hier;40,50;
Petit;Facture;F3;31/10/2026;12,3X;
Morel;Facture;F4;31/10/2026;7,00;Brouillon
Total;;;;1 197,50;"""


def sums(ledger: Ledger) -> Reconciliation:
    """Return the reconciliation of a ledger in one currency."""
    (found,) = ledger.source.reconciliation
    return found


def test_every_part_of_the_column(tmp_path: Path) -> None:
    """By hand: 1000 + 150 + 40.50 + 7 = 1197.50 in the column; 1000 - 150 = 850 taken, 40.50 left out, 7 aside, 2 x 150 turned."""
    ledger = read_csv(tmp_path, MIXED)
    assert sums(ledger) == Reconciliation(
        "EUR",
        "open_balance",
        source=119750,
        taken=85000,
        left_out=4050,
        aside=700,
        turned=30000,
        unread=1,
        stated=119750,
    )
    assert (sums(ledger).difference, sums(ledger).agrees) == (0, True)
    assert (ledger.source.rows, ledger.source.left_out, ledger.source.aside, ledger.source.totals) == (4, 2, 1, 1)
    assert dict(ledger.source.left_by) == {"DATE-UNREADABLE": 1, "AMOUNT-UNREADABLE": 1}
    assert "TOTAL-AGREES" in codes(ledger)
    assert "RECONCILIATION-DIFFERS" not in codes(ledger)


def test_a_row_counts_for_its_first_problem(tmp_path: Path) -> None:
    """A row whose amount and date are both unreadable is one row left out, not two."""
    ledger = read_csv(
        tmp_path,
        "Client;N° facture;Échéance;Solde\nDurand;F1;hier;1,2X\nDurand;F2;31/10/2026;1,00\n;F3;31/10/2026;5,00",
    )
    assert dict(ledger.source.left_by) == {"AMOUNT-UNREADABLE": 1, "CUSTOMER-MISSING": 1}
    assert ledger.source.left_out == 2


def test_currencies_are_never_added_up(tmp_path: Path) -> None:
    """One reconciliation per currency, each in its own minor units."""
    ledger = read_csv(
        tmp_path,
        "Client;N° facture;Échéance;Solde;Devise\nA;F1;31/10/2026;10,00;EUR\nB;F2;31/10/2026;1500;JPY\nB;F3;demain;7,25;EUR",
    )
    assert [(each.currency, each.source, each.taken, each.left_out) for each in ledger.source.reconciliation] == [
        ("EUR", 1725, 1000, 725),
        ("JPY", 1500, 1500, 0),
    ]


def test_without_balances_the_amounts_are_summed(tmp_path: Path) -> None:
    """Where the balance is worked out from what was paid, it is the amounts that must add up."""
    ledger = read_csv(
        tmp_path,
        "Client;N° facture;Échéance;Montant TTC;Montant payé\nA;F1;31/10/2026;100,00;30,00\nA;F2;31/10/2026;50,00;",
    )
    assert (sums(ledger).field, sums(ledger).source, sums(ledger).taken, sums(ledger).agrees) == (
        "amount",
        15000,
        15000,
        True,
    )
    assert ledger.items["open"].tolist() == [7000, 5000]


def test_a_total_of_the_file_that_differs(tmp_path: Path) -> None:
    """300 is written under rows of 100 and 150: both figures are kept, and it is a Problem."""
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;100,00\nB;F2;31/10/2026;150,00\nTotal;;;300,00"
    )
    assert (sums(ledger).source, sums(ledger).stated, sums(ledger).difference, sums(ledger).agrees) == (
        25000,
        30000,
        0,
        False,
    )
    assert "TOTAL-DIFFERS" in codes(ledger)


def test_an_item_that_was_lost_or_changed_is_found(tmp_path: Path) -> None:
    """The column is summed without the items: an item that goes missing, or a cent that changes, cannot pass."""
    text = f"{HEADINGS}\nC1;A;F1;01/10/2026;31/10/2026;100,00;100,00\nC1;A;F2;01/10/2026;31/10/2026;50,00;50,00"
    ledger = read_csv(tmp_path, text)
    book = open_book(write_csv(tmp_path, text))
    table = find_table(book, Reading())
    cells = {name: [row[place] for row in table.rows] for name, place in table.match.columns.items()}
    lines = sort_rows(table, cells, 2)
    none = np.zeros(2, dtype=bool)
    for items, difference in (
        (ledger.items, 0),
        (ledger.items.iloc[:1], 5000),
        (ledger.items.assign(open=ledger.items["open"] - 1), 2),
    ):
        findings = Findings(book, table, lines.items)
        typed = type_columns(table, cells, 2, Reading(), findings)
        (found,) = reconcile(table, lines, typed, findings, None, left_out=none, aside=none, items=items)
        assert found.difference == difference
        assert [problem.code for problem in findings.all()] == (["RECONCILIATION-DIFFERS"] if difference else [])


def test_each_column_has_its_reason(tmp_path: Path) -> None:
    """A specific word, a general one, a name from the settings, a rival; and why the others were not used."""
    text = "Client;Solde;Date;Échéance;Mon numéro;Note interne;Remarque;Montant HT;Champ libre;Vide;Relance · clé\nA;1,00;01/10/2026;31/10/2026;7;x;y;0,80;z;;k"
    ledger = read_csv(tmp_path, text, Reading(columns={"invoice_number": "Mon numéro", "note": "Note interne"}))
    uses = {use.heading: (use.field, use.why) for use in ledger.source.uses}
    assert uses == {
        "Client": ("customer_name", "general"), "Solde": ("open_balance", "general"), "Date": ("issue_date", "general"),
        "Échéance": ("due_date", "word"), "Mon numéro": ("invoice_number", "named"), "Note interne": ("note", "named"),
        "Remarque": ("", "beaten"), "Montant HT": ("", "refused"), "Champ libre": ("", "unknown"), "Vide": ("", "empty"),
        "Relance · clé": ("", "own"),
    }  # fmt: skip


def test_a_choice_between_rivals_is_told(tmp_path: Path) -> None:
    """Two columns of comments: the one that was taken names the other."""
    ledger = read_csv(tmp_path, "Client;Solde;Échéance;Note;Remarque\nA;1,00;31/10/2026;x;y")
    (note,) = [use for use in ledger.source.uses if use.field == "note"]
    assert (note.heading, note.others, note.tier) == ("Note", ("Remarque",), 1)
    assert [(use.field, use.tier) for use in ledger.source.uses][:2] == [("customer_name", 3), ("open_balance", 2)]


OTHER = "Qui;Combien;Quand;N° pièce;Client;Solde;Échéance\nX;1,50;05/06/2026;F1;Durand;100,00;31/10/2026"


@pytest.mark.parametrize(
    ("field", "heading", "column", "value"),
    [
        ("customer_name", "Qui", "debtor_id", "X"),
        ("open_balance", "Combien", "open", 150),
        ("due_date", "Quand", "due", "2026-06-05"),
        ("invoice_number", "Qui", "number", "X"),
    ],
)
def test_the_settings_override_every_column(
    tmp_path: Path, field: str, heading: str, column: str, value: object
) -> None:
    """A column named in relance.toml goes before a heading that the vocabulary knows."""
    ledger = read_csv(tmp_path, OTHER, Reading(columns={field: heading}))
    found = ledger.items[column].tolist()[0]
    assert (found.date().isoformat() if column == "due" else found) == value


@pytest.mark.parametrize(
    ("setting", "text", "column", "before", "after"),
    [
        ({"decimal": "."}, "Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;1,234", "open", 123400, 123400),
        ({"decimal": ","}, "Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;1,234", "open", 123400, 123),
        (
            {"date_order": "mdy"},
            "Client;N° facture;Échéance;Solde\nA;F1;05/06/2026;1,00",
            "due",
            "2026-06-05",
            "2026-05-06",
        ),
        ({"currency": "CHF"}, "Client;N° facture;Échéance;Solde\nA;F1;05/06/2026;1,00", "currency", "EUR", "CHF"),
        (
            {"terms_days": 45},
            "Client;N° facture;Date facture;Solde\nA;F1;01/06/2026;1,00",
            "due",
            "2026-07-01",
            "2026-07-16",
        ),
    ],
)
def test_the_settings_override_every_style(
    tmp_path: Path, setting: dict[str, object], text: str, column: str, before: object, after: object
) -> None:
    """What was guessed from the file gives way to what [ledger] says."""
    for reading, wanted in ((Reading(), before), (replace(Reading(), **setting), after)):  # type: ignore[arg-type]
        found = read_csv(tmp_path, text, reading).items[column].tolist()[0]
        assert (found.date().isoformat() if column == "due" else found) == wanted


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    """A misspelt heading in relance.toml stops the reading and names the columns that are there."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, OTHER, Reading(columns={"due_date": "Echeances"}))
    assert (refused.value.code, refused.value.facts["wanted"]) == ("COLUMN-NOT-FOUND", "Echeances")
