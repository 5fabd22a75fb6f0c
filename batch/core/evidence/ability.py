"""Can they pay: part payments, rejected debits, words about money, plans, insolvency."""

import pandas as pd

from batch.core.calendar import plus_days
from batch.core.evidence.known import Known, counted, latest

_ROUND = 10_000  # minor units: a part payment in whole hundreds
_OPEN_PLAN_DAYS = 30  # a plan without an end counts this long


def part_payments(known: Known) -> pd.DataFrame:
    """Overdue invoices were paid in part."""
    return counted(known.late[known.late["paid_part"] > 0], "part-payments", amount="paid_part")


def round_payments(known: Known) -> pd.DataFrame:
    """Part payments are round sums: what was at hand, not what was owed."""
    part = known.late["paid_part"]
    return counted(known.late[(part > 0) & (part % _ROUND == 0)], "round-payments")


def debit_rejected(known: Known) -> pd.DataFrame:
    """A direct debit or cheque came back unpaid."""
    rejected = known.of("debit_rejected").rename(columns={"note": "text"})
    said = known.speaking("debit_rejected")
    return latest(known.still_open(pd.concat([rejected[said.columns], said])), "debit-rejected")


def asks_time(known: Known) -> pd.DataFrame:
    """The customer asks for time or for instalments."""
    return latest(known.still_open(known.speaking("asks_time")), "asks-time")


def cash_trouble(known: Known) -> pd.DataFrame:
    """The customer speaks of cash trouble."""
    return latest(known.still_open(known.speaking("cash_trouble")), "cash-trouble")


def plans_in_force(known: Known) -> pd.DataFrame:
    """Return per debtor the plan that is in force: `at`, `until` (missing = an undated plan noted in the ledger), `text`."""
    agreed = known.of("plan_agreed", "plan_cancelled")
    last = agreed.sort_values("at", kind="stable").groupby("debtor_id").tail(1)
    last = last[last["kind"] == "plan_agreed"]
    last = last.assign(until=last["until"].fillna(plus_days(last["at"], _OPEN_PLAN_DAYS)), text=last["note"])
    last = last.loc[last["until"] >= known.as_of, ["debtor_id", "at", "until", "text"]]
    noted = known.speaking("plan", kinds=("comment",))
    noted = noted.sort_values("text", kind="stable").drop_duplicates("debtor_id")
    noted = noted[~noted["debtor_id"].isin(last["debtor_id"])]
    noted = noted.assign(until=noted["at"])[["debtor_id", "at", "until", "text"]]
    return pd.concat([last, noted], ignore_index=True)


def plan_agreed(known: Known) -> pd.DataFrame:
    """An instalment plan is in force; `at` is its end."""
    plans = known.once(plans_in_force)
    return plans[["debtor_id", "text"]].assign(at=plans["until"], since=plans["at"], code="plan-agreed")


def insolvency(known: Known) -> pd.DataFrame:
    """An insolvency is recorded; `at` is the day the claim must be filed by (missing = unknown)."""
    opened = known.of("insolvency").sort_values("at", kind="stable")
    last = opened.groupby("debtor_id").tail(1)
    return last[["debtor_id"]].assign(code="insolvency", at=last["until"], since=last["at"], text=last["note"])


def insolvency_words(known: Known) -> pd.DataFrame:
    """A comment or an answer speaks of insolvency; a person confirms."""
    return latest(known.speaking("insolvency"), "insolvency-words")


FACTS = (part_payments, round_payments, debit_rejected, asks_time, cash_trouble, plan_agreed, insolvency,
         insolvency_words)  # fmt: skip
