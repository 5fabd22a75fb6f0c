"""Customers who stand on lines of their own above their invoices."""

from pathlib import Path

from batch.core.problem import Money, Severity
from batch.core.records import Ledger
from tests.ledger.kit import codes, read_csv, read_rows


def owners(ledger: Ledger) -> list[tuple[str, str]]:
    """Return customer and number of each item."""
    return list(zip(ledger.items["debtor_id"], ledger.items["number"], strict=True))


def test_accounts_above_their_entries_with_totals_below(tmp_path: Path) -> None:
    """As accounting programs print it: number and name in the first column, under the heading of the dates."""
    ledger = read_csv(
        tmp_path,
        """Balance clients;;;;
        Établissements Martin;;;;au 31/10/2026
        ;;;;
        Date;Pièce;Libellé;Échéance;Solde
        411DURAND  Durand SARL;;;;
        13/09/2026;FA1;Facture;13/10/2026;100,00
        05/09/2026;FA2;Facture;05/10/2026;50,00
        Total 411DURAND;;;;150,00
        411PETIT  Petit SAS;;;;
        06/09/2026;FA3;Facture;06/10/2026;25,00
        Total 411PETIT;;;;25,00
        Total général;;;;175,00
        Édité le 03/11/2026;;;;""",
    )
    assert owners(ledger) == [("411DURAND", "FA1"), ("411DURAND", "FA2"), ("411PETIT", "FA3")]
    assert ledger.debtors["name"].tolist() == ["Durand SARL", "Petit SAS"]
    assert (codes(ledger), ledger.source.rows) == (["CUSTOMER-CARRIED", "TOTAL-AGREES"], 3)
    assert ledger.problems[0].facts == {"n": 3, "customers": 2, "first": "Durand SARL"}


def test_a_page_break_between_the_entries_of_a_customer(tmp_path: Path) -> None:
    """The title of the page stands above the headings on every page: it is no customer."""
    ledger = read_csv(
        tmp_path,
        """Établissements Martin;;;
        Date;Pièce;Échéance;Solde
        411DURAND  Durand SARL;;;
        13/09/2026;FA1;13/10/2026;100,00
        Établissements Martin;;;
        Page 2;;;
        Date;Pièce;Échéance;Solde
        05/09/2026;FA2;05/10/2026;50,00
        411PETIT  Petit SAS;;;
        06/09/2026;FA3;06/10/2026;25,00""",
    )
    assert owners(ledger) == [("411DURAND", "FA1"), ("411DURAND", "FA2"), ("411PETIT", "FA3")]


def test_names_alone_in_an_unnamed_column(tmp_path: Path) -> None:
    """A report of open items by customer: the name in the first column, nothing in it on the invoices' rows."""
    ledger = read_csv(
        tmp_path,
        """A/R Aging Detail;;;;;;
        As of October 31, 2026;;;;;;
        ;Date;Transaction type;Num;Due date;Amount;Open balance
        Durand SARL;;;;;;
        ;13/09/2026;Invoice;1001;13/10/2026;100.00;80.00
        ;05/09/2026;Invoice;1002;05/10/2026;50.00;50.00
        Total for Durand SARL;;;;;150.00;130.00
        Petit SAS;;;;;;
        ;06/09/2026;Invoice;1003;16/10/2026;25.00;25.00
        Total for Petit SAS;;;;;25.00;25.00
        TOTAL;;;;;175.00;155.00""",
    )
    assert owners(ledger) == [("Durand SARL", "1001"), ("Durand SARL", "1002"), ("Petit SAS", "1003")]
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([8000, 5000, 2500], ["CUSTOMER-CARRIED", "TOTAL-AGREES"])


