"""Rows → items, payments and reminders already sent."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Money, Severity
from batch.words import Words
from tests.ledger.kit import HEADINGS, codes, days, read_csv, read_rows


def test_an_open_invoice_and_a_paid_one(tmp_path: Path) -> None:
    """Paid invoices stay as history with nothing open; keys name customer, kind, number, due day and occurrence."""
    ledger = read_csv(
        tmp_path,
        f"""{HEADINGS};Date de règlement
        411DUR;Durand;00101;01/10/2026;31/10/2026;1 200,00;1 200,00;
        411DUR;Durand;00100;01/09/2026;01/10/2026;800,50;0,00;28/09/2026""",
    )
    items = ledger.items
    assert items["item_id"].tolist() == ["411DUR|invoice|00101|2026-10-31|1", "411DUR|invoice|00100|2026-10-01|1"]
    assert (items["amount"].tolist(), items["open"].tolist()) == ([120000, 80050], [120000, 0])
    assert (days(ledger, "issued"), days(ledger, "paid_on")) == (["2026-10-01", "2026-09-01"], ["", "2026-09-28"])
    assert ledger.payments.to_dict("list")["amount"] == [80050]
    assert ledger.problems == ()


@pytest.mark.parametrize(
    ("headings", "row", "amount", "owed"),
    [
        ("Montant TTC;Solde dû", "100,00;40,00", 10000, 4000),
        ("Solde dû", "40,00", 4000, 4000),
        ("Montant TTC;Déjà réglé", "100,00;60,00", 10000, 4000),
        ("Montant TTC;Déjà réglé", "100,00;", 10000, 10000),
        ("Montant TTC;Date de règlement", "100,00;20/10/2026", 10000, 0),
        ("Montant TTC;Date de règlement", "100,00;", 10000, 10000),
        ("Montant TTC;Statut", "100,00;Non payée", 10000, 10000),
        ("Montant TTC;Statut", "100,00;Émise", 10000, 10000),
        ("Montant TTC;Déjà réglé;Statut", "100,00;;Paid", 10000, 0),
    ],
)
def test_what_is_open_by_the_columns_there_are(tmp_path: Path, headings: str, row: str, amount: int, owed: int) -> None:
    """A balance column is believed; else amount minus paid; else payment date and status say whether it is settled."""
    ledger = read_csv(tmp_path, f"Client;N° facture;Échéance;{headings}\nDurand;F1;31/10/2026;{row}")
    assert (ledger.items["amount"].tolist(), ledger.items["open"].tolist(), ledger.problems) == ([amount], [owed], ())


def test_a_status_alone_may_say_what_is_paid(tmp_path: Path) -> None:
    """Then how many rows, what sum and which words is said."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Montant TTC;Statut
        Durand;F1;31/10/2026;100,00;Payée
        Durand;F2;31/10/2026;50,00;Émise
        Petit;F3;31/10/2026;20,00;Soldée""",
    )
    assert ledger.items["open"].tolist() == [0, 5000, 0]
    (said,) = ledger.problems
    assert (said.code, said.severity) == ("STATUS-PAID", Severity.INFO)
    assert said.facts == {"n": 2, "amount": Money(12000, "EUR"), "statuses": "Payée, Soldée"}


def test_a_balance_that_contradicts_or_is_blank_is_said(tmp_path: Path) -> None:
    """Marked paid with 40.00 open: the balance stands. An amount with a blank balance counts as settled."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Montant TTC;Solde;Statut
        Durand;F1;31/10/2026;100,00;40,00;Payée
        Petit;F2;31/10/2026;100,00;;Émise""",
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([4000, 0], ["BALANCE-BLANK", "STATUS-DISAGREES"])


def test_amounts_alone_are_taken_as_open_and_that_is_said(tmp_path: Path) -> None:
    """No balance, payment or status anywhere; a status "partly paid" without figures is said too."""
    ledger = read_csv(tmp_path, "Client;N° facture;Échéance;Montant\nDurand;F1;31/10/2026;100,00")
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000], ["BALANCE-ASSUMED"])
    ledger = read_csv(
        tmp_path, "Client;N° facture;Échéance;Montant;Statut\nDurand;F1;31/10/2026;100,00;Partiellement payée"
    )
    assert (ledger.items["open"].tolist(), codes(ledger)) == ([10000], ["PART-PAID-UNKNOWN"])


def test_drafts_and_cancelled_invoices_are_set_aside(tmp_path: Path) -> None:
    """They are nobody's debt: neither items nor left out by mistake."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Montant;Statut
        Durand;F1;31/10/2026;100,00;Validée
        Durand;F2;31/10/2026;100,00;Brouillon
        Durand;F3;31/10/2026;100,00;Annulée""",
    )
    assert (ledger.items["number"].tolist(), codes(ledger)) == (["F1"], ["STATUS-SET-ASIDE"])
    facts = {"n": 2, "amount": Money(20000, "EUR"), "statuses": "Brouillon, Annulée"}
    assert ledger.problems[0].facts == facts
    assert (ledger.source.rows, ledger.source.left_out) == (1, 0)


UNKNOWN = """Client;N° facture;Échéance;Montant;Statut
    Durand;F1;31/10/2026;100,00;En attente
    Durand;F2;31/10/2026;30,00;En attente
    Petit;F3;31/10/2026;99,00;Avoir émis
    Petit;F4;31/10/2026;20,00;Impayée
    Petit;F5;31/10/2026;10,00;Relancée le 3
    Zola;F6;31/10/2026;5,00;"""


def test_statuses_of_unknown_meaning_count_as_owed_and_are_named(tmp_path: Path) -> None:
    """With how many rows and what sum each; a word that is known for what is owed, and a blank, say nothing."""
    ledger = read_csv(tmp_path, UNKNOWN)
    assert int(ledger.items["open"].sum()) == 26400
    (said,) = ledger.problems
    assert (said.code, said.severity, said.source.row) == ("STATUS-UNKNOWN", Severity.WARNING, 2)
    assert Words("en").problem(said)[0] == (
        "3 rows have a status of unknown meaning and count as owed (the first is row 2): "
        "“En attente” (2 rows, €130.00), “Avoir émis” (1 row, €99.00)."
    )


@pytest.mark.parametrize(("meaning", "owed"), [("owed", 26400), ("paid", 13400), ("aside", 13400), ("disputed", 26400)])
def test_what_a_status_means_is_said_in_the_settings(tmp_path: Path, meaning: str, owed: int) -> None:
    """Capitals and accents do not matter; what is said of one status leaves the others open."""
    ledger = read_csv(tmp_path, UNKNOWN, Reading(statuses={"en Attente": meaning}))
    assert int(ledger.items["open"].sum()) == owed
    (said,) = [problem for problem in ledger.problems if problem.code == "STATUS-UNKNOWN"]
    assert (said.facts["n"], said.facts["first"]) == (1, "Avoir émis")
    assert int(ledger.items["disputed"].sum()) == (2 if meaning == "disputed" else 0)


@pytest.mark.parametrize(
    ("number", "kind_word", "balance", "comment", "kind", "owed"),
    [
        ("F1", "Facture", "100,00", "", "invoice", 10000),
        ("F1", "Facture", "100,00", "avoir à venir", "invoice", 10000),
        ("A1", "Avoir", "-100,00", "", "credit_note", -10000),
        ("A1", "Avoir", "100,00", "", "credit_note", -10000),
        ("R1", "Règlement", "100,00", "", "payment", -10000),
        ("F1", "Facture d'acompte", "100,00", "", "invoice", 10000),
        ("A1", "Facture d'avoir", "-100,00", "", "credit_note", -10000),
        ("A1", "", "-100,00", "", "credit_note", -10000),
        ("K-P", "", "-450,00", "règlement non lettré", "payment", -45000),
        ("AV-3", "", "-100,00", "geste commercial", "credit_note", -10000),
        ("Acompte", "", "-100,00", "", "payment", -10000),
        ("F1", "Facture", "-100,00", "", "credit_note", -10000),
        ("C1", "Credit Note", "100,00", "", "credit_note", -10000),
        ("P1", "Payment", "(100,00)", "", "payment", -10000),
    ],
)
def test_invoices_credit_notes_and_payments(
    tmp_path: Path, number: str, kind_word: str, balance: str, comment: str, kind: str, owed: int
) -> None:
    """By the type's words, else by the sign; credits are negative whatever sign the export gives them."""
    ledger = read_csv(
        tmp_path,
        f"""Client;N° pièce;Type;Échéance;Solde;Commentaire
        Durand;{number};{kind_word};31/10/2026;{balance};{comment}""",
    )
    assert (ledger.items["kind"].tolist(), ledger.items["open"].tolist()) == ([kind], [owed])


