"""The whole way: a file as people export it → the ledger, and what was wrong with it."""

import csv
import datetime as dt
from pathlib import Path

from batch.core.policy import Reading
from batch.core.problem import Severity, Source
from batch.core.tables import DEBTORS, EVENTS, ITEMS, PAYMENTS
from batch.ledger import open_book, read
from batch.words import Said
from tests.ledger.kit import HEADINGS, codes, days, read_csv, read_rows


def test_a_french_csv_with_every_usual_column(tmp_path: Path) -> None:
    """UTF-8 with mark, semicolons, decimal commas, days first: the export of a common French program."""
    headings = [
        "Compte client",
        "Client",
        "Email",
        "Téléphone",
        "N° facture",
        "Date facture",
        "Date d'échéance",
        "Montant TTC",
        "Solde dû",
        "Date de règlement",
        "Devise",
        "Commentaire",
    ]
    who = ["411GARAGE", "Garage du Pont", "compta@garage.example", "01 23 45 67 89"]
    path = tmp_path / "ledger.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerow([*who, "H-4", "01/06/2026", "01/07/2026", "3000,00", "0,00", "20/08/2026", "EUR", ""])
        writer.writerow(
            [*who, "H-5", "01/08/2026", "31/08/2026", "3000,00", "2000,00", "", "EUR", "Litige qualité, avoir à venir"]
        )
        writer.writerow(
            [*who, "H-P", "10/11/2026", "10/11/2026", "-450,00", "-450,00", "", "EUR", "règlement non lettré"]
        )
    ledger = read(open_book(path), Reading())
    assert ledger.problems == ()
    assert ledger.items["item_id"].tolist() == [
        "411GARAGE|invoice|H-4|2026-07-01|1",
        "411GARAGE|invoice|H-5|2026-08-31|1",
        "411GARAGE|payment|H-P|2026-11-10|1",
    ]
    assert ledger.items["open"].tolist() == [0, 200000, -45000]
    assert ledger.items["note"].tolist()[1] == "Litige qualité, avoir à venir"
    assert ledger.debtors[["name", "email", "phone"]].to_numpy().tolist() == [
        ["Garage du Pont", "compta@garage.example", "01 23 45 67 89"]
    ]
    source = ledger.source
    assert (source.file, source.sheet, source.header_row, source.last_row, source.rows, source.left_out) == (
        "ledger.csv",
        "",
        1,
        4,
        3,
        0,
    )
    assert source.newest_entry == dt.date(2026, 11, 10)
    assert source.columns[:2] == (("customer_id", "A", "Compte client"), ("customer_name", "B", "Client"))


def test_an_english_workbook(tmp_path: Path) -> None:
    """Month first by the settled date's 1/15, dollars, brackets for credits."""
    ledger = read_rows(
        tmp_path,
        [
            ["Aged receivables", None, None, None, None, None, None],
            ["Customer ID", "Customer Name", "Invoice #", "Invoice Date", "Due Date", "Balance Due", "Paid Date"],
            ["C-1", "Harbour Ltd", "000123", "1/2/2026", "2/1/2026", "$1,250.00", ""],
            ["C-1", "Harbour Ltd", "CN-9", "1/3/2026", "2/2/2026", "($250.00)", ""],
            ["C-2", "Mill Inc", "000124", "1/4/2026", "2/3/2026", "0.00", "1/15/2026"],
        ],
    )
    assert (days(ledger, "issued"), days(ledger, "due")) == (
        ["2026-01-02", "2026-01-03", "2026-01-04"],
        ["2026-02-01", "2026-02-02", "2026-02-03"],
    )
    assert (ledger.items["open"].tolist(), ledger.items["currency"].tolist()) == ([125000, -25000, 0], ["USD"] * 3)
    assert (ledger.items["kind"].tolist(), ledger.problems) == (["invoice", "credit_note", "invoice"], ())


