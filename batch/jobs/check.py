"""`relance check`: a ledger export → how it was understood. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from batch import ledger, settings
from batch.core.freshness import newest_entry, staleness
from batch.core.records import Ledger
from batch.words import Words, for_language


@dataclass(frozen=True)
class CheckResult:
    """The ledger as it was read, an old one said to be so, its newest entry up to the day, and the words to tell it in."""

    ledger: Ledger
    newest: dt.date | None
    words: Words


def check(
    path: Path, config: Path | None, environment: Mapping[str, str], working: Path, today: dt.date
) -> CheckResult:
    """Read the ledger as a run of that day would, and look how fresh it is."""
    chosen = settings.load(config, beside=path, environment=environment, working=working)
    understood = ledger.read(ledger.open_book(path), replace(chosen.reading, as_of=today))
    stale = staleness(understood, today, chosen.policy.fresh_days)
    understood = replace(understood, problems=(*stale, *understood.problems))
    return CheckResult(understood, newest_entry(understood, today), for_language(chosen.language))
