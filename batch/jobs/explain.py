"""`relance explain`: a customer and a ledger → why this standing, why this step, what blocks, what comes next. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from batch import ledger, settings
from batch.core.explain import Explanation
from batch.core.explain import explain as look_into
from batch.core.plan import make_plan
from batch.core.problem import RelanceError, Source
from batch.core.settled import with_disappeared
from batch.core.tables import EVENTS, SNAPSHOTS
from batch.settings import Settings
from batch.words import Words, for_language

NEAR = 3  # customers that are offered for one that is not known


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `today` and `environment` come from outside."""

    customer: str
    ledger: Path
    as_of: dt.date | None
    config: Path | None
    today: dt.date
    environment: Mapping[str, str]
    working: Path


@dataclass(frozen=True)
class ExplainResult:
    """What there is to say about the customer, and the words to say it in."""

    explanation: Explanation
    words: Words


def explain(request: Request) -> ExplainResult:
    """Plan as a run would on that day, and look into one customer; RelanceError CUSTOMER-NOT-FOUND, CUSTOMER-NAME-SHARED."""
    as_of = request.as_of or request.today
    chosen = settings.load_for(request, as_of, as_of)
    understood = ledger.read(ledger.open_book(request.ledger), replace(chosen.reading, as_of=as_of))
    debtor_id = find(understood.debtors, request.customer, understood.source.file)
    events, snapshots, first_run = _remembered(chosen)
    understood = with_disappeared(understood, snapshots, as_of)
    plan = make_plan(understood, events, chosen.policy, as_of, first_run=first_run)
    return ExplainResult(look_into(plan, chosen.policy, debtor_id), for_language(chosen.language))


def _remembered(chosen: Settings) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    """Return the journal's events and snapshots, and whether it is empty; none is made where there is none."""
    from batch.journal import Journal  # noqa: PLC0415  a fifth of a second

    try:
        with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
            return journal.events(), journal.snapshots(), journal.position() == 0
    except RelanceError as missing:
        if missing.code != "JOURNAL-MISSING":
            raise
    return EVENTS.empty(), SNAPSHOTS.empty(), True


def find(debtors: pd.DataFrame, customer: str, file: str) -> str:
    """Return the debtor_id of a customer given by number or exact name (upper and lower case alike)."""
    ids = debtors["debtor_id"].tolist()
    if customer in ids:
        return customer
    wanted = customer.strip().casefold()
    names = debtors["name"].str.strip().str.casefold()
    found = debtors.loc[(names == wanted) | (debtors["debtor_id"].str.casefold() == wanted), "debtor_id"].tolist()
    if len(found) == 1:
        return str(found[0])
    if found:
        raise RelanceError("CUSTOMER-NAME-SHARED", Source(file=file), customer=customer, numbers=found)
    raise RelanceError("CUSTOMER-NOT-FOUND", Source(file=file), customer=customer, near=near(debtors, wanted))


def near(debtors: pd.DataFrame, wanted: str) -> str:
    """Return the customers whose number or name comes nearest, "" when none does."""
    told = dict(zip(debtors["debtor_id"].tolist(), debtors["name"].tolist(), strict=True))
    keys = {key.strip().casefold(): number for number, name in told.items() for key in (number, name) if key}
    holding = [number for key, number in keys.items() if wanted and wanted in key]
    alike = [keys[key] for key in get_close_matches(wanted, keys, n=NEAR)]
    offered = list(dict.fromkeys([*alike, *holding]))[:NEAR]
    return ", ".join(f"{told[number]} ({number})" if told[number] != number else number for number in offered)
