"""The whole stream in one function: a ledger and the events so far → who is asked for what, how, and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from batch.core import aging, history, ladder
from batch.core.advice import advise
from batch.core.charges import charge, doubts, tariff_names
from batch.core.classify import classify
from batch.core.evidence import gather, know
from batch.core.freshness import staleness
from batch.core.policy import Policy
from batch.core.problem import Problem
from batch.core.records import Ledger
from batch.core.since import NOTHING_BEFORE, Since, since
from batch.core.summary import Summary, sum_up


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
    templates: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # account → wording, where not the step's own
    since: Since = NOTHING_BEFORE  # what changed since the journal's last snapshot


def make_plan(
    ledger: Ledger,
    journal: pd.DataFrame,
    policy: Policy,
    as_of: dt.date,
    *,
    first_run: bool,
    snapshots: pd.DataFrame | None = None,
) -> Plan:
    """Return the Plan of one day: the whole stream, each stage's value the next stage's argument.

    `journal` is the EVENTS table of this company; `first_run` says that it holds nothing at all yet; `snapshots`, of which the last
    before the as-of day counts, is only for what changed since then.
    """
    known_items = ledger.items if ledger.gone.empty else pd.concat([ledger.items, ledger.gone], ignore_index=True)
    items = aging.as_they_stood(known_items, ledger.payments, as_of)
    events = history.resolve(journal, ledger.history, items, ledger.debtors, as_of)
    aged = aging.age(items, as_of, policy.buckets)
    accounts = aging.totals(aged)
    sent_days = any(name == "sent_on" for name, *_ in ledger.source.columns)
    known = know(items, aged, ledger.debtors, ledger.payments, events, policy, as_of, sent_days=sent_days)
    evidence = gather(known)
    standings, because = ladder.without_judgement(known, accounts, *classify(evidence, accounts, policy))
    item_steps, account_steps = ladder.climb(known, accounts, standings, evidence, first_run=first_run)
    tariffs = tariff_names(ledger.debtors, policy)
    notices = known.worded(known.taken("formal_notice")).groupby("item_id")["at"].min()
    opened = known.worded(known.of("insolvency")).groupby("debtor_id")["at"].min()
    charges = charge(items, aged, ledger.payments, tariffs, notices, policy.charging, as_of, opened)
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
        charges=ladder.with_fees(charges, known, item_steps),
        item_steps=item_steps,
        account_steps=account_steps,
        summary=sum_up(items, aged, accounts, standings, account_steps, policy, as_of),
        advice=advise(ledger, known, standings, accounts, evidence),
        problems=(
            *staleness(ledger, as_of, policy.fresh_days),
            *ladder.unknown_policies(ledger, policy),
            *doubts(charges, tariffs, policy.charging, as_of),
            *ledger.problems,
        ),
        templates=ladder.templates(known, item_steps, account_steps),
        since=NOTHING_BEFORE
        if snapshots is None
        else since(ledger, items, aged, item_steps, known.worded(known.sent), snapshots, as_of),
    )