def test_the_day_that_is_missing_is_worked_out(tmp_path: Path) -> None:
    """No due date: invoice date plus the usual terms, said; no invoice date: the due date; a payment is due at once."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Date facture;Échéance;Solde
        Durand;F1;01/10/2026;;100,00
        Durand;F2;;31/10/2026;100,00
        Durand;Acompte;05/10/2026;;-100,00""",
        Reading(terms_days=45),
    )
    assert days(ledger, "issued") == ["2026-10-01", "2026-10-31", "2026-10-05"]
    assert days(ledger, "due") == ["2026-11-15", "2026-10-31", "2026-10-05"]
    assert [(problem.code, problem.facts) for problem in ledger.problems] == [
        ("DUE-DATE-COMPUTED", {"n": 1, "days": 45})
    ]


def test_the_same_item_twice_is_counted_twice_and_said(tmp_path: Path) -> None:
    """Two rows with one customer, number and due day: occurrences 1 and 2; another due day is another item."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde
        Durand;F1;31/10/2026;100,00
        Durand;F1;31/10/2026;100,00
        Durand;F1;30/11/2026;100,00""",
    )
    assert ledger.items["item_id"].tolist() == [
        "Durand|invoice|F1|2026-10-31|1",
        "Durand|invoice|F1|2026-10-31|2",
        "Durand|invoice|F1|2026-11-30|1",
    ]
    assert [(problem.code, problem.facts) for problem in ledger.problems] == [("ITEMS-REPEATED", {"n": 1})]


