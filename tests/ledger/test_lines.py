"""Every row under the headings is accounted for; totals of the file against its items; snapshots; lines of invoices."""

import datetime as dt
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError
from tests.ledger.kit import codes, read_csv

STACKED = """Date d'arrêté;Client;N° facture;Échéance;Solde
    30/09/2026;Durand;F1;13/09/2026;100,00
    30/09/2026;Petit;F2;05/09/2026;50,00
    31/10/2026;Durand;F1;13/09/2026;60,00
    30/11/2026;Durand;F1;13/09/2026;10,00"""


def test_subtotals_of_a_spreadsheet_stand_behind_the_name(tmp_path: Path) -> None:
    """`Durand SARL Total` is no invoice."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand SARL;F1;31/10/2026;100,00
        Durand SARL;F2;31/10/2026;50,00
        Durand SARL Total;;;150,00
        Petit;F3;31/10/2026;50,00
        Petit Total;;;50,00
        Grand Total;;;200,00""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000, 5000, 5000], ["TOTAL-AGREES"])


def test_every_wrong_total_is_said(tmp_path: Path) -> None:
    """The subtotal misses a cent, the total at the end is right: both are compared."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Total Durand;;;100,01
        Petit;F3;31/10/2026;50,00
        Total Petit;;;50,00
        Total;;;150,00""",
    )
    (differs, agrees) = ledger.problems
    assert (differs.code, differs.source.row, agrees.code) == ("SUBTOTAL-DIFFERS", 3, "TOTAL-AGREES")
    assert differs.facts == {
        "label": "Total Durand", "total": Money(10001, "EUR"), "summed": Money(10000, "EUR"), "difference": Money(1, "EUR"),
    }  # fmt: skip


@pytest.mark.parametrize(("stated", "code"), [("150,00", "TOTAL-AGREES"), ("175,00", "TOTAL-DIFFERS")])
def test_a_total_above_the_headings(tmp_path: Path, stated: str, code: str) -> None:
    """It is compared like one below, and never an item."""
    ledger = read_csv(
        tmp_path,
        f"""Total des créances;{stated};;
        Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Petit;F3;31/10/2026;50,00""",
    )
    assert (len(ledger.items), codes(ledger)) == (2, [code])


def test_amounts_carried_to_the_next_page_are_no_items(tmp_path: Path) -> None:
    """`À reporter` and `Report` hold the sum so far."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        À reporter;;;100,00
        Client;N° facture;Échéance;Solde
        Report;;;100,00
        Petit;F3;31/10/2026;50,00
        Total général;;;150,00""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000, 5000], ["TOTAL-AGREES"])


def test_rows_that_are_nothing_known_are_named(tmp_path: Path) -> None:
    """An invoice without amount and date among the others, or as the last row, is no note; pages and conditions are."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Durand;F2;;
        Petit;F3;31/10/2026;50,00
        Petit;F9;;
        Conditions : 30 jours;;;
        Page;1/1;;""",
    )
    assert [(problem.code, problem.source.row, problem.source.excerpt) for problem in ledger.problems] == [
        ("LINE-UNREAD", 3, "Durand | F2"),
        ("LINE-UNREAD", 5, "Petit | F9"),
    ]


@pytest.mark.parametrize(
    ("as_of", "amount", "aside"),
    [
        (None, 1000, 3),
        (dt.date(2026, 11, 20), 6000, 3),
        (dt.date(2026, 10, 31), 6000, 3),
        (dt.date(2026, 10, 30), 15000, 2),
    ],
)
def test_of_several_closing_dates_the_last_up_to_the_day(
    tmp_path: Path, as_of: dt.date | None, amount: int, aside: int
) -> None:
    """The newest without a day; the closing date of the day itself counts."""
    ledger = read_csv(tmp_path, STACKED, Reading(as_of=as_of))
    assert (int(ledger.items["open"].sum()), codes(ledger)) == (amount, ["SNAPSHOTS"])
    assert (ledger.problems[0].facts["dates"], ledger.problems[0].facts["aside"]) == (3, aside)