def test_a_customers_line_holds_the_sum_of_what_follows(tmp_path: Path) -> None:
    """The line above the invoices carries their total: it is no item, and it is compared."""
    rows: list[list[str | float | None]] = [
        [None, "Invoice Date", "Due Date", "Amount Due"],
        ["Durand SARL", None, None, 150.0],
        ["INV/1", "2026-09-01", "2026-10-01", 100.0],
        ["INV/2", "2026-09-05", "2026-10-05", 50.0],
        ["Petit", None, None, 26.0],
        ["INV/3", "2026-09-06", "2026-10-06", 25.0],
        ["Total", None, None, 175.0],
    ]
    ledger = read_rows(tmp_path, rows)
    assert owners(ledger) == [("Durand SARL", "INV/1"), ("Durand SARL", "INV/2"), ("Petit", "INV/3")]
    assert codes(ledger) == ["COLUMN-UNNAMED", "CUSTOMER-CARRIED", "SUBTOTAL-DIFFERS", "TOTAL-AGREES"]
    differs = ledger.problems[2]
    assert (differs.source.row, differs.facts["label"], differs.facts["difference"]) == (5, "Petit", Money(100, "EUR"))


def test_a_table_for_each_customer(tmp_path: Path) -> None:
    """`Client :` above each, the headings again: the customer holds until the next."""
    ledger = read_csv(
        tmp_path,
        """Client : Durand SARL;;;
        Facture;Date;Échéance;Solde
        F1;13/09/2026;13/10/2026;100,00
        F2;05/09/2026;05/10/2026;50,00
        Total;;;150,00
        ;;;
        Client : Petit SAS;;;
        Facture;Date;Échéance;Solde
        F3;06/09/2026;06/10/2026;25,00
        Total;;;25,00""",
    )
    assert owners(ledger) == [("Durand SARL", "F1"), ("Durand SARL", "F2"), ("Petit SAS", "F3")]
    assert codes(ledger) == ["CUSTOMER-CARRIED", "TOTAL-AGREES"]


def test_names_above_entries_on_a_collective_account(tmp_path: Path) -> None:
    """The column of accounts says 411000 for everybody; the lines above name the customers."""
    ledger = read_csv(
        tmp_path,
        """Compte;Pièce;Échéance;Solde
        Durand SARL;;;
        411000;F1;13/10/2026;100,00
        Total Durand SARL;;;100,00
        Petit SAS;;;
        411000;F2;05/10/2026;50,00
        Total Petit SAS;;;50,00""",
    )
    assert owners(ledger) == [("Durand SARL", "F1"), ("Petit SAS", "F2")]
    assert codes(ledger) == ["COLLECTIVE-ACCOUNT", "CUSTOMER-CARRIED", "TOTAL-AGREES"]


def test_rows_of_buckets_between_items_are_no_customers(tmp_path: Path) -> None:
    """`1 - 30 days past due` stands between the invoices of an ageing report; its totals are totals of parts."""
    ledger = read_csv(
        tmp_path,
        """Date;Num;Customer;Due date;Open balance
        1 - 30 days past due;;;;
        13/09/2026;1001;Durand;13/10/2026;80.00
        Total for 1 - 30 days past due;;;;80.00
        31 - 60 days past due;;;;
        06/09/2026;1003;Petit;16/10/2026;25.00
        Total for 31 - 60 days past due;;;;25.00
        TOTAL;;;;105.00""",
    )
    assert owners(ledger) == [("Durand", "1001"), ("Petit", "1003")]
    assert codes(ledger) == ["TOTAL-AGREES"]


def test_behind_a_customers_total_its_line_counts_no_more(tmp_path: Path) -> None:
    """A row between one customer's total and the next customer belongs to nobody that the file names."""
    ledger = read_csv(
        tmp_path,
        """Pièce;Échéance;Solde
        Durand SARL;;
        F1;13/10/2026;100,00
        Total Durand SARL;;100,00
        F9;05/10/2026;7,00
        Petit SAS;;
        F2;05/10/2026;50,00
        Total Petit SAS;;50,00""",
    )
    assert owners(ledger) == [("Durand SARL", "F1"), ("Petit SAS", "F2")]
    assert (codes(ledger).count("CUSTOMER-MISSING"), ledger.source.left_out) == (1, 1)


