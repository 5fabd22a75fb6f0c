"""A small plan made by hand: ten invented accounts, one for each standing and channel, a second currency, a settled invoice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from batch.core import tables
from batch.core.plan import Plan
from batch.core.problem import Problem, Severity, Source
from batch.core.records import About, Ledger, LedgerFile, Message
from batch.core.summary import Summary
from batch.core.tables import Table

AS_OF = dt.date(2026, 11, 20)
BLANKS: Mapping[str, object] = {
    tables.TEXT: "", tables.MONEY: 0, tables.DAY: pd.NaT, tables.FLAG: False, tables.FIGURE: float("nan"),
}  # fmt: skip

ABOUT = About(
    version="1.0.0", as_of=AS_OF, company="Atelier Martin", journal_id="j-0001", journal_position=42,
    settings_path="/compta/relance.toml", ledger_file="grand-livre.xlsx", ledger_sheet="Ouvert", ledger_sha256="ab12" * 16,
    language="fr",
)  # fmt: skip

PROBLEMS = (
    Problem("CALL-WITHOUT-REVIEW", Severity.INFO, Source("grand-livre.xlsx", "Ouvert", 9, "H"),
            {"cell": "H9", "debtor_id": "411Y", "currency": "EUR"}),
    Problem("ROW-TWICE", Severity.ERROR, Source("grand-livre.xlsx", "Ouvert d'été", 47, "F", "Solde", "=1+1"),
            {"cell": "F47", "debtor_id": "411X", "currency": "EUR"}),
)  # fmt: skip

# debtor_id, currency, name, standing, open, overdue, unallocated, days late, step, channel, approval, proposal, reason
ACCOUNTS: tuple[tuple[Any, ...], ...] = (
    ("411DURAND", "EUR", "Durand Menuiserie SARL", "forgetful", 123456, 100000, 0, 21, "reminder_1", "mail", "auto", "send", "step-due"),
    ("411LEGRAND", "EUR", "Legrand & Fils <négoce>", "dishonest", 630000, 520000, 0, 57, "formal_notice", "letter", "needed", "send", "step-due"),
    ("411MOREAU", "EUR", "Établissements Moreau", "in_difficulty", 750000, 750000, 0, 81, "plan_offer", "mail", "needed", "send", "step-due"),
    ("411PETIT", "EUR", "Petit Électricité", "disputed", 260000, 260000, 0, 67, "solve_dispute", "task", "needed", "call", "step-due"),
    ("411ROUX", "EUR", "Roux Paysages", "invoice_lost", 64000, 64000, 0, 23, "resend_invoice", "call", "needed", "call", "step-due"),
    ("411BLANC", "EUR", "Blanc Plomberie", "insolvent", 740000, 740000, 0, 112, "claim", "dossier", "needed", "hold", "step-due"),
    ("411NOIR", "EUR", '=HYPERLINK("x")', "forgetful", 90000, 90000, 0, 26, "", "", "", "", "promise-running"),
    ("411VERT", "EUR", "Vert Jardin", "current", 31000, 0, 0, 0, "", "", "", "", ""),
    ("411VERT", "USD", "Vert Jardin", "current", 250000, 250000, -20000, 5, "reminder_1", "mail", "auto", "send", "step-due"),
    ("00042", "EUR", "Numéro Quarante-Deux", "forgetful", 45000, 45000, -45000, 41, "", "", "", "hold", "hold"),
    ("411SOLDE", "EUR", "Solde Zéro", "current", 0, 0, 0, 0, "", "", "", "", ""),
)  # fmt: skip
BECAUSE = (
    ("411DURAND", "habit-on-time", 3, {"n": 11, "m": 12, "days": 1.0}),
    ("411LEGRAND", "promise-broken", 4, {"n": 2, "at": pd.Timestamp(2026, 10, 30)}),
    ("411LEGRAND", "delays-growing", 2, {"n": 4, "m": 4, "days": 31.0}),
    ("411MOREAU", "delays-growing", 2, {"n": 4, "m": 4, "days": 31.0}),
)

ADVICE: tuple[Mapping[str, object], ...] = (
    {"debtor_id": "411LEGRAND", "code": "ask-deposit"},
    {"debtor_id": "411MOREAU", "code": "ask-deposit"},
    {"debtor_id": "411ROUX", "code": "ask-email"},
)


def filled(table: Table, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return a table from rows that name only what matters; the rest is blank."""
    blank = {name: BLANKS[dtype] for name, dtype in table.columns.items()}
    return table.conform(pd.DataFrame([{**blank, **row} for row in rows], columns=list(table.columns)))


