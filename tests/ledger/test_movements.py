"""Books of movements: lettered groups, credits that name an invoice, oldest first; nothing is ever lost."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.aging import as_they_stood
from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.core.records import Ledger
from batch.ledger import open_book, read, typed_rows
from tests.ledger.kit import codes, days, read_csv, write_csv, write_xlsx

BOOK = "Code client;Client;Date;Échéance;Journal;N° pièce;Libellé;Débit;Crédit"


def owed(ledger: Ledger) -> dict[str, int]:
    """Return what is open by number, in cents."""
    return dict(zip(ledger.items["number"].tolist(), ledger.items["open"].tolist(), strict=True))


def facts(ledger: Ledger, code: str) -> dict[str, object]:
    """Return the facts of the one problem of this code."""
    (problem,) = [problem for problem in ledger.problems if problem.code == code]
    return dict(problem.facts)


def test_without_lettering_credits_go_to_the_oldest_invoices(tmp_path: Path) -> None:
    """150 paid on two invoices of 100: the one due first is paid, the other half paid; the choice is a warning with sums."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/09/2026;01/10/2026;VT;F2;Facture;100,00;
        C1;Durand;15/08/2026;14/09/2026;VT;F1;Facture;100,00;
        C1;Durand;05/10/2026;;BQ;R1;Virement;;150,00
        C2;Petit;05/10/2026;04/11/2026;VT;F3;Facture;30,00;""",
    )
    assert owed(ledger) == {"F2": 5000, "F1": 0, "R1": 0, "F3": 3000}
    assert ledger.items["kind"].tolist() == ["invoice", "invoice", "payment", "invoice"]
    assert days(ledger, "paid_on") == ["", "2026-10-05", "2026-10-05", ""]
    paid = ledger.payments[ledger.payments["amount"] > 0]
    assert paid["amount"].tolist() == [10000, 5000]
    assert [key.split("|")[2] for key in paid["item_id"]] == ["F1", "F2"]
    (said,) = [problem for problem in ledger.problems if problem.code == "CREDITS-OLDEST-FIRST"]
    assert said.severity is Severity.WARNING
    assert said.facts == {"n": 1, "amount": Money(15000, "EUR"), "left": Money(0, "EUR")}


def test_what_is_left_of_a_credit_stays_unallocated(tmp_path: Path) -> None:
    """250 paid on 100: the payment keeps 150 of its own, below zero, and the other customer's invoice is not touched."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/09/2026;01/10/2026;VT;F1;Facture;100,00;
        C1;Durand;05/10/2026;;BQ;R1;Virement;;250,00
        C2;Petit;01/09/2026;01/10/2026;VT;F2;Facture;100,00;""",
    )
    assert owed(ledger) == {"F1": 0, "R1": -15000, "F2": 10000}
    assert facts(ledger, "CREDITS-OLDEST-FIRST")["left"] == Money(-15000, "EUR")


def test_a_credit_that_names_an_invoice_goes_to_it_first(tmp_path: Path) -> None:
    """By its own number or by a word of its label; one that names two is set against both; years name nothing."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/07/2026;31/07/2026;VT;FA-1;Facture 2026;100,00;
        C1;Durand;01/08/2026;31/08/2026;VT;FA-2;Facture 2026;100,00;
        C1;Durand;01/09/2026;30/09/2026;VT;FA-3;Facture 2026;100,00;
        C1;Durand;05/09/2026;;VT;AV-9;Avoir sur FA-2;;40,00
        C1;Durand;06/09/2026;;BQ;FA-3;Virement 2026;;30,00
        C1;Durand;07/09/2026;;BQ;R3;Chèque FA-2, FA-3;;110,00""",
    )
    assert ledger.items["open"].tolist() == [10000, 0, 2000, 0, 0, 0]
    assert facts(ledger, "CREDITS-BY-NUMBER")["n"] == 3
    assert "CREDITS-OLDEST-FIRST" not in codes(ledger)
    assert ledger.items["kind"].tolist()[3:] == ["credit_note", "payment", "payment"]


LETTERED = "Code client;Date;Échéance;N° pièce;Libellé;Débit;Crédit;Lettrage"


def test_lettered_groups_are_history_and_the_rest_is_open(tmp_path: Path) -> None:
    """Codes start again with every customer; what is not lettered is open, a payment too: nothing is guessed."""
    ledger = read_csv(
        tmp_path,
        f"""{LETTERED}
        C1;01/07/2026;31/07/2026;F1;Facture;100,00;;A
        C1;20/08/2026;;R1;Virement;;100,00;A
        C1;01/08/2026;31/08/2026;F2;Facture;80,00;;
        C1;10/09/2026;;R2;Virement;;25,00;
        C2;01/08/2026;31/08/2026;F3;Facture;60,00;;A
        C2;10/09/2026;;R3;Virement;;60,00;A""",
    )
    assert owed(ledger) == {"F1": 0, "R1": 0, "F2": 8000, "R2": -2500, "F3": 0, "R3": 0}
    assert days(ledger, "paid_on") == ["2026-08-20", "2026-08-20", "", "", "2026-09-10", "2026-09-10"]
    assert codes(ledger) == []


def test_a_lettered_group_that_does_not_balance_keeps_its_residual(tmp_path: Path) -> None:
    """100 + 50 against 120 leaves 30 on the newer invoice, a warning; small letters are part payments, only said."""
    ledger = read_csv(
        tmp_path,
        f"""{LETTERED}
        C1;01/07/2026;31/07/2026;F1;Facture;100,00;;B
        C1;01/08/2026;31/08/2026;F2;Facture;50,00;;B
        C1;20/08/2026;;R1;Virement;;120,00;B
        C2;01/07/2026;31/07/2026;F3;Facture;90,00;;c
        C2;20/08/2026;;R2;Virement;;40,00;c""",
    )
    assert owed(ledger) == {"F1": 0, "F2": 3000, "R1": 0, "F3": 5000, "R2": 0}
    assert [(problem.code, problem.severity, problem.facts) for problem in ledger.problems] == [
        ("LETTERING-PARTIAL", Severity.INFO, {"n": 1, "amount": Money(5000, "EUR"), "customer": "C2", "lettering": "c"}),
        ("LETTERING-UNBALANCED", Severity.WARNING, {"n": 1, "amount": Money(3000, "EUR"), "customer": "C1", "lettering": "B"}),
    ]  # fmt: skip


def test_a_reconciled_column_of_yes_and_no(tmp_path: Path) -> None:
    """Yes is one group for each customer, no is open."""
    ledger = read_csv(
        tmp_path,
        """Customer ID;Invoice #;Invoice Date;Due Date;Debit;Credit;Reconciled
        C1;F1;2026-07-01;2026-07-31;100.00;;Yes
        C1;P1;2026-08-05;;;100.00;Yes
        C1;F2;2026-08-01;2026-08-31;40.00;;No""",
    )
    assert owed(ledger) == {"F1": 0, "P1": 0, "F2": 4000}


def test_balances_carried_forward_are_items_aged_by_their_date(tmp_path: Path) -> None:
    """Without number they bear their label; without a date, the first of the book; never a page total."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/01/2026;;AN;;A nouveau;500,00;
        C2;Petit;;;;;Report à nouveau;70,00;
        C1;Durand;15/01/2026;14/02/2026;VT;F1;Facture;100,00;
        C1;Durand;05/02/2026;;BQ;R1;Virement;;200,00""",
    )
    items = ledger.items
    assert items["number"].tolist() == ["A nouveau", "Report à nouveau", "F1", "R1"]
    assert days(ledger, "issued") == ["2026-01-01", "2026-01-01", "2026-01-15", "2026-02-05"]
    assert items["open"].tolist() == [30000, 7000, 10000, 0]
    assert facts(ledger, "OPENING-BALANCES") == {"n": 2, "amount": Money(37000, "EUR")}


def test_a_write_off_ends_an_invoice_that_was_never_paid(tmp_path: Path) -> None:
    """Nothing is open, no payment habit is learned, and the sum is said."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/01/2026;31/01/2026;VT;FA-1;Facture;100,00;
        C1;Durand;30/06/2026;;OD;FA-1;Créance irrécouvrable;;100,00""",
    )
    assert ledger.items["open"].tolist() == [0, 0]
    assert (ledger.items["kind"].tolist(), days(ledger, "paid_on")[0]) == (["invoice", "credit_note"], "")
    assert facts(ledger, "WRITE-OFFS") == {"n": 1, "amount": Money(10000, "EUR")}


def test_a_rejected_payment_is_owed_again(tmp_path: Path) -> None:
    """A debit is what the customer owes, whatever its words."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/01/2026;31/01/2026;VT;FA-1;Facture;100,00;
        C1;Durand;05/02/2026;;BQ;FA-1;Prélèvement;;100,00
        C1;Durand;09/02/2026;;BQ;REJ-1;Rejet de prélèvement;100,00;""",
    )
    assert (ledger.items["kind"].tolist(), ledger.items["open"].tolist()) == (
        ["invoice", "payment", "invoice"],
        [0, 0, 10000],
    )


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Solde progressif", ["100,00", "180,00", "80,00", "110,00"]),
        ("Solde", ["100,00", "180,00", "80,00", "30,00"]),
        ("Solde", ["100,00", "180,00", "80,00", "110,00"]),
        ("Solde", ["100,00", "80,00", "-100,00", "30,00"]),
        ("Solde", ["80,00", "80,00", "80,00", "30,00"]),
    ],
)
def test_a_running_total_is_no_balance(tmp_path: Path, heading: str, cells: list[str]) -> None:
    """By customer, over the whole book, repeating the movement, or the customer's total on every row: never summed."""
    rows = [
        "C1;F1;01/07/2026;100,00;",
        "C1;F2;02/07/2026;80,00;",
        "C1;R1;03/07/2026;;100,00",
        "C2;F3;04/07/2026;30,00;",
    ]
    text = "\n".join(f"{row};{cell}" for row, cell in zip(rows, cells, strict=True))
    ledger = read_csv(tmp_path, f"Code client;N° pièce;Date;Débit;Crédit;{heading}\n{text}")
    assert owed(ledger) == {"F1": 0, "F2": 8000, "R1": 0, "F3": 3000}
    assert "open_balance" not in [name for name, _, _ in ledger.source.columns]


