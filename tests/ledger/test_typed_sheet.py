"""A csv ledger written as a plain xlsx is read back as the same ledger."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.policy import Reading
from batch.core.records import Ledger
from batch.ledger import Cell, open_book, read, typed_rows
from tests.ledger.kit import write_csv, write_xlsx


def there_and_back(
    folder: Path, text: str, reading: Reading | None = None, encoding: str = "utf-8"
) -> tuple[Ledger, list[list[Cell]], Ledger]:
    """Return the ledger of a csv, its typed rows, and the ledger of the xlsx written from them."""
    book = open_book(write_csv(folder, text, encoding))
    before = read(book, reading or Reading())
    rows = typed_rows(book, before)
    return before, rows, read(open_book(write_xlsx(folder, {"Ledger": rows})), Reading())


def assert_same(before: Ledger, after: Ledger) -> None:
    """Compare the tables, the sheet's name aside."""
    for name in ("items", "debtors", "payments", "history"):
        first, second = getattr(before, name), getattr(after, name)
        if name == "items":
            first, second = first.drop(columns="source_sheet"), second.drop(columns="source_sheet")
        pd.testing.assert_frame_equal(first, second)


FRENCH = """Échéancier;;;;;;;;;
Compte client;Client;Email;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû;Date de règlement;Commentaire;Dernière relance
0042;Durand;a@durand.example;000101;01/10/2026;31/10/2026;1 200,00;1 200,00;;rien;13/11/2026
0042;Durand;;000100;01/09/2026;01/10/2026;800,5;-;28/09/2026;;
0043;Petit;;AV-1;05/10/2026;05/10/2026;(12,30);(12,30);;avoir;
Total;;;;;;1 987,20;1 187,70;;;"""


def test_amounts_and_dates_become_cells_and_all_else_stays(tmp_path: Path) -> None:
    """Numbers with leading zeros stay text; the total row's figures become numbers too; titles are untouched."""
    before, rows, after = there_and_back(tmp_path, FRENCH, encoding="cp1252")
    assert rows[0] == ["Échéancier", *[""] * 10]
    assert rows[2] == [
        "0042", "Durand", "a@durand.example", "000101", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 1200, 1200, "", "rien", dt.date(2026, 11, 13),
    ]  # fmt: skip
    assert rows[3][6:9] == [800.5, 0, dt.date(2026, 9, 28)]
    assert rows[5][:8] == ["Total", "", "", "", "", "", 1987.2, 1187.7]
    assert_same(before, after)
    assert [problem.code for problem in after.problems] == ["TOTAL-AGREES"]


@pytest.mark.parametrize(
    ("order", "due"),
    [("dmy", dt.date(2026, 4, 3)), ("mdy", dt.date(2026, 3, 4)), ("", dt.date(2026, 4, 3))],
)
def test_an_order_given_by_the_settings_is_kept(tmp_path: Path, order: str, due: dt.date) -> None:
    """What the ledger was read by is found again from its items; as dates, nothing has to be assumed any more."""
    before, rows, after = there_and_back(
        tmp_path, "Client;N° facture;Échéance;Solde\nDurand;F1;03/04/2026;1,50", Reading(date_order=order)
    )
    assert rows[1][2] == due
    assert_same(before, after)
    assert after.problems == ()


@pytest.mark.parametrize(("decimal", "expected"), [(",", 1.234), (".", 1234), ("", 1234)])
def test_a_decimal_mark_given_by_the_settings_is_kept(tmp_path: Path, decimal: str, expected: float) -> None:
    """1,234 is what it was read as."""
    before, rows, after = there_and_back(
        tmp_path, "Client;N° facture;Échéance;Solde\nDurand;F1;31/10/2026;1,234", Reading(decimal=decimal)
    )
    assert rows[1][3] == expected
    assert_same(before, after)


def test_amounts_with_their_currency_beside_them_stay_text(tmp_path: Path) -> None:
    """As a number the dollar would be lost."""
    before, rows, after = there_and_back(
        tmp_path, "Client;N° facture;Échéance;Solde\nDurand;F1;31/10/2026;$1,200.00\nPetit;F2;31/10/2026;€50.00"
    )
    assert [row[3] for row in rows] == ["Solde", "$1,200.00", "€50.00"]
    assert after.items["currency"].tolist() == ["USD", "EUR"]
    assert_same(before, after)


def test_a_typing_error_stays_as_it_was_typed(tmp_path: Path) -> None:
    """The row is left out on both ways, the other cells are typed."""
    text = "Client;N° facture;Échéance;Solde\nA;F1;31/10/2026;10,50\nB;F2;31/11/2026;10,50\nC;F3;31/10/2026;1O,50"
    before, rows, after = there_and_back(tmp_path, text)
    assert rows[2] == ["B", "F2", "31/11/2026", 10.5]
    assert rows[3] == ["C", "F3", dt.date(2026, 10, 31), "1O,50"]
    assert_same(before, after)
    assert after.source.left_out == 2


def test_a_cell_that_another_style_could_read_keeps_the_columns_text(tmp_path: Path) -> None:
    """12/25 among dd/mm, 1,234.50 among decimal commas: alone they would be read, and the row would come back."""
    text = "Client;N° facture;Échéance;Solde\nA;F1;25/10/2026;10,50\nB;F2;26/10/2026;10,50\nC;F3;12/25/2026;10,50\nD;F4;25/10/2026;1,234.50"
    before, rows, after = there_and_back(tmp_path, text)
    assert [row[2:] for row in rows[1:]] == [
        ["25/10/2026", "10,50"],
        ["26/10/2026", "10,50"],
        ["12/25/2026", "10,50"],
        ["25/10/2026", "1,234.50"],
    ]
    assert_same(before, after)


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["C1", "C2", "007"]),
        st.from_regex(r"F-?[0-9]{1,5}", fullmatch=True),
        DAYS,
        DAYS,
        st.integers(-(10**9), 10**9),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=12,
)


@given(rows=ROWS, mark=st.sampled_from([",", "."]), form=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_csv_comes_back_as_the_same_ledger(
    tmp_path: Path, rows: list[tuple[str, str, dt.date, dt.date, int, int]], mark: str, form: str
) -> None:
    """Random items in two dialects of amounts and two of dates: same keys, amounts, days and debtors."""
    lines = ["Code client;N° facture;Date facture;Échéance;Montant TTC;Solde dû"]
    for customer, number, issued, due, minor, share in rows:
        owed = minor * share // 100
        money = [f"{value / 100:.2f}".replace(".", mark) for value in (minor, owed)]
        lines.append(";".join([customer, number, issued.strftime(form), due.strftime(form), *money]))
    before, _, after = there_and_back(tmp_path, "\n".join(lines))
    assert_same(before, after)
    if len(before.items) == len(rows):
        assert before.items["amount"].abs().tolist() == [abs(minor) for *_, minor, _ in rows]
