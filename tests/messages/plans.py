"""Small plans made by hand for the tests of messages: a debtor, its items, the step it takes."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from batch.core.plan import Plan
from batch.core.policy import Charging, Company, Policy, Rate
from batch.core.records import Ledger, LedgerFile
from batch.core.summary import Summary
from batch.core.tables import (
    ACCOUNT_STEPS,
    ACCOUNTS,
    ADVICE,
    AGED,
    BECAUSE,
    BUCKETS,
    BY_STANDING,
    BY_STEP,
    CHARGES,
    DEBTORS,
    EVENTS,
    EVIDENCE,
    ITEM_STEPS,
    ITEMS,
    KPIS,
    PAYMENTS,
    STANDING_TABLE,
    Table,
)

AS_OF = dt.date(2026, 11, 20)

COMPANY = Company(
    name="Atelier Bressan SAS",
    address="12 rue des Tanneurs\n01000 Bourg-en-Bresse",
    company_id="123 456 782",
    email="compta@bressan.example",
    phone="04 74 00 00 00",
    contact="Hélène Morel",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
)

POLICY = Policy(
    charging=Charging(
        business=(Rate(dt.date(2026, 1, 1), 1215), Rate(dt.date(2026, 7, 1), 1240)),
        public=(Rate(dt.date(2026, 1, 1), 1015), Rate(dt.date(2026, 7, 1), 1040)),
        consumer=(Rate(dt.date(2026, 7, 1), 275),),
    )
)


@dataclass
class Item:
    """One item of a test: `days` late at the as-of date, amounts in minor units, what it was charged."""

    number: str
    days: int
    open: int
    amount: int = 0
    kind: str = "invoice"
    interest: int = 0
    fixed_sum: int = 0
    fees: int = 0
    estimated: bool = False
    blocked_by: str = ""
    advances: bool = True
    last_step: str = ""


@dataclass
class Case:
    """One account of a test: whom it is about, the step it takes, its items."""

    step: str
    items: list[Item]
    debtor_id: str = "411DURAND"
    currency: str = "EUR"
    channel: str = "mail"
    approval: str = "auto"
    standing: str = "forgetful"
    promise_broken: bool = False
    debtor: dict[str, str] = field(default_factory=dict)


def make_plan(*cases: Case, as_of: dt.date = AS_OF) -> Plan:
    """Return the plan of these accounts, each table in its form."""
    items = [
        (case, item, f"{case.debtor_id}|{at}|{item.number}|{case.currency}")
        for case in cases
        for at, item in enumerate(case.items)
    ]
    late = [(case, item, key) for case, item, key in items if item.days > 0 and item.kind == "invoice"]
    debtors = list({case.debtor_id: case for case in cases}.values())
    return Plan(
        as_of=as_of,
        ledger=Ledger(
            LedgerFile("ledger.xlsx", "", "Ouvert", 1, len(items) + 1, len(items), 0, as_of),
            items=_items(items, as_of),
            debtors=_table(DEBTORS, [_debtor(case) for case in debtors]),
            payments=PAYMENTS.empty(),
            history=EVENTS.empty(),
        ),
        first_run=False,
        items=_items(items, as_of),
        events=EVENTS.empty(),
        aged=_table(AGED, [_aged(*one) for one in items]),
        accounts=_table(ACCOUNTS, [_account(case) for case in cases]),
        evidence=_table(
            EVIDENCE, [{"debtor_id": case.debtor_id, "code": "promise-broken"} for case in cases if case.promise_broken]
        ),
        standings=_table(
            STANDING_TABLE, [{"debtor_id": case.debtor_id, "standing": case.standing} for case in debtors]
        ),
        because=BECAUSE.empty(),
        charges=_table(CHARGES, [_charge(*one) for one in late]),
        item_steps=_table(ITEM_STEPS, [_item_step(*one) for one in items]),
        account_steps=_table(ACCOUNT_STEPS, [_account_step(case) for case in cases]),
        summary=Summary(KPIS.empty(), BUCKETS.empty(), BY_STANDING.empty(), BY_STEP.empty()),
        advice=ADVICE.empty(),
    )


BLANKS: dict[str, Any] = {"str": "", "int64": 0, "float64": 0.0, "bool": False, "datetime64[s]": pd.NaT}


def _table(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows in the table's form, with blanks where a row says nothing."""
    blank = {name: BLANKS[dtype] for name, dtype in table.columns.items()}
    return table.conform(pd.DataFrame([blank | row for row in rows])) if rows else table.empty()


def _debtor(case: Case) -> dict[str, Any]:
    return {
        "debtor_id": case.debtor_id, "name": "Durand SARL", "email": "compta@durand.example", "nature": "business",
    } | case.debtor  # fmt: skip


def _key(case: Case, key: str) -> dict[str, Any]:
    return {"item_id": key, "debtor_id": case.debtor_id, "currency": case.currency}


def _items(items: list[tuple[Case, Item, str]], as_of: dt.date) -> pd.DataFrame:
    return _table(ITEMS, [
        _key(case, key) | {
            "kind": item.kind, "number": item.number, "open": item.open, "amount": item.amount or item.open,
            "due": as_of - dt.timedelta(days=item.days), "issued": as_of - dt.timedelta(days=item.days + 30),
        }
        for case, item, key in items
    ])  # fmt: skip


def _aged(case: Case, item: Item, key: str) -> dict[str, Any]:
    overdue = item.kind == "invoice" and item.days > 0
    return _key(case, key) | {"kind": item.kind, "open": item.open, "days_late": item.days, "overdue": overdue}


def _account(case: Case) -> dict[str, Any]:
    overdue = sum(item.open for item in case.items if item.kind == "invoice" and item.days > 0)
    credited = sum(item.open for item in case.items if item.open < 0)
    return {
        "debtor_id": case.debtor_id, "currency": case.currency, "overdue": overdue, "unallocated": credited,
        "open": sum(item.open for item in case.items),
    }  # fmt: skip


def _charge(case: Case, item: Item, key: str) -> dict[str, Any]:
    return _key(case, key) | {
        "interest": item.interest,
        "fixed_sum": item.fixed_sum,
        "fees": item.fees,
        "estimated": item.estimated,
    }


def _item_step(case: Case, item: Item, key: str) -> dict[str, Any]:
    advances = item.advances and not item.blocked_by
    return _key(case, key) | {
        "next_step": case.step, "advances": advances, "blocked_by": item.blocked_by, "last_step": item.last_step,
    }  # fmt: skip


def _account_step(case: Case) -> dict[str, Any]:
    return {
        "debtor_id": case.debtor_id, "currency": case.currency, "step": case.step, "channel": case.channel,
        "approval": case.approval,
    }  # fmt: skip