def test_a_running_total_that_begins_before_the_book_is_said(tmp_path: Path) -> None:
    """50 stood on the account before the first row: that part is not in the file."""
    ledger = read_csv(
        tmp_path,
        """Code client;N° pièce;Date;Débit;Crédit;Solde
        C1;F1;01/07/2026;100,00;;150,00
        C1;F2;02/07/2026;80,00;;230,00
        C1;R1;03/07/2026;;30,00;200,00""",
    )
    assert ledger.items["open"].sum() == 15000
    assert facts(ledger, "OPENING-UNSEEN") == {"n": 1, "amount": Money(5000, "EUR"), "heading": "Solde"}


def test_a_balance_of_each_row_beside_debit_and_credit_is_believed(tmp_path: Path) -> None:
    """60 of 100 still due, the payment used up: open items with their side."""
    ledger = read_csv(
        tmp_path,
        """Code client;N° pièce;Date;Débit;Crédit;Solde
        C1;F1;01/07/2026;100,00;;60,00
        C1;R1;03/07/2026;;40,00;0,00
        C2;F2;01/07/2026;50,00;;50,00
        C2;R2;03/07/2026;;70,00;20,00""",
    )
    assert owed(ledger) == {"F1": 6000, "R1": 0, "F2": 5000, "R2": -2000}
    assert ledger.items["amount"].tolist() == [10000, -4000, 5000, -7000]