def test_a_part_payment_is_dated_and_the_item_stays_open(tmp_path: Path) -> None:
    """1,000 of 3,000 paid on 5 November: a payment; paid_on is for what is settled."""
    ledger = read_csv(
        tmp_path,
        f"""{HEADINGS};Date de règlement
        411DUR;Durand;F1;01/10/2026;31/10/2026;3 000,00;2 000,00;05/11/2026""",
    )
    assert (ledger.items["open"].tolist(), days(ledger, "paid_on")) == ([200000], [""])
    payments = ledger.payments
    assert (payments["item_id"].tolist(), payments["amount"].tolist()) == (ledger.items["item_id"].tolist(), [100000])
    assert [value.date().isoformat() for value in payments["at"]] == ["2026-11-05"]


@pytest.mark.parametrize(
    ("level", "step"),
    [
        ("1", "reminder_1"),
        ("R1", "reminder_1"),
        ("Relance 2", "reminder_2"),
        ("Niveau 2", "reminder_2"),
        ("2.0", "reminder_2"),
        ("3", "formal_notice"),
        ("R3", "formal_notice"),
        ("Mise en demeure", "formal_notice"),
        ("formal notice", "formal_notice"),
        ("", "reminder_1"),
        ("Relance amiable", "reminder_1"),
    ],
)  # fmt: skip
def test_the_last_reminder_is_history(tmp_path: Path, level: str, step: str) -> None:
    """One event for each item with a reminder date, its step by the level's words."""
    ledger = read_csv(
        tmp_path,
        f"""Client;N° facture;Échéance;Solde;Dernière relance;Niveau de relance
        Durand;F1;31/10/2026;100,00;13/11/2026;{level}
        Durand;F2;31/10/2026;100,00;;""",
    )
    (event,) = ledger.history.to_dict("records")
    wanted = {
        "debtor_id": "Durand",
        "item_id": "Durand|invoice|F1|2026-10-31|1",
        "number": "F1",
        "kind": "sent",
        "step": step,
        "by": "ledger",
        "round": 0,
    }
    assert {name: event[name] for name in wanted} == wanted
    assert event["at"].date().isoformat() == "2026-11-13"


def test_level_zero_is_no_reminder(tmp_path: Path) -> None:
    """A date beside level 0 or "aucune" is not a reminder."""
    ledger = read_csv(
        tmp_path,
        "Client;N° facture;Échéance;Solde;Dernière relance;Niveau de relance\nDurand;F1;31/10/2026;100,00;13/11/2026;0",
    )
    assert len(ledger.history) == 0


def test_flags_modes_references_and_notes(tmp_path: Path) -> None:
    """A dispute column with a reason is a dispute; modes are known by their words."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;Litige;Mode de règlement;Bon de commande;Commentaire;Retenue de garantie;Bloqué jusqu'au;Date d'envoi
        Durand;F1;31/10/2026;100,00;oui;Prélèvement SEPA;PO-7;à rappeler;;15/12/2026;02/10/2026
        Durand;F2;31/10/2026;100,00;non;Virement;;;oui;;
        Durand;F3;31/10/2026;100,00;casse au transport;LCR 30 jours;;;;;
        Durand;F4;31/10/2026;100,00;;CB;;;;;
        Durand;F5;31/10/2026;100,00;;chèque;;;;;""",
    )
    items = ledger.items
    assert items["disputed"].tolist() == [True, False, True, False, False]
    assert items["payment_mode"].tolist() == ["direct_debit", "transfer", "bill_of_exchange", "card", "cheque"]
    assert items["retention"].tolist() == [False, True, False, False, False]
    assert (items["reference"].tolist()[0], items["note"].tolist()[0]) == ("PO-7", "à rappeler")
    assert (days(ledger, "hold_until")[0], days(ledger, "sent_on")[0]) == ("2026-12-15", "2026-10-02")


