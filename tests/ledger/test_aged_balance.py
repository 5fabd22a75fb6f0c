"""Aged balances without due dates: each column's amount is aged by the column's nearest day."""

import datetime as dt
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError
from batch.ledger import open_book, read, typed_rows
from batch.ledger.table.aged_headings import find_buckets
from tests.ledger.kit import codes, days, read_csv, write_csv, write_xlsx

AGED = """Balance âgée clients;;;;;;
    Situation au 31/10/2026;;;;;;
    Édité le 03/11/2026;;;;;;
    Compte;Client;Solde;Non échu;1-30;31-60;> 60
    411D;Durand;175,00;100,00;0,00;50,00;25,00
    411P;Petit;10,00;;10,00;;
    411Z;Zoé;0,00;0,00;0,00;0,00;0,00
    411M;Moins;-5,00;-5,00;0,00;0,00;0,00
    Total;;180,00;95,00;10,00;50,00;25,00"""


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Non échu", "0-30", "31-60", "61-90", "> 90"], [-1, 0, 31, 61, 91]),
        (["Current", "1-30", "31-60", "61-90", "90+", "Total"], [-1, 1, 31, 61, 91]),
        (["Current", "30 days", "60 days", "90 days", "180 and over"], [-1, 1, 31, 61, 91]),
        (["Current", "< 1 Month", "1 Month", "2 Months", "3 Months", "Older"], [-1, 1, 30, 60, 90, 120]),
        (["current_0_30_amount", "over_31_60_amount", "over_91_plus_amount", "over_61_total_amount"], [0, 31, 61]),
        (["À échoir", "Échu de 1 à 30 jours", "Échu depuis plus de 30 jours", "Total échu"], [-1, 1, 31]),
        (["Plus de 90 jours", "61–90 jours", "31–60 jours", "1–30 jours"], [1, 31, 61, 91]),
        (["Non échu", "Échu"], [-1, 1]),
        (["0-30", "20-50"], []),
        (["Prix1", "2026", "SKU2"], []),
        (["Non échu"], []),
    ],
)
def test_headings_of_aged_balances(headings: list[str], expected: list[int]) -> None:
    """Least days late of each column, -1 for what is not due; spans that overlap, or one column alone, are no aged balance."""
    assert [bucket.days for bucket in find_buckets(headings, [])] == expected


def test_each_filled_column_is_an_item(tmp_path: Path) -> None:
    """Of 31 October: 31-60 fell due 31 days before, 1-30 the day before; what is not due falls due after the usual 30 days."""
    ledger = read_csv(tmp_path, AGED)
    items = list(
        zip(ledger.items["debtor_id"], ledger.items["number"], days(ledger, "due"), ledger.items["open"], strict=True)
    )
    assert items == [
        ("411D", "> 60", "2026-08-31", 2500),
        ("411D", "31-60", "2026-09-30", 5000),
        ("411D", "Non échu", "2026-11-30", 10000),
        ("411P", "1-30", "2026-10-30", 1000),
        ("411M", "Non échu", "2026-11-30", -500),
    ]
    assert codes(ledger) == ["AGED-BALANCE", "TOTAL-AGREES"]
    assert ledger.problems[0].facts["on"] == dt.date(2026, 10, 31)
    assert (max(days(ledger, "issued")), ledger.source.newest_entry) == ("2026-10-31", dt.date(2026, 10, 31))


def test_its_items_keep_their_key_in_the_next_report(tmp_path: Path) -> None:
    """The due days move with every report, so they are no part of the key."""
    before = read_csv(tmp_path, AGED).items["item_id"].tolist()
    after = read_csv(tmp_path, AGED.replace("31/10/2026", "07/11/2026")).items["item_id"].tolist()
    assert before == after
    assert before[0] == "411D|invoice|> 60|NaT|1"