UNCLEAR = """Code client;N° pièce;Date;Débit;Crédit;Solde
        C1;F1;01/07/2026;100,00;;160,00
        C1;R1;03/07/2026;;40,00;7,00"""


def test_a_balance_that_fits_no_reading_is_asked_about(tmp_path: Path) -> None:
    """Either line of relance.toml settles it."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, UNCLEAR)
    assert (refused.value.code, refused.value.facts) == (
        "BALANCE-UNCLEAR",
        {"heading": "Solde", "field": "debit", "form": "Débit"},
    )
    assert read_csv(tmp_path, UNCLEAR, Reading(columns={"debit": "Débit"})).items["open"].tolist() == [6000, 0]
    assert read_csv(tmp_path, UNCLEAR, Reading(columns={"open_balance": "Solde"})).items["open"].tolist() == [
        16000,
        -700,
    ]


BOTH = """Code client;N° pièce;Date;Débit;Crédit;Statut
        C1;F1;01/07/2026;100,00;;Payée
        C1;F2;02/07/2026;80,00;;
        C1;R1;03/07/2026;;100,00;"""


def test_payments_in_the_book_and_a_status_beside_them_are_asked_about(tmp_path: Path) -> None:
    """Counted twice, 80 open would be 20 in credit."""
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, BOTH)
    assert refused.value.code == "MOVEMENTS-OR-STATUSES"
    assert refused.value.facts == {"settler": "status", "heading": "Statut", "field": "debit", "form": "Débit"}
    assert read_csv(tmp_path, BOTH, Reading(columns={"debit": "Débit"})).items["open"].tolist() == [0, 8000, 0]
    assert read_csv(tmp_path, BOTH, Reading(columns={"status": "Statut"})).items["open"].tolist() == [0, 8000, -10000]


def test_statuses_without_payments_in_the_book_decide(tmp_path: Path) -> None:
    """Only invoices and a credit note that is itself marked: no movement is set against another."""
    text = BOTH.replace("R1;03/07/2026;;100,00;", "A1;03/07/2026;;10,00;Soldée")
    assert owed(read_csv(tmp_path, text)) == {"F1": 0, "F2": 8000, "A1": 0}


def test_customers_in_credit_all_together_is_said(tmp_path: Path) -> None:
    """Perhaps debit and credit are the wrong way round."""
    ledger = read_csv(
        tmp_path, "Client;N° pièce;Date;Débit;Crédit\nDurand;F1;01/07/2026;;100,00\nPetit;F2;01/07/2026;20,00;"
    )
    assert facts(ledger, "BOOK-IN-CREDIT") == {"amount": Money(8000, "EUR"), "debit": "Débit", "credit": "Crédit"}


def test_a_journal_of_all_accounts_gives_its_customers(tmp_path: Path) -> None:
    """Sales, VAT and bank are no customers; a file of suppliers is refused."""
    text = """Journal;Date;Compte;Libellé compte;N° pièce;Débit;Crédit
        VT;01/07/2026;41100012;Durand;F1;120,00;
        VT;01/07/2026;70600000;Prestations;F1;;100,00
        VT;01/07/2026;44571000;TVA;F1;;20,00
        BQ;05/08/2026;51200000;Banque;R1;50,00;
        BQ;05/08/2026;41100012;Durand;R1;;50,00"""
    ledger = read_csv(tmp_path, text)
    assert (ledger.items["debtor_id"].unique().tolist(), ledger.items["open"].tolist()) == (["41100012"], [7000, 0])
    assert ledger.items["source_row"].tolist() == [2, 6]
    assert facts(ledger, "ACCOUNTS-IGNORED")["n"] == 3
    with pytest.raises(RelanceError, match="NO-CUSTOMER-ACCOUNTS"):
        read_csv(tmp_path, "Compte général;Tiers;Date;N° pièce;Débit;Crédit\n401000;Fournil;01/07/2026;A1;;10,00")


def test_a_book_written_as_a_plain_sheet_is_read_back_the_same(tmp_path: Path) -> None:
    """Debit, credit and dates become numbers and dates; the second reading allocates the same."""
    text = f"""{BOOK}
        C1;Durand;01/09/2026;01/10/2026;VT;F1;Facture;1 100,00;
        C1;Durand;05/10/2026;;BQ;R1;Virement;;150,5"""
    book = open_book(write_csv(tmp_path, text))
    before = read(book, Reading())
    rows = typed_rows(book, before)
    assert (rows[1][2], rows[1][7], rows[2][8]) == (dt.date(2026, 9, 1), 1100, 150.5)
    after = read(open_book(write_xlsx(tmp_path, {"Livre": rows})), Reading())
    pd.testing.assert_frame_equal(before.items.drop(columns="source_sheet"), after.items.drop(columns="source_sheet"))
    pd.testing.assert_frame_equal(before.payments, after.payments)


@st.composite
def books(draw: st.DrawFn) -> list[tuple[str, int, str, str, int, str]]:
    """Draw movements: customer, day, number, currency, cents (debits above zero), lettering code."""
    coded = draw(st.booleans())
    row = st.tuples(
        st.sampled_from(["C1", "C2", "C3"]),
        st.integers(0, 60),
        st.sampled_from(["FA-101", "FA-102", "FA-103", "R7", ""]),
        st.sampled_from(["EUR", "USD"]),
        st.integers(-30000, 30000),
        st.sampled_from(["", "A", "B", "a"]) if coded else st.just(""),
    )
    return draw(st.lists(row, min_size=1, max_size=25))


@given(books())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_amount_is_ever_lost(tmp_path: Path, rows: list[tuple[str, int, str, str, int, str]]) -> None:
    """By customer and currency, open is debits less credits, at the end and as of every day; no item changes its side."""
    start = dt.date(2026, 1, 1)
    lines = [
        f"{who};{start + dt.timedelta(days=at)};{number};Mouvement;{max(cents, 0) / 100:.2f};{max(-cents, 0) / 100:.2f};{code};{let}"
        for who, at, number, code, cents, let in rows
    ]
    heading = "Code client;Date;N° pièce;Libellé;Débit;Crédit;Devise;Lettrage"
    ledger = read_csv(tmp_path, "\n".join([heading, *lines]), Reading(decimal="."))
    items = ledger.items
    assert ((items["open"] * items["amount"] >= 0) & (items["open"].abs() <= items["amount"].abs())).all()
    book = pd.DataFrame(rows, columns=["who", "at", "number", "currency", "cents", "let"])
    for day in (0, 7, 30, 60):
        stood = as_they_stood(items, ledger.payments, start + dt.timedelta(days=day))
        found = stood.groupby(["debtor_id", "currency"])["open"].sum()
        wanted = book[book["at"] <= day].groupby(["who", "currency"])["cents"].sum()
        assert found.to_dict() == wanted.to_dict()
    settled = (items["open"] == 0) & (items["kind"] == "payment") & (items["amount"] != 0)
    assert np.array_equal(items["paid_on"].notna()[settled].to_numpy(), np.ones(int(settled.sum()), dtype=bool))


@pytest.mark.parametrize(
    "rows",
    [
        "Durand;F1;01/07/2026;Facture;100,00\nDurand;F2;01/08/2026;Facture;80,00\nDurand;R1;05/08/2026;Règlement;-120,00",
        "Durand;F1;01/07/2026;Facture;100,00\nDurand;F2;01/08/2026;Facture;80,00\nDurand;R1;05/08/2026;Règlement;120,00",
    ],
)
def test_one_signed_amount_with_payments_among_the_invoices(tmp_path: Path, rows: str) -> None:
    """Nothing else says what is paid: the payment, whatever sign it has, goes to the oldest invoice."""
    ledger = read_csv(tmp_path, f"Client;N° pièce;Date;Type;Montant\n{rows}")
    assert owed(ledger) == {"F1": 0, "F2": 6000, "R1": 0}
    assert "CREDITS-OLDEST-FIRST" in codes(ledger)


def test_lettering_in_a_list_of_invoices_says_what_is_paid(tmp_path: Path) -> None:
    """No credits stand in the table: a lettered invoice is settled, one with a small letter is not; count and sum are said."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Date;Montant TTC;Lettrage
        Durand;F1;01/07/2026;100,00;AA
        Durand;F2;01/08/2026;80,00;
        Durand;F3;01/09/2026;60,00;ab""",
    )
    assert owed(ledger) == {"F1": 0, "F2": 8000, "F3": 6000}
    assert facts(ledger, "STATUS-PAID") == {"n": 1, "amount": Money(10000, "EUR"), "statuses": "lettrée"}


def test_lettered_rows_that_only_their_type_tells_apart(tmp_path: Path) -> None:
    """Amounts without sign: the type says which are payments, the codes which belong together."""
    ledger = read_csv(
        tmp_path,
        """Client;N° pièce;Type;Date;Montant;Lettrage
        Durand;F1;Facture;01/07/2026;100,00;A
        Durand;F2;Facture;01/08/2026;80,00;
        Durand;R1;Règlement;05/08/2026;100,00;A""",
    )
    assert owed(ledger) == {"F1": 0, "F2": 8000, "R1": 0}


@pytest.mark.parametrize(("yes", "no"), [("oui", "non"), ("x", ""), ("Yes", "No")])
def test_a_mark_in_a_list_of_invoices_says_what_is_paid(tmp_path: Path, yes: str, no: str) -> None:
    """Reconciled: no credits stand beside it."""
    text = f"Client;N° facture;Date;Montant;Rapprochement\nDurand;F1;01/07/2026;100,00;{yes}\nDurand;F2;01/08/2026;80,00;{no}"
    assert owed(read_csv(tmp_path, text)) == {"F1": 0, "F2": 8000}


def test_a_movement_without_a_date_bears_that_of_its_lettering(tmp_path: Path) -> None:
    """Else the row would be left out, and its group not balance."""
    ledger = read_csv(
        tmp_path,
        """Code client;Date;N° pièce;Débit;Crédit;Lettrage;Date lettrage
        C1;01/07/2026;F1;100,00;;A;20/08/2026
        C1;;R1;;100,00;A;20/08/2026""",
    )
    assert (ledger.items["open"].tolist(), days(ledger, "paid_on")) == ([0, 0], ["2026-08-20", "2026-08-20"])


def test_closing_lines_of_a_customer_are_no_movements(tmp_path: Path) -> None:
    """Totals and closing balances under each customer are not items."""
    ledger = read_csv(
        tmp_path,
        f"""{BOOK}
        C1;Durand;01/09/2026;01/10/2026;VT;F1;Facture;100,00;
        C1;Durand;05/10/2026;;BQ;R1;Virement;;40,00
        C1;Durand;;;;;Total client;100,00;40,00
        C1;Durand;;;;;Solde débiteur;60,00;""",
    )
    assert (owed(ledger), ledger.source.left_out) == ({"F1": 6000, "R1": 0}, 0)
