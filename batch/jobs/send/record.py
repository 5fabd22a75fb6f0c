"""`relance record`: a reviewed workbook → what a person typed in it journalled. Sends nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from batch.core.problem import Problem
from batch.jobs.send import reviewed
from batch.words import Words, for_language


@dataclass(frozen=True)
class RecordResult:
    """EVENTS that were typed and new to the journal, how many it held already, what was not understood."""

    recorded: pd.DataFrame
    known: int
    words: Words
    problems: tuple[Problem, ...]


def record(
    workbook: Path, config: Path | None, environment: Mapping[str, str], working: Path, today: dt.date
) -> RecordResult:
    """Read what was typed and journal what the journal does not hold yet; a second call changes nothing."""
    book = reviewed.open_reviewed(workbook, config, environment, working, today)
    with reviewed.journal_of(book) as journal, journal.exclusive():
        new = reviewed.record(book, reviewed.as_shown(book, journal), journal)
    typed = book.reviewed
    return RecordResult(new, len(typed.events) - len(new), for_language(book.chosen.language), typed.problems)
