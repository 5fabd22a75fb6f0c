"""Settings as people write them, and ledgers played run by run: what leaves is journalled as sent, and the next run knows it."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from batch import settings
from batch.core.plan import Plan, make_plan
from batch.core.policy import Policy
from batch.core.records import Ledger
from batch.core.tables import ACCOUNT
from tests.core.kit import event, events


@cache
def rules(toml: str) -> Policy:
    """Return the policy of a relance.toml with this text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "relance.toml"
        path.write_text(toml, encoding="utf-8")
        return settings.load(path, beside=None, environment={}).policy


def plan_on(book: Ledger, policy: Policy, as_of: str, history: Sequence[dict[str, object]] = ()) -> Plan:
    """Return the plan of one day."""
    return make_plan(book, events(list(history)), policy, dt.date.fromisoformat(as_of), first_run=False)


def as_sent(plan: Plan) -> list[dict[str, object]]:
    """Return the events of everything that leaves in writing, one for each invoice that advances."""
    written = plan.account_steps.loc[plan.account_steps["channel"].isin(["mail", "letter", "dossier"]), ACCOUNT]
    moving = plan.item_steps[plan.item_steps["advances"]].merge(written, on=ACCOUNT)
    rows = moving[["debtor_id", "next_step", "item_id"]].itertuples(index=False)
    return [event(plan.as_of.isoformat(), debtor, "sent", step=step, item_id=item_id) for debtor, step, item_id in rows]


def play(book: Ledger, policy: Policy, days: Sequence[str]) -> dict[str, Plan]:
    """Return the plan of each run, everything that the runs before it proposed having been sent."""
    history: list[dict[str, object]] = []
    plans = {}
    for day in days:
        plans[day] = plan_on(book, policy, day, history)
        history += as_sent(plans[day])
    return plans


def told(plan: Plan, debtor: str, currency: str = "EUR") -> tuple[str, int, str]:
    """Return an account's step, what it is asked for, and what blocks it."""
    rows = plan.account_steps
    found = rows[(rows["debtor_id"] == debtor) & (rows["currency"] == currency)]
    return tuple(found[["step", "asked", "blocked_by"]].iloc[0]) if len(found) else ("", 0, "")


def moved(plan: Plan, debtor: str) -> dict[str, str]:
    """Return the step that each invoice of a debtor takes, by number."""
    rows = plan.item_steps[plan.item_steps["advances"] & (plan.item_steps["debtor_id"] == debtor)]
    numbers = plan.items.set_index("item_id")["number"]
    return dict(zip(numbers.reindex(rows["item_id"]), rows["next_step"], strict=True))