def test_a_bare_sum_between_the_customers_is_no_customer(tmp_path: Path) -> None:
    """An amount alone on its row is a total, in a csv too, where it is a text; a broken row with a day names nobody."""
    ledger = read_csv(
        tmp_path,
        """Pièce;Date;Échéance;Solde
        411DUR  Durand SARL;;;
        F1;13/09/2026;13/10/2026;100,00
        ;;;100,00
        F2;14/09/2026;14/10/2026;7,00
        F3;15/09/2026;Martin;
        F4;16/09/2026;16/10/2026;1,00""",
    )
    assert owners(ledger) == [("411DUR", "F1"), ("411DUR", "F2"), ("411DUR", "F4")]
    assert codes(ledger) == ["LINE-UNREAD", "CUSTOMER-CARRIED"]


def test_names_with_addresses_are_chosen_and_said(tmp_path: Path) -> None:
    """Two lines of text above each customer's invoices: the first is taken, with a warning."""
    ledger = read_csv(
        tmp_path,
        """N° facture;Échéance;Solde
        Durand SARL;;
        12 rue du Port, Lyon;;
        F1;31/10/2026;100,00
        Petit SAS;;
        3 place Verte, Lille;;
        F2;31/10/2026;50,00""",
    )
    assert owners(ledger) == [("Durand SARL", "F1"), ("Petit SAS", "F2")]
    assert [problem.code for problem in ledger.problems if problem.severity is Severity.WARNING] == [
        "CUSTOMER-LINES-UNCLEAR"
    ]


def test_a_name_written_once_for_several_rows(tmp_path: Path) -> None:
    """Merged cells and pivot tables show each customer once; a warning says that the rows under it were given to it."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;13/10/2026;100,00
        ;F2;05/10/2026;50,00
        ;F3;06/10/2026;20,00
        Petit;F4;06/10/2026;25,00
        ;F5;07/10/2026;5,00""",
    )
    assert owners(ledger) == [("Durand", "F1"), ("Durand", "F2"), ("Durand", "F3"), ("Petit", "F4"), ("Petit", "F5")]
    assert [(problem.code, problem.severity) for problem in ledger.problems] == [("CUSTOMER-CARRIED", Severity.WARNING)]


def test_a_missing_name_among_full_ones_is_not_guessed(tmp_path: Path) -> None:
    """The table repeats its names, so a blank one is missing: the row is left out."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;13/10/2026;100,00
        Durand;F2;05/10/2026;50,00
        ;F3;06/10/2026;20,00
        ;F4;06/10/2026;20,00
        Petit;F5;06/10/2026;25,00""",
    )
    assert owners(ledger) == [("Durand", "F1"), ("Durand", "F2"), ("Petit", "F5")]
    assert codes(ledger) == ["CUSTOMER-MISSING", "CUSTOMER-MISSING"]


def test_numbers_in_figures_alone_on_the_customers_lines(tmp_path: Path) -> None:
    """00012 beside a name is a customer's number, not the heading of a bucket of twelve days; C-13 is one too."""
    ledger = read_csv(
        tmp_path,
        """Pièce;Date;Solde
        00012;Durand SARL;
        F1;13/10/2026;100,00
        00450;Petit SAS;
        F2;14/10/2026;50,00""",
    )
    assert owners(ledger) == [("00012", "F1"), ("00450", "F2")]
    ledger = read_csv(
        tmp_path,
        """Pièce;Date;Solde
        C-12  Durand SARL;;
        F1;13/10/2026;100,00
        C-13 - Petit SAS;;
        F2;14/10/2026;50,00""",
    )
    assert owners(ledger) == [("C-12", "F1"), ("C-13", "F2")]


def test_a_page_that_breaks_under_a_customers_line(tmp_path: Path) -> None:
    """The headings come again between Petit's line and Petit's invoice, which is not Durand's; the title of a page is nobody."""
    ledger = read_csv(
        tmp_path,
        """Balance clients;;
        Pièce;Date;Solde
        Client : Durand;;
        F1;13/10/2026;100,00
        Client : Petit;;
        Pièce;Date;Solde
        F2;14/10/2026;50,00
        Balance clients;;
        Pièce;Date;Solde
        F3;15/10/2026;50,00""",
    )
    assert owners(ledger) == [("Durand", "F1"), ("Petit", "F2"), ("Petit", "F3")]
