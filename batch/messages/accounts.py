"""A plan → the accounts that are written to, each with its items sorted out: asked, credited, not due, set apart.

Nothing here is written in a language yet: amounts are minor units, days are timestamps.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from batch.core.codes import GIVEN_OUT
from batch.core.ladder.pauses import LEFT_OUT, SET_APART
from batch.core.plan import Plan
from batch.core.tables import ACCOUNT

WRITTEN = ("mail", "letter")
WORDED = ("courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "formal_notice")


class Item(NamedTuple):
    """One open item: days are timestamps (NaT = unknown), money is minor units."""

    number: str
    kind: str
    issued: pd.Timestamp
    due: pd.Timestamp
    amount: int
    open: int
    days_late: int
    overdue: bool
    step: str  # the step it takes now, else the last one it took
    last_step: str  # the last one before today, "" = none
    advances: bool
    apart: bool  # contested, held or paid by other means: shown, never asked for
    interest: int
    fixed_sum: int
    fees: int
    estimated: bool


class Debtor(NamedTuple):
    """What a message needs to know about its reader, as it stands in the ledger."""

    debtor_id: str
    name: str
    contact: str
    email: str
    address: str
    language: str
    country: str
    company_id: str
    nature: str


@dataclass(frozen=True, slots=True)
class Account:
    """One debtor and currency with the step that is taken now."""

    debtor: Debtor
    currency: str
    step: str
    channel: str
    promise_broken: bool
    template: str = ""  # the wording that the policy names for the step, "" = the one named after it
    asked_for: list[Item] = field(default_factory=list)
    credits: list[Item] = field(default_factory=list)
    not_due: list[Item] = field(default_factory=list)
    apart: list[Item] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        """The sum of the items asked for, before credits."""
        return sum(item.open for item in self.asked_for)

    @property
    def credited(self) -> int:
        """Unallocated credits and payments: zero or negative."""
        return sum(item.open for item in self.credits)

    @property
    def asked(self) -> int:
        """What the message asks for, never below zero."""
        return max(0, self.overdue + self.credited)


def gather(plan: Plan) -> Iterator[Account]:
    """Yield the accounts whose step is written by mail or letter and has a wording, in the plan's order."""
    steps = plan.account_steps
    steps = steps[steps["channel"].isin(WRITTEN) & steps["step"].isin(WORDED)]
    items = _items(plan, steps)
    debtors = _debtors(plan, steps)
    broken = _broken_promises(plan)
    rows = zip(*(steps[name].tolist() for name in [*ACCOUNT, "step", "channel"]), strict=True)
    for debtor_id, currency, step, channel in rows:
        debtor = debtors.get(debtor_id, Debtor(debtor_id, debtor_id, "", "", "", "", "", "", ""))
        promise_broken = not broken.isdisjoint({(debtor_id, currency), (debtor_id, "")})
        template = plan.templates.get((debtor_id, currency), "")
        account = Account(debtor, currency, step, channel, promise_broken=promise_broken, template=template)
        sort_out(account, items[debtor_id, currency])
        yield account


def sort_out(account: Account, items: list[Item]) -> None:
    """Put each open item where the message shows it.

    Before the due date only the items that take the courtesy step are asked for; credits are then set off only when nothing
    is overdue, since what is overdue has the first call on them. From the first reminder on every overdue item is asked for.
    """
    courtesy = account.step == "courtesy"
    late = any(item.overdue for item in items)
    for item in items:
        if item.open < 0:
            if not (courtesy and late):
                account.credits.append(item)
        elif item.apart and item.overdue:
            account.apart.append(item)
        elif item.overdue != courtesy and (item.overdue or item.advances):
            account.asked_for.append(item)
        elif not courtesy and not item.overdue and not item.apart and item.kind == "invoice":
            account.not_due.append(item)


def _items(plan: Plan, steps: pd.DataFrame) -> defaultdict[tuple[str, str], list[Item]]:
    """Return the open items of the accounts in `steps`, oldest due date first."""
    aged = plan.aged[["item_id", *ACCOUNT, "open", "days_late", "overdue"]].merge(steps[ACCOUNT], on=ACCOUNT)
    rows = (
        aged.merge(plan.items[["item_id", "number", "kind", "issued", "due", "amount"]], on="item_id")
        .merge(
            plan.item_steps[["item_id", "last_step", "next_step", "advances", "blocked_by"]], on="item_id", how="left"
        )
        .merge(plan.charges[["item_id", "interest", "fixed_sum", "fees", "estimated"]], on="item_id", how="left")
        .sort_values(["due", "number"], kind="stable")
    )
    rows = rows[~rows["blocked_by"].isin(LEFT_OUT) & ~rows["last_step"].isin(GIVEN_OUT)]
    flags = {name: rows[name].eq(other=True) for name in ("advances", "estimated")}
    rows = rows.assign(
        **flags,
        step=rows["next_step"].where(flags["advances"], rows["last_step"]).fillna(""),
        last_step=rows["last_step"].fillna(""),
        apart=rows["blocked_by"].isin(SET_APART),
        **{name: rows[name].fillna(0).astype("int64") for name in ("interest", "fixed_sum", "fees")},
    )
    by_account: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    columns = [rows[name].tolist() for name in Item._fields]
    for debtor_id, currency, *values in zip(*(rows[name].tolist() for name in ACCOUNT), *columns, strict=True):
        by_account[debtor_id, currency].append(Item(*values))
    return by_account


def _debtors(plan: Plan, steps: pd.DataFrame) -> dict[str, Debtor]:
    debtors = plan.ledger.debtors
    debtors = debtors[debtors["debtor_id"].isin(steps["debtor_id"])]
    columns = (debtors[name].tolist() for name in Debtor._fields)
    return {values[0]: Debtor(*values) for values in zip(*columns, strict=True)}


def _broken_promises(plan: Plan) -> set[tuple[str, str]]:
    """Return the debtors of whom the evidence says that a promise was not kept, and in which currency ("" = not said)."""
    broken = plan.evidence[plan.evidence["code"] == "promise-broken"]
    return set(zip(broken["debtor_id"].tolist(), broken["currency"].tolist(), strict=True))