def test_closing_dates_that_all_come_later_are_refused(tmp_path: Path) -> None:
    """Nothing is known of that day."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, STACKED, Reading(as_of=dt.date(2026, 9, 29)))
    assert (refused.value.code, refused.value.facts["first"]) == ("SNAPSHOTS-LATER", dt.date(2026, 9, 30))


def test_a_row_without_its_closing_date_is_left_out(tmp_path: Path) -> None:
    """To which report it belongs cannot be known."""
    ledger = read_csv(tmp_path, STACKED + "\n;Durand;F9;13/09/2026;60,00")
    assert (int(ledger.items["open"].sum()), codes(ledger)) == (1000, ["SNAPSHOT-UNREADABLE", "SNAPSHOTS"])


def test_closing_dates_of_single_invoices_are_no_reports(tmp_path: Path) -> None:
    """`Closing date` may be when each invoice was closed: no invoice stands under two of them."""
    ledger = read_csv(
        tmp_path,
        """Closing date;Customer name;Invoice number;Due date;Balance
        30/09/2026;Durand;F1;13/09/2026;100.00
        31/10/2026;Petit;F2;13/10/2026;50.00""",
    )
    assert (int(ledger.items["open"].sum()), codes(ledger)) == (15000, [])


def test_lines_of_an_invoice_are_one_item(tmp_path: Path) -> None:
    """INV-1 has two lines sold and one balance; INV-3 has two due dates, which are two items; INV-4 twice the same row."""
    ledger = read_csv(
        tmp_path,
        """Invoice Number;Customer Name;Invoice Date;Due Date;Total;Balance;Item Name;Quantity;Item Total
        INV-1;Durand;2026-09-01;2026-10-01;150.00;150.00;A;1;100.00
        INV-1;Durand;2026-09-01;2026-10-01;150.00;150.00;B;1;50.00
        INV-2;Petit;2026-09-05;2026-10-05;30.00;30.00;A;1;30.00
        INV-3;Petit;2026-09-05;2026-10-05;30.00;15.00;A;1;30.00
        INV-3;Petit;2026-09-05;2026-11-05;30.00;15.00;A;1;30.00
        INV-4;Petit;2026-09-05;2026-11-05;7.00;7.00;A;1;7.00
        INV-4;Petit;2026-09-05;2026-11-05;7.00;7.00;A;1;7.00""",
    )
    assert ledger.items["open"].tolist() == [15000, 3000, 1500, 1500, 700, 700]
    assert codes(ledger) == ["LINES-OF-INVOICES", "ITEMS-REPEATED"]
    assert ledger.problems[0].facts == {"n": 1, "lines": 1}


def test_rows_of_one_number_with_different_balances_stay_apart(tmp_path: Path) -> None:
    """Nothing is added up and nothing left out."""
    ledger = read_csv(
        tmp_path,
        """Invoice Number;Customer Name;Due Date;Balance;Quantity
        INV-1;Durand;2026-10-01;100.00;1
        INV-1;Durand;2026-10-01;50.00;2""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000, 5000], ["ITEMS-REPEATED"])


def test_a_status_in_bare_codes_is_said(tmp_path: Path) -> None:
    """Nobody can tell whether 0 or 1 means paid."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;Statut
        Durand;F1;31/10/2026;100,00;0
        Petit;F2;31/10/2026;50,00;1""",
    )
    assert [(problem.code, problem.facts["codes"]) for problem in ledger.problems] == [("STATUS-CODES", "0, 1")]


def test_totals_in_the_unit_of_their_currency(tmp_path: Path) -> None:
    """A Tunisian dinar has three decimals, a yen none: 0,125 + 1,000 = 1,125, and 1200 + 34 = 1234."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde (TND)
        Durand;F1;31/10/2026;0,125
        Petit;F2;31/10/2026;1,000
        Total;;;1,125""",
        Reading(decimal=","),
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([125, 1000], ["TOTAL-AGREES"])
    ledger = read_csv(
        tmp_path,
        """Total;;;1234
        Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;1200
        Petit;F2;31/10/2026;34""",
        Reading(currency="JPY"),
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([1200, 34], ["TOTAL-AGREES"])


@pytest.mark.parametrize("word", ["Gesamtsumme", "Endsumme"])
def test_a_german_total_is_no_invoice(tmp_path: Path, word: str) -> None:
    """The word stands in the column of numbers, with an amount beside it."""
    ledger = read_csv(
        tmp_path,
        f"""Rechnungsnr;Kunde;Fälligkeit;offener Betrag
        R1;Durand;31.10.2026;100,00
        R2;Petit;31.10.2026;50,00
        {word};;;150,00""",
    )
    assert (ledger.items["number"].tolist(), codes(ledger)) == (["R1", "R2"], ["TOTAL-AGREES"])


STARS = """Client;N° de pièce;Date pièce;Échéance nette;Montant;Devise
    C1;F1;05/08/2026;04/09/2026;1.234,50;EUR
    C1;F2;12/10/2026;11/11/2026;600,00;EUR
    {first};;;;{one};EUR
    C2;F3;15/07/2026;14/08/2026;480,00-;EUR
    {second};;;;{two};EUR
    {last};;;;{whole};EUR"""


@pytest.mark.parametrize(
    "marked",
    [
        ("* C1", "1.834,50", "* C2", "480,00-", "**", "1.354,50"),
        ("*", "1.834,50", "*", "480,00-", "**", "1.354,50"),
        ("", "* 1.834,50", "", "* 480,00-", "", "** 1.354,50"),
        ("", "1.834,50 *", "", "480,00- *", "", "1.354,50 **"),
    ],
)
def test_subtotals_marked_by_asterisks(tmp_path: Path, marked: tuple[str, ...]) -> None:
    """They are no items, wherever the asterisks stand, and are compared with the rows above them."""
    names = ("first", "one", "second", "two", "last", "whole")
    ledger = read_csv(tmp_path, STARS.format(**dict(zip(names, marked, strict=True))))
    assert ledger.items["open"].tolist() == [123450, 60000, -48000]
    assert (ledger.source.totals, codes(ledger)) == (3, ["TOTAL-AGREES", "BALANCE-ASSUMED"])


def test_a_subtotal_marked_by_an_asterisk_that_differs_is_said(tmp_path: Path) -> None:
    """A row is missing above it."""
    text = STARS.format(first="* C1", one="1.900,00", second="* C2", two="480,00-", last="**", whole="1.354,50")
    found = [each for each in read_csv(tmp_path, text).problems if each.code == "SUBTOTAL-DIFFERS"]
    assert [each.facts["label"] for each in found] == ["* C1"]


def test_a_customer_whose_name_begins_with_an_asterisk_owes(tmp_path: Path) -> None:
    """A row with a day is an item."""
    ledger = read_csv(tmp_path, "Client;N° facture;Échéance;Solde\n* Divers;F1;31/10/2026;10,00")
    assert ledger.items["debtor_id"].tolist() == ["* Divers"]