def small_plan(accounts: Sequence[tuple[Any, ...]] = ACCOUNTS, *, first_run: bool = True) -> Plan:
    """Return the plan of the accounts above, each with one open invoice and the first with one that is settled."""
    items = _items(accounts)
    return Plan(
        as_of=AS_OF, ledger=_ledger(accounts, items), first_run=first_run, items=items, events=tables.EVENTS.empty(),
        aged=_aged(accounts), accounts=_accounts(accounts), evidence=tables.EVIDENCE.empty(), standings=_standings(accounts),
        because=filled(tables.BECAUSE, [{"debtor_id": who, "code": code, "points": points, **facts} for who, code, points, facts in BECAUSE]),
        charges=tables.CHARGES.empty(), item_steps=_item_steps(accounts), account_steps=_account_steps(accounts),
        summary=_summary(accounts), advice=filled(tables.ADVICE, ADVICE), problems=PROBLEMS,
    )  # fmt: skip


def messages_of(plan: Plan) -> dict[tuple[str, str], Message]:
    """Return a message for each account whose step goes by mail or letter."""
    steps = plan.account_steps[plan.account_steps["channel"].isin(["mail", "letter"])]
    rows = steps[["debtor_id", "currency", "step"]].itertuples(index=False)
    return {
        (who, currency): Message(
            who, currency, step, "fr", f"Facture de {who}", "Bonjour", "<p>Bonjour</p>", f"d-{who}-{currency}"
        )
        for who, currency, step in rows
    }


def item_id(debtor_id: str, currency: str) -> str:
    """Return the key of an account's one open invoice."""
    return f"{debtor_id}|invoice|FA-{debtor_id[-4:]}-{currency}|2026-10-30|1"


def _ledger(accounts: Sequence[tuple[Any, ...]], items: pd.DataFrame) -> Ledger:
    source = LedgerFile(ABOUT.ledger_file, ABOUT.ledger_sha256, "Ouvert", 4, 60, 56, 2, AS_OF)
    people = {who: name for who, _, name, *_ in accounts}
    debtors = filled(tables.DEBTORS, [
        {"debtor_id": who, "name": name, "phone": "01 23 45 67 89", "contact": "Mme Claire Petit", "caller": "Sophie",
         "address": "12 rue des Lilas\n69003 Lyon"} for who, name in people.items()
    ])  # fmt: skip
    return Ledger(source, items, debtors, tables.PAYMENTS.empty(), tables.EVENTS.empty())


def _items(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {"item_id": item_id(who, currency), "debtor_id": who, "kind": "invoice", "number": f"FA-{who[-4:]}-{currency}",
         "due": pd.Timestamp(AS_OF) - pd.Timedelta(days=days), "amount": amount, "open": amount, "currency": currency,
         "source_sheet": "Ouvert", "source_row": 5 + at}
        for at, (who, currency, _, _, amount, _, _, days, *_) in enumerate(accounts)
    ]  # fmt: skip
    rows.append({"item_id": "411DURAND|invoice|FA-1|2026-01-31|1", "debtor_id": "411DURAND", "kind": "invoice", "number": "FA-1",
                 "amount": 5000, "currency": "EUR", "paid_on": pd.Timestamp(2026, 2, 2), "source_row": 60})  # fmt: skip
    return filled(tables.ITEMS, rows)


def bucket_of(days: int) -> str:
    """Return the default bucket of some days late."""
    bounds = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
    return next((name for bound, name in bounds if days <= bound), "90+")


