"""`relance history`: the journal ↔ files and the terminal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from batch import settings
from batch.core.problem import Problem, RelanceError, Source
from batch.delivery.archive import Archive
from batch.journal import Journal
from batch.journal.apart import forgotten, read_apart
from batch.journal.customers import find
from batch.journal.exchange import read_events, write_events
from batch.settings import Settings
from batch.words import Words, for_language


@dataclass(frozen=True)
class ImportResult:
    """How many events are new, how many were known already, and the rows that were not understood."""

    added: int
    known: int
    problems: tuple[Problem, ...]
    words: Words


@dataclass(frozen=True)
class ExportResult:
    """How many events were written."""

    exported: int
    words: Words


@dataclass(frozen=True)
class ShowResult:
    """The events (EVENTS), in the order they happened."""

    events: pd.DataFrame
    words: Words


def import_events(file: Path, config: Path | None, environment: Mapping[str, str], working: Path) -> ImportResult:
    """Append past events to the journal beside the settings or in the working folder; what it holds is passed over.

    `file` is an events file, or the archive of mails: then what the journal forgot of them comes back.
    """
    chosen = settings.load(config, beside=None, environment=environment, working=working)
    archived = file.is_dir()
    events, problems = _of_the_archive(file, chosen) if archived else read_events(file)
    with Journal.open(chosen.journal_url, chosen.company.name) as journal, journal.exclusive():
        new = forgotten(events, journal.mails_left()) if archived else events
        added = journal.record(new)
    return ImportResult(added, len(events) - added, problems, for_language(chosen.language))


def _of_the_archive(folder: Path, chosen: Settings) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return what lies beside the mails of the company's own customers; raises RelanceError ARCHIVE-NO-EVENTS when nothing does."""
    archive = Archive(folder, chosen.company.name)
    events, problems = read_apart(archive.events_files())
    mine = {debtor for debtor in events["debtor_id"].unique().tolist() if archive.events_file(debtor).is_file()}
    if not mine:
        raise RelanceError("ARCHIVE-NO-EVENTS", Source(file=str(folder)), folder=str(folder), company=archive.company)
    return events[events["debtor_id"].isin(mine)], problems


def export_events(file: Path, config: Path | None, environment: Mapping[str, str], working: Path) -> ExportResult:
    """Write every event of the journal to a csv or xlsx file."""
    chosen = settings.load(config, beside=None, environment=environment, working=working)
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
        events = journal.events()
    write_events(events, file)
    return ExportResult(len(events), for_language(chosen.language))


def show(customer: str, config: Path | None, environment: Mapping[str, str], working: Path) -> ShowResult:
    """Return the events of one customer, or of all; raises RelanceError CUSTOMER-UNKNOWN or CUSTOMER-AMBIGUOUS."""
    chosen = settings.load(config, beside=None, environment=environment, working=working)
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
        events = journal.events()
    mine = events[events["debtor_id"] == find(events["debtor_id"].unique().tolist(), customer)] if customer else events
    return ShowResult(mine.sort_values("at", kind="stable"), for_language(chosen.language))


@dataclass(frozen=True)
class ReleaseResult:
    """The Message-ID of the mail whose fate is known now."""

    message_id: str
    words: Words


def release(
    key: str,
    *,
    config: Path | None,
    environment: Mapping[str, str],
    working: Path,
    sent: bool,
    why: str,
    now: dt.datetime,
) -> ReleaseResult:
    """Write down whether an uncertain mail had left; raises RelanceError JOURNAL-NO-CLAIM or JOURNAL-SETTLED."""
    chosen = settings.load(config, beside=None, environment=environment, working=working)
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal, journal.exclusive():
        message_id = journal.release(key, sent=sent, why=why, at=now)
    return ReleaseResult(message_id, for_language(chosen.language))