@pytest.mark.parametrize(
    ("heading", "cells", "settings", "expected"),
    [
        ("Solde;Devise", ["10,00;EUR", "20,00;$", "30,00;"], "EUR", ["EUR", "USD", "EUR"]),
        ("Solde", ["10,00 €", "20,00 $", "30,00"], "GBP", ["EUR", "USD", "GBP"]),
        ("Solde", ["$10.00", "$20.00", "30.00"], "EUR", ["USD", "USD", "USD"]),
        ("Solde", ["$10.00", "$20.00", "30.00"], "CAD", ["CAD", "CAD", "CAD"]),
        ("Solde (CHF)", ["10,00", "20,00", "30,00"], "EUR", ["CHF", "CHF", "CHF"]),
        ("Solde TTC", ["10,00", "20,00", "30,00"], "EUR", ["EUR", "EUR", "EUR"]),
    ],
)
def test_the_currency_comes_from_column_sign_heading_or_settings(
    tmp_path: Path, heading: str, cells: list[str], settings: str, expected: list[str]
) -> None:
    """In that order; one sign in the file speaks for the rows without it."""
    rows = "\n".join(f"Durand;F{n};31/10/2026;{cell}" for n, cell in enumerate(cells))
    ledger = read_csv(tmp_path, f"Client;N° facture;Échéance;{heading}\n{rows}", Reading(currency=settings))
    assert (ledger.items["currency"].tolist(), ledger.items["open"].tolist()) == (expected, [1000, 2000, 3000])


def test_an_unknown_currency_is_said_and_yen_have_no_cents(tmp_path: Path) -> None:
    """The settings' currency is taken where the cell names none."""
    ledger = read_csv(
        tmp_path,
        """Client;N° facture;Échéance;Solde;Devise
        Durand;F1;31/10/2026;1 500;JPY
        Durand;F2;31/10/2026;1 500;perles""",
    )
    assert (ledger.items["open"].tolist(), ledger.items["currency"].tolist()) == ([1500, 150000], ["JPY", "EUR"])
    (problem,) = ledger.problems
    assert (problem.code, problem.severity, problem.source.row, problem.source.column) == (
        "CURRENCY-UNKNOWN",
        Severity.WARNING,
        3,
        "E",
    )


def test_numbers_in_a_workbook_stay_numbers_and_texts_texts(tmp_path: Path) -> None:
    """A customer typed as the number 411001 is "411001", an invoice typed as text keeps its zeros, floats lose no cent."""
    ledger = read_rows(
        tmp_path,
        [
            ["Code client", "Client", "N° facture", "Échéance", "Solde"],
            [411001, "Durand", "000611365", None, 230.0700000000002],
            [411001, "Durand", 9231909, None, 0.1 + 0.2],
        ],
    )
    assert len(ledger.items) == 0
    assert codes(ledger) == ["DATE-MISSING", "DATE-MISSING", "NO-ROWS"]
    ledger = read_rows(
        tmp_path,
        [
            ["Code client", "Client", "N° facture", "Échéance", "Solde"],
            [411001, "Durand", "000611365", "31/10/2026", 230.0700000000002],
            [411001, "Durand", 9231909, 46326, 0.1 + 0.2],
        ],
    )
    assert ledger.items["item_id"].tolist() == [
        "411001|invoice|000611365|2026-10-31|1",
        "411001|invoice|9231909|2026-10-31|1",
    ]
    assert ledger.items["open"].tolist() == [23007, 30]


def test_a_credit_whose_balance_alone_has_a_sign(tmp_path: Path) -> None:
    """A payment of 99,99 of which -10,00 is left: the balance says itself that it is a credit, and stays one."""
    ledger = read_csv(
        tmp_path,
        """Client;Type;N° facture;Échéance;Montant;Solde
        Durand;Facture;F1;31/10/2026;100,00;100,00
        Durand;Règlement;R9;30/09/2026;99,99;-10,00
        Durand;Avoir;A1;30/09/2026;20,00;20,00""",
    )
    assert ledger.items[["amount", "open"]].to_numpy().tolist() == [[10000, 10000], [-9999, -1000], [-2000, -2000]]
    assert codes(ledger) == []
