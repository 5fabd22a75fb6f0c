"""The whole stream in one function: a ledger and the events so far → who is asked for what, how, and why."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from batch.core import aging, history, ladder
from batch.core.charges import charge
from batch.core.classify import classify
from batch.core.evidence import gather, know
from batch.core.freshness import staleness
from batch.core.policy import Policy
from batch.core.problem import Problem
from batch.core.records import Ledger
from batch.core.summary import Summary, advise, sum_up


@dataclass(frozen=True)
class Plan:
    """All that was worked out for one as-of date; every table has the form that core/tables.py gives it."""

    as_of: dt.date
    ledger: Ledger  # as it was read
    first_run: bool  # the journal held nothing when the plan was made
    items: pd.DataFrame  # ITEMS as they stood at the end of the as-of day
    events: pd.DataFrame  # EVENTS up to the as-of day, resolved against the ledger
    aged: pd.DataFrame  # AGED, by item_id
    accounts: pd.DataFrame  # ACCOUNTS, by debtor_id and currency
    evidence: pd.DataFrame  # EVIDENCE
    standings: pd.DataFrame  # STANDING_TABLE, by debtor_id
    because: pd.DataFrame  # BECAUSE
    charges: pd.DataFrame  # CHARGES, by item_id
    item_steps: pd.DataFrame  # ITEM_STEPS, by item_id
    account_steps: pd.DataFrame  # ACCOUNT_STEPS, by debtor_id and currency
    summary: Summary
    advice: pd.DataFrame  # ADVICE
    problems: tuple[Problem, ...] = ()


def make_plan(ledger: Ledger, journal: pd.DataFrame, policy: Policy, as_of: dt.date, *, first_run: bool) -> Plan:
    """Return the Plan of one day: the whole stream, each stage's value the next stage's argument.

    `journal` is the EVENTS table of this company; `first_run` says that it holds nothing at all yet.
    """
    known_items = ledger.items if ledger.gone.empty else pd.concat([ledger.items, ledger.gone], ignore_index=True)
    items = aging.as_they_stood(known_items, ledger.payments, as_of)
    events = history.resolve(journal, ledger.history, items, ledger.debtors, as_of)
    aged = aging.age(items, as_of, policy.buckets)
    accounts = aging.totals(aged)
    known = know(items, aged, ledger.debtors, ledger.payments, events, policy, as_of)
    evidence = gather(known)
    standings, because = classify(evidence, accounts, policy)
    item_steps, account_steps = ladder.climb(known, aged, accounts, standings, evidence, first_run=first_run)
    natures = ledger.debtors.set_index("debtor_id")["nature"]
    notices = known.taken("formal_notice").groupby("item_id")["at"].min()
    return Plan(
        as_of=as_of,
        ledger=ledger,
        first_run=first_run,
        items=items,
        events=events,
        aged=aged,
        accounts=accounts,
        evidence=evidence,
        standings=standings,
        because=because,
        charges=charge(items, aged, ledger.payments, natures, notices, policy.charging, as_of),
        item_steps=item_steps,
        account_steps=account_steps,
        summary=sum_up(items, aged, accounts, standings, account_steps, policy, as_of),
        advice=advise(ledger.debtors, standings, accounts, aged),
        problems=(*staleness(ledger, as_of, policy.fresh_days), *ledger.problems),
    )