def _aged(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return filled(tables.AGED, [
        {"item_id": item_id(who, currency), "debtor_id": who, "kind": "invoice", "currency": currency, "open": amount,
         "days_late": days, "overdue": overdue > 0, "bucket": bucket_of(days)}
        for who, currency, _, _, amount, overdue, _, days, *_ in accounts if amount
    ])  # fmt: skip


def _accounts(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return filled(tables.ACCOUNTS, [
        {"debtor_id": who, "currency": currency, "open": amount, "overdue": overdue, "not_due": amount - overdue,
         "unallocated": credit, "oldest_days_late": days, "overdue_items": int(overdue > 0)}
        for who, currency, _, _, amount, overdue, credit, days, *_ in accounts
    ])  # fmt: skip


def _standings(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    known = {who: standing for who, _, _, standing, *_ in accounts}
    return filled(tables.STANDING_TABLE, [
        {"debtor_id": who, "standing": standing, "confidence": 0.82, "margin": 2, "computed": standing}
        for who, standing in known.items()
    ])  # fmt: skip


def _item_steps(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return filled(tables.ITEM_STEPS, [
        {"item_id": item_id(who, currency), "debtor_id": who, "currency": currency, "last_step": "courtesy" if step else "",
         "next_step": step or "reminder_1", "advances": bool(step), "blocked_by": "" if step else reason}
        for who, currency, *_, step, _, _, _, reason in accounts
    ])  # fmt: skip


def _account_steps(accounts: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return filled(tables.ACCOUNT_STEPS, [
        {"debtor_id": who, "currency": currency, "step": step, "channel": channel, "approval": approval, "asked": max(overdue + credit, 0), "proposal": proposal,
         "reason": reason, "reason_days": days, "reason_on": pd.Timestamp(2026, 11, 25), "reason_amount": overdue,
         "blocked_by": "" if step else reason, "next_step": "reminder_2", "next_on": pd.Timestamp(2026, 12, 5)}
        for who, currency, _, _, _, overdue, credit, days, step, channel, approval, proposal, reason in accounts
    ])  # fmt: skip


def _summary(accounts: Sequence[tuple[Any, ...]]) -> Summary:
    names = ["debtor_id", "currency", "name", "standing", "open", "overdue", "unallocated", "days", "step", "channel"]
    table = pd.DataFrame([row[: len(names)] for row in accounts if row[4]], columns=names)
    table = table.assign(bucket=table["days"].map(bucket_of), late=(table["overdue"] > 0).astype("int64"))
    kpis = table.groupby("currency", as_index=False).agg(
        open=("open", "sum"), overdue=("overdue", "sum"), unallocated=("unallocated", "sum"), debtors=("open", "size"),
        overdue_debtors=("late", "sum"),
    )  # fmt: skip
    buckets = table.groupby(["currency", "bucket"], as_index=False).agg(open=("open", "sum"), items=("open", "size"))
    order = ["not_due", "1-30", "31-60", "61-90", "90+"]
    whole = pd.MultiIndex.from_product([kpis["currency"].tolist(), order], names=["currency", "bucket"])
    sums = {"debtors": ("open", "size"), "open": ("open", "sum"), "overdue": ("overdue", "sum")}
    leaving = table[table["step"] != ""].assign(
        asked=lambda rows: (rows["overdue"] + rows["unallocated"]).clip(lower=0)
    )
    return Summary(
        kpis=tables.KPIS.conform(kpis.assign(dso_days=[41.2, float("nan"), 3.0][: len(kpis)], weighted_days_late=33.5)),
        buckets=tables.BUCKETS.conform(buckets.set_index(["currency", "bucket"]).reindex(whole, fill_value=0).reset_index()),
        by_standing=tables.BY_STANDING.conform(table.groupby(["standing", "currency"], as_index=False).agg(**sums)),
        by_step=tables.BY_STEP.conform(
            leaving.groupby(["step", "channel", "currency"], as_index=False).agg(debtors=("open", "size"), asked=("asked", "sum"))
        ),
    )  # fmt: skip