def test_the_plain_copy_reads_the_same(tmp_path: Path) -> None:
    """A csv is carried into a workbook: its typed rows give the same items."""
    path = write_csv(tmp_path, AGED)
    book = open_book(path)
    ledger = read(book, Reading())
    again = read(open_book(write_xlsx(tmp_path, {"Balance": typed_rows(book, ledger)})), Reading())
    assert again.items["open"].tolist() == ledger.items["open"].tolist()
    assert again.items["item_id"].tolist() == ledger.items["item_id"].tolist()


def test_a_balance_that_is_not_the_sum_of_its_columns_is_said(tmp_path: Path) -> None:
    """170.00 against 100.00 and 50.00: a column such as payments on account was not recognised."""
    ledger = read_csv(
        tmp_path,
        """Client;Solde;Non échu;1-30;31-60
        Durand;170,00;100,00;0,00;50,00""",
        Reading(stated_on=dt.date(2026, 10, 31)),
    )
    assert codes(ledger) == ["AGED-DIFFERS", "AGED-BALANCE"]
    assert ledger.problems[0].facts["difference"] == Money(2000, "EUR")


@pytest.mark.parametrize(
    ("title", "found"), [("", ""), ("Balance du 30/09/2026 et du 31/10/2026", "2026-09-30, 2026-10-31")]
)
def test_a_balance_without_its_day_is_refused(tmp_path: Path, title: str, found: str) -> None:
    """No day, or two: relance.toml must say it."""
    text = f"""{title};;;;
        Client;Solde;Non échu;1-30;31-60
        Durand;150,00;100,00;0,00;50,00"""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.facts) == ("STATED-DAY-MISSING", {"found": found})
    assert len(read_csv(tmp_path, text, Reading(stated_on=dt.date(2026, 10, 31))).items) == 2


def test_a_customer_named_total_is_no_total(tmp_path: Path) -> None:
    """Its number stands on no other row; a subtotal repeats the number of its rows."""
    ledger = read_csv(
        tmp_path,
        """Situation au 31/10/2026;;;;
        Compte;Client;Non échu;1-30;31-60
        411T;Total Énergies;10,00;;
        411P;Petit;10,00;;5,00
        Total;;20,00;;5,00""",
    )
    assert (ledger.items["debtor_id"].tolist(), codes(ledger)) == (
        ["411T", "411P", "411P"],
        ["AGED-BALANCE", "TOTAL-AGREES"],
    )


def test_due_dates_go_before_columns(tmp_path: Path) -> None:
    """A report with both is read by its due dates."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;Non échu;1-30;31-60
        Durand;F1;13/10/2026;120,00;;120,00;""",
    )
    assert (days(ledger, "due"), ledger.items["open"].tolist(), codes(ledger)) == (["2026-10-13"], [12000], [])


def test_one_invoice_a_row(tmp_path: Path) -> None:
    """Invoice numbers stay; the column says how late each is."""
    ledger = read_csv(
        tmp_path,
        """Situation au 31/10/2026;;;;;
        Client;N° facture;Date;Non échu;1-30;31-60
        Durand;F1;13/08/2026;;;100,00
        Petit;F2;02/10/2026;10,00;;""",
    )
    assert ledger.items["number"].tolist() == ["F1", "F2"]
    assert days(ledger, "due") == ["2026-09-30", "2026-11-30"]
    assert days(ledger, "issued") == ["2026-08-13", "2026-10-02"]


def test_customers_in_a_column_without_heading(tmp_path: Path) -> None:
    """As accounting programs write the summary of what is owed."""
    ledger = read_csv(
        tmp_path,
        """A/R Aging Summary;;;;;;
        As of Oct 31, 2026;;;;;;
        ;Current;1 - 30;31 - 60;61 - 90;91 and over;Total
        Durand SARL;0.00;100.00;;;25.50;125.50
        Petit SAS;10.00;;;;;10.00
        TOTAL;10.00;100.00;0.00;0.00;25.50;135.50""",
    )
    assert ledger.items["debtor_id"].tolist() == ["Durand SARL", "Durand SARL", "Petit SAS"]
    assert (int(ledger.items["open"].sum()), codes(ledger)) == (13550, ["AGED-BALANCE", "TOTAL-AGREES"])
