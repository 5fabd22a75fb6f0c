"""A small plan with every kind of account, made of the real tables, its figures plain enough to add up by hand."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from batch.core import tables
from batch.core.plan import Plan
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Ledger, LedgerFile, Message
from batch.core.summary import Summary
from batch.words import Words, for_language

AS_OF = dt.date(2026, 11, 20)
DURAND, LAKE, PAID = "411DURAND", "411LAKE", "411PAID"


def table(form: tables.Table, *rows: dict[str, Any]) -> pd.DataFrame:
    """Return a table with these rows; what a row does not give is empty."""
    empty = {tables.TEXT: "", tables.MONEY: 0, tables.DAY: pd.NaT, tables.FLAG: False, tables.FIGURE: float("nan")}
    filled = [{name: row.get(name, empty[dtype]) for name, dtype in form.columns.items()} for row in rows]
    return form.conform(pd.DataFrame(filled)) if rows else form.empty()


def day(text: str) -> pd.Timestamp:
    """Return a day of a table."""
    return pd.Timestamp(text)


ITEMS = table(
    tables.ITEMS,
    {"item_id": "d1", "debtor_id": DURAND, "kind": "invoice", "number": "FA-101", "issued": day("2026-09-30"), "due": day("2026-10-30"), "amount": 120000, "open": 100000, "currency": "EUR"},
    {"item_id": "d2", "debtor_id": DURAND, "kind": "invoice", "number": "FA-102", "issued": day("2026-11-10"), "due": day("2026-12-10"), "amount": 28456, "open": 28456, "currency": "EUR"},
    {"item_id": "d3", "debtor_id": DURAND, "kind": "credit_note", "number": "AV-7", "issued": day("2026-11-01"), "amount": -5000, "open": -5000, "currency": "EUR"},
    {"item_id": "d4", "debtor_id": DURAND, "kind": "invoice", "number": "FA-009", "issued": day("2026-01-05"), "due": day("2026-02-04"), "amount": 9900, "open": 0, "currency": "EUR", "paid_on": day("2026-02-04")},
    {"item_id": "l1", "debtor_id": LAKE, "kind": "invoice", "number": "FA-201", "issued": day("2026-07-01"), "due": day("2026-07-31"), "amount": 5000, "open": 5000, "currency": "JPY"},
    {"item_id": "l2", "debtor_id": LAKE, "kind": "invoice", "number": "FA-202", "issued": day("2026-07-01"), "due": day("2026-07-31"), "amount": 70000, "open": 70000, "currency": "EUR"},
    {"item_id": "p1", "debtor_id": PAID, "kind": "invoice", "number": "FA-301", "issued": day("2026-06-01"), "due": day("2026-07-01"), "amount": 4200, "open": 0, "currency": "EUR", "paid_on": day("2026-07-01")},
)  # fmt: skip
AGED = table(
    tables.AGED,
    {"item_id": "d1", "debtor_id": DURAND, "kind": "invoice", "currency": "EUR", "open": 100000, "days_late": 21, "overdue": True, "bucket": "1-30"},
    {"item_id": "d2", "debtor_id": DURAND, "kind": "invoice", "currency": "EUR", "open": 28456, "days_late": -20, "bucket": "not_due"},
    {"item_id": "d3", "debtor_id": DURAND, "kind": "credit_note", "currency": "EUR", "open": -5000},
    {"item_id": "l1", "debtor_id": LAKE, "kind": "invoice", "currency": "JPY", "open": 5000, "days_late": 112, "overdue": True, "bucket": "90+"},
    {"item_id": "l2", "debtor_id": LAKE, "kind": "invoice", "currency": "EUR", "open": 70000, "days_late": 112, "overdue": True, "bucket": "90+"},
)  # fmt: skip
ACCOUNTS = table(
    tables.ACCOUNTS,
    {"debtor_id": DURAND, "currency": "EUR", "open": 123456, "overdue": 100000, "not_due": 28456, "unallocated": -5000, "oldest_days_late": 21, "overdue_items": 1},
    {"debtor_id": LAKE, "currency": "EUR", "open": 70000, "overdue": 70000, "oldest_days_late": 112, "overdue_items": 1},
    {"debtor_id": LAKE, "currency": "JPY", "open": 5000, "overdue": 5000, "oldest_days_late": 112, "overdue_items": 1},
    {"debtor_id": PAID, "currency": "EUR"},
)  # fmt: skip
ITEM_STEPS = table(
    tables.ITEM_STEPS,
    {"item_id": "d1", "debtor_id": DURAND, "currency": "EUR", "next_step": "reminder_1", "next_on": day("2026-11-20"), "advances": True},
    {"item_id": "d2", "debtor_id": DURAND, "currency": "EUR", "next_step": "courtesy", "next_on": day("2026-12-05")},
    {"item_id": "l1", "debtor_id": LAKE, "currency": "JPY", "last_step": "reminder_2", "next_step": "formal_notice", "blocked_by": "promise", "blocked_until": day("2026-12-02")},
    {"item_id": "l2", "debtor_id": LAKE, "currency": "EUR", "last_step": "formal_notice", "next_step": "bailiff", "blocked_by": "promise", "blocked_until": day("2026-12-02")},
)  # fmt: skip
ACCOUNT_STEPS = table(
    tables.ACCOUNT_STEPS,
    {"debtor_id": DURAND, "currency": "EUR", "step": "reminder_1", "channel": "mail", "approval": "auto", "asked": 95000, "proposal": "send", "reason": "due", "reason_days": 21, "next_step": "reminder_2", "next_on": day("2026-12-05")},
    {"debtor_id": LAKE, "currency": "EUR", "asked": 70000, "reason": "waiting", "reason_on": day("2026-12-02"), "blocked_by": "promise", "next_step": "bailiff", "next_on": day("2026-12-02")},
    {"debtor_id": LAKE, "currency": "JPY", "asked": 5000, "reason": "waiting", "reason_on": day("2026-12-02"), "blocked_by": "promise", "next_step": "formal_notice", "next_on": day("2026-12-02")},
)  # fmt: skip
CHARGES = table(
    tables.CHARGES,
    {"item_id": "d1", "debtor_id": DURAND, "currency": "EUR", "interest": 713, "fixed_sum": 4000},
    {"item_id": "d2", "debtor_id": DURAND, "currency": "EUR"},
    {"item_id": "d4", "debtor_id": DURAND, "currency": "EUR", "interest": 55, "fixed_sum": 4000},
    {"item_id": "l2", "debtor_id": LAKE, "currency": "EUR", "interest": 2660, "fixed_sum": 4000},
)  # fmt: skip
SUMMARY = Summary(
    kpis=table(
        tables.KPIS,
        {"currency": "EUR", "open": 193456, "overdue": 170000, "unallocated": -5000, "dso_days": 41.23, "weighted_days_late": 33.46, "debtors": 2, "overdue_debtors": 2},
        {"currency": "JPY", "open": 5000, "overdue": 5000, "debtors": 1, "overdue_debtors": 1},
    ),
    buckets=table(
        tables.BUCKETS,
        {"currency": "EUR", "bucket": "not_due", "open": 28456, "items": 1},
        {"currency": "EUR", "bucket": "1-30", "open": 100000, "items": 1},
        {"currency": "EUR", "bucket": "90+", "open": 70000, "items": 1},
        {"currency": "EUR", "bucket": "", "open": -5000, "items": 1},
        {"currency": "JPY", "bucket": "90+", "open": 5000, "items": 1},
    ),
    by_standing=table(
        tables.BY_STANDING,
        {"standing": "dishonest", "currency": "JPY", "debtors": 1, "open": 5000, "overdue": 5000},
        {"standing": "dishonest", "currency": "EUR", "debtors": 1, "open": 70000, "overdue": 70000},
        {"standing": "forgetful", "currency": "EUR", "debtors": 1, "open": 123456, "overdue": 100000},
    ),
    by_step=table(tables.BY_STEP, {"step": "reminder_1", "channel": "mail", "currency": "EUR", "debtors": 1, "asked": 95000}),
)  # fmt: skip
UNREADABLE = Problem(
    "AMOUNT-UNREADABLE",
    Severity.ERROR,
    Source("march.xlsx", "Ouvert", 47, "F", "Solde TTC", "1 234,5O"),
    {"style": "1 234,56"},
)


@pytest.fixture
def words() -> Words:
    """Return the shipped English words, with sentences of this plan's own codes."""
    return Words(
        "en",
        {
            "reasons": {"due": "{days} days late: {step}", "waiting": "promised until {on}, then {next_step}"},
            "evidence": {
                "habit-on-time": "paid {n} of {m} on time",
                "promise-broken": "{amount} promised for {at} did not come",
            },
            "advice": {"ask-deposit": "ask for a deposit: {text}"},
        },
    )