def test_unreadable_cells_are_named_and_their_rows_left_out(tmp_path: Path) -> None:
    """The letter O for a zero, 31 November, a blank amount: three rows left out of five, each with its cell."""
    ledger = read_csv(
        tmp_path,
        f"""{HEADINGS}
        C1;Durand;F1;01/10/2026;31/10/2026;100,00;100,00
        C1;Durand;F2;01/10/2026;31/10/2026;1 234,50;1 234,5O
        C1;Durand;F3;01/10/2026;31/11/2026;100,00;100,00
        C1;Durand;F4;01/10/2026;30/11/2026;;
        C1;Durand;F5;01/10/2026;30/11/2026;100,00;100,00""",
    )
    assert (ledger.items["number"].tolist(), ledger.source.rows, ledger.source.left_out) == (["F1", "F5"], 5, 3)
    assert [(problem.code, problem.severity, problem.source) for problem in ledger.problems] == [
        ("AMOUNT-UNREADABLE", Severity.ERROR, Source("ledger.csv", "", 3, "G", "Solde dû", "1 234,5O")),
        ("DATE-UNREADABLE", Severity.ERROR, Source("ledger.csv", "", 4, "E", "Date d'échéance", "31/11/2026")),
        ("AMOUNT-MISSING", Severity.ERROR, Source("ledger.csv", "", 5, "F", "Montant TTC", "")),
    ]


def test_an_unreadable_payment_date_beside_a_balance_only_warns(tmp_path: Path) -> None:
    """The balance says what is owed: the row stays. Without a balance the date decides, and the row is left out."""
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Solde;Date de règlement\nDurand;F1;31/10/2026;100,00;bientôt"
    )
    assert (len(ledger.items), codes(ledger)) == (1, ["DATE-IGNORED"])
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Montant;Date de règlement\nDurand;F1;31/10/2026;100,00;bientôt"
    )
    assert (len(ledger.items), codes(ledger)) == (0, ["DATE-UNREADABLE", "NO-ROWS"])


def test_an_order_of_dates_that_nothing_tells_is_assumed_and_said(tmp_path: Path) -> None:
    """All days up to 12: the country's order, with the line that settles it; date_order settles it in silence."""
    text = "Client;N° facture;Échéance;Solde\nDurand;F1;03/04/2026;100,00"
    ledger = read_csv(tmp_path, text)
    assert days(ledger, "due") == ["2026-04-03"]
    (problem,) = ledger.problems
    assert (problem.code, problem.severity, problem.facts) == (
        "DATE-ORDER-ASSUMED",
        Severity.WARNING,
        {"headings": "Échéance", "order": "dmy", "other": "mdy", "read_as": Said("date_orders", "dmy", {})},
    )
    ledger = read_csv(tmp_path, text, Reading(date_order="mdy"))
    assert (days(ledger, "due"), ledger.problems) == (["2026-03-04"], ())


def test_a_column_that_mixes_orders_is_said(tmp_path: Path) -> None:
    """12/25 among dd/mm can only be a Christmas: each cell is read as it alone can be, and the mixture is said."""
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Solde\nA;F1;25/10/2026;1,00\nB;F2;26/10/2026;1,00\nC;F3;12/25/2026;1,00"
    )
    assert (days(ledger, "due"), codes(ledger)) == (["2026-10-25", "2026-10-26", "2026-12-25"], ["DATE-ORDER-MIXED"])


def test_a_decimal_mark_that_nothing_tells_is_assumed_and_said(tmp_path: Path) -> None:
    """1,234 is a thousand rather than a euro and 23.4 cents; `decimal` settles it."""
    text = "Client;N° facture;Échéance;Solde\nDurand;F1;2026-10-31;1,234"
    ledger = read_csv(tmp_path, text.replace(";", "|"))
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([123400], ["DECIMAL-ASSUMED"])
    ledger = read_csv(tmp_path, text, Reading(decimal=","))
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([123], ["AMOUNT-ROUNDED"])


def test_many_problems_of_one_kind_are_shown_up_to_a_hundred_then_counted(tmp_path: Path) -> None:
    """150 bad dates do not make 150 lines."""
    rows = "\n".join(f"Durand;F{n};hier;1,00" for n in range(150))
    ledger = read_csv(tmp_path, f"Client;N° facture;Échéance;Solde\nDurand;F;31/10/2026;1,00\n{rows}")
    assert (codes(ledger).count("DATE-UNREADABLE"), ledger.source.left_out) == (100, 150)
    assert ledger.problems[-1].facts == {"code": "DATE-UNREADABLE", "n": 50}


def test_the_tables_have_the_form_of_the_contract(tmp_path: Path) -> None:
    """Columns and dtypes are those of core.tables, also when nothing is in them."""
    for text in (HEADINGS, f"{HEADINGS}\nC1;Durand;F1;01/10/2026;31/10/2026;100,00;100,00"):
        ledger = read_csv(tmp_path, text)
        for table, frame in (
            (ITEMS, ledger.items),
            (DEBTORS, ledger.debtors),
            (PAYMENTS, ledger.payments),
            (EVENTS, ledger.history),
        ):
            assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == dict(table.columns)
