"""What `record` and `send` share: a reviewed workbook with all that belongs to it, and what was typed in it journalled."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from batch import ledger, settings
from batch.core.calendar import stamp
from batch.core.edited import edits
from batch.core.plan import Plan, make_plan
from batch.core.policy import Policy
from batch.core.problem import Problem, RelanceError, Source
from batch.core.records import About, Ledger
from batch.core.settled import lists_open_only, with_disappeared
from batch.core.tables import COUNT, EVENTS, SNAPSHOTS
from batch.journal import Journal
from batch.settings import Settings
from batch.workbook.decisions import Reviewed, read_review


@dataclass(frozen=True)
class Opened:
    """A reviewed workbook: what a person typed, the ledger that it still holds, and the settings of its run."""

    path: Path
    reviewed: Reviewed
    chosen: Settings
    ledger: Ledger
    policy: Policy

    @property
    def about(self) -> About:
        """Return the facts of the run that made the workbook."""
        return self.reviewed.about


@dataclass(frozen=True)
class Past:
    """What the journal knew when the workbook was made: its EVENTS, the plan as the reviewer saw it, the earlier exports."""

    known: pd.DataFrame
    shown: Plan
    snapshots: pd.DataFrame

    @property
    def first_run(self) -> bool:
        """Say whether the journal was empty then."""
        return self.shown.first_run


def open_reviewed(
    path: Path, config: Path | None, environment: Mapping[str, str], working: Path, today: dt.date
) -> Opened:
    """Read the workbook's decisions and its ledger, with the settings of the run that made it, found from any folder.

    Raises WORKBOOK-SETTINGS when those are gone, LEDGER-SHEET-GONE when the workbook's ledger is.
    """
    reviewed = read_review(path, today)
    about = reviewed.about
    if config is None and about.settings_path:
        config = Path(about.settings_path)
        if not config.exists():
            raise RelanceError("WORKBOOK-SETTINGS", Source(file=path.name), path=str(config))
    chosen = settings.load(config, beside=Path(about.ledger_file), environment=environment, working=working)
    reading = replace(chosen.reading, sheet=about.ledger_sheet, as_of=about.as_of)
    try:
        understood = ledger.read(ledger.open_book(path, about.ledger_sheet), reading)
    except RelanceError as error:
        if error.code != "SHEET-MISSING":
            raise
        raise RelanceError("LEDGER-SHEET-GONE", Source(file=path.name), sheet=about.ledger_sheet) from error
    return Opened(path, reviewed, chosen, understood, _with_holidays(chosen.policy, understood))


@contextmanager
def journal_of(book: Opened) -> Iterator[Journal]:
    """Open the workbook's journal; raises WORKBOOK-COMPANY or WORKBOOK-JOURNAL for another one's.

    What was sent before would not be known there. A journal that is gone is refused, too.
    """
    about, chosen, source = book.about, book.chosen, Source(file=book.path.name)
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal:
        if journal.company != about.company:
            raise RelanceError("WORKBOOK-COMPANY", source, company=about.company, own=journal.company)
        if journal.id != about.journal_id:
            raise RelanceError("WORKBOOK-JOURNAL", source, journal=journal.place)
        yield journal


def as_shown(book: Opened, journal: Journal) -> Past:
    """Return the plan worked out anew as it was on the workbook's own day, from what was known then."""
    about = book.about
    snapshots = snapshots_for(book.ledger, journal)
    known = journal.events(upto=about.journal_position)
    then = with_disappeared(book.ledger, snapshots, about.as_of)
    return Past(
        known,
        make_plan(then, known, book.policy, about.as_of, first_run=about.journal_position == 0),
        snapshots,
    )


def as_of_today(
    book: Opened, past: Past, fresh: Ledger | None, current: Ledger, events: pd.DataFrame, today: dt.date
) -> Plan:
    """Return the plan of today for the ledger of today and all that is known today.

    On the workbook's own day, when nothing new is known, that is the plan as shown: the same facts give the same plan.
    """
    if fresh is None and today == past.shown.as_of and events.equals(past.known):
        return past.shown
    return make_plan(current, events, policy_for(book, fresh), today, first_run=past.first_run)


def snapshots_for(export: Ledger, journal: Journal) -> pd.DataFrame:
    """Return the SNAPSHOTS that say something about an export: all of them where it lists open items only, else none."""
    return journal.snapshots() if lists_open_only(export) else SNAPSHOTS.empty()


def open_in(plan: Plan) -> pd.DataFrame:
    """Return SNAPSHOTS of what a plan's export held open on the plan's day."""
    here = plan.items.loc[plan.items["source_row"] > 0, ["item_id", "open"]]
    return SNAPSHOTS.conform(here.assign(as_of=stamp(plan.as_of)))


def awaited(book: Opened, journal: Journal, today: dt.date) -> pd.DataFrame:
    """Return the events as they will be once what was typed is journalled and what a crash left in doubt is settled."""
    typed = book.reviewed.events
    blank: dict[str, object] = {name: 0 if dtype == COUNT else "" for name, dtype in EVENTS.columns.items()}
    doubts = [
        {**blank, "at": stamp(today), "until": pd.NaT, "debtor_id": claim.debtor_id, "kind": "uncertain",
         "step": claim.step, "message_id": claim.message_id, "currency": claim.currency, "by": "relance"}
        for claim in journal.orphaned()
    ]  # fmt: skip
    unsaid = EVENTS.conform(pd.DataFrame(doubts)) if doubts else EVENTS.empty()
    return pd.concat([journal.events(), unsaid, typed[journal.lacks(typed)]], ignore_index=True)


def claimed(shown: Plan, journal: Journal) -> pd.DataFrame:
    """Return the lines of the plan's items that a claim holds (journal.CLAIMED); what a crash left in doubt is uncertain."""
    held = journal.claimed(shown.item_steps["item_id"].tolist())
    doubts = {claim.message_id for claim in journal.orphaned()}
    return held.assign(state=held["state"].mask(held["message_id"].isin(doubts), "uncertain"))


def policy_for(book: Opened, fresh: Ledger | None) -> Policy:
    """Return the workbook's policy with the holidays of a fresh ledger's countries, too."""
    return book.policy if fresh is None else _with_holidays(book.chosen.policy, book.ledger, fresh)


def _with_holidays(policy: Policy, *ledgers: Ledger) -> Policy:
    countries = [country for one in ledgers for country in one.debtors["country"].unique().tolist()]
    return replace(policy, holidays=settings.holidays_for([policy.country, *countries]))


def record(book: Opened, past: Past, journal: Journal) -> pd.DataFrame:
    """Journal what was typed, and what was open on the workbook's day; return the EVENTS that the journal did not hold yet."""
    typed = book.reviewed.events
    new = typed[journal.lacks(typed)]
    journal.record(new)
    journal.snapshot(book.about.as_of, open_in(past.shown))
    return new


def edited(book: Opened) -> tuple[Problem, ...]:
    """Return which cells of the workbook's ledger are no longer those of the export; nothing when the export is gone or newer."""
    about = book.about
    try:
        export = ledger.open_book(Path(about.ledger_file))
        before = ledger.read(export, replace(book.chosen.reading, as_of=about.as_of))
    except (RelanceError, OSError):
        return ()
    return edits(before, book.ledger) if before.source.sha256 == about.ledger_sha256 else ()