@pytest.fixture
def french() -> Words:
    """Return the shipped French words."""
    return for_language("fr")


@pytest.fixture
def plan() -> Plan:
    """Return a forgetful debtor with a credit note, one in bad faith with two currencies, one who has paid everything."""
    source = LedgerFile(
        "march.xlsx", "ab12", "Ouvert", 5, 12, 8, 1, dt.date(2026, 11, 10), (("customer_id", "A", "Compte"), ("open_balance", "F", "Solde TTC"))
    )  # fmt: skip
    debtors = table(
        tables.DEBTORS,
        {"debtor_id": DURAND, "name": "Durand SARL"},
        {"debtor_id": LAKE, "name": "Lake Ltd"},
        {"debtor_id": PAID, "name": "Paid SA"},
    )
    ledger = Ledger(source, ITEMS, debtors, tables.PAYMENTS.empty(), tables.EVENTS.empty(), (UNREADABLE,))
    because = table(
        tables.BECAUSE,
        {"debtor_id": DURAND, "code": "habit-on-time", "points": 3, "n": 11, "m": 12},
        {"debtor_id": LAKE, "code": "promise-broken", "points": 4, "amount": 70000, "currency": "EUR", "at": day("2026-10-25")},
    )  # fmt: skip
    standings = table(
        tables.STANDING_TABLE,
        {"debtor_id": DURAND, "standing": "forgetful", "confidence": 0.8249, "margin": 3, "computed": "forgetful"},
        {"debtor_id": LAKE, "standing": "dishonest", "confidence": 0.61, "margin": 2, "computed": "dishonest"},
        {"debtor_id": PAID, "standing": "current", "confidence": 1.0, "computed": "current"},
    )
    advice = table(tables.ADVICE, {"debtor_id": LAKE, "code": "ask-deposit", "text": "new orders"})
    return Plan(
        as_of=AS_OF, ledger=ledger, first_run=True, items=ITEMS, events=tables.EVENTS.empty(), aged=AGED, accounts=ACCOUNTS,
        evidence=tables.EVIDENCE.empty(), standings=standings, because=because, charges=CHARGES, item_steps=ITEM_STEPS,
        account_steps=ACCOUNT_STEPS, summary=SUMMARY, advice=advice, problems=(UNREADABLE,),
    )  # fmt: skip


@pytest.fixture
def messages() -> dict[tuple[str, str], Message]:
    """Return the one message of the plan."""
    reminder = Message(DURAND, "EUR", "reminder_1", "fr", "Facture FA-101", "Bonjour", "<p>Bonjour</p>", "d1gest")
    return {(DURAND, "EUR"): reminder}
