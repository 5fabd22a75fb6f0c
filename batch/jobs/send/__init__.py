"""`relance send`: a reviewed workbook → what a person typed journalled, the approved mails claimed, sent once and settled.

All is worked out before anything is written: what would leave is told first, and a rehearsal is the same path without its end.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from batch.core.admit import admit, unattended
from batch.core.overtaken import overtaken
from batch.core.problem import Problem, RelanceError
from batch.core.records import Ledger
from batch.core.rounds import last_round
from batch.core.settled import with_disappeared
from batch.delivery.accounts import account_of
from batch.delivery.archive import archive_of
from batch.delivery.postman import FolderPostman, Postman, SmtpPostman
from batch.delivery.unremembered import unremembered
from batch.jobs.send import refusals, reviewed, trial
from batch.jobs.send.copied import copied
from batch.jobs.send.forgotten import hold_back, keep_events
from batch.jobs.send.fresh import of_today, other_addresses, read_fresh, unread
from batch.jobs.send.gate import Gate
from batch.jobs.send.interrupt import interruptible
from batch.jobs.send.post import Round, Row, rows_of
from batch.jobs.send.reviewed import Opened, Past
from batch.jobs.send.telling import Telling
from batch.jobs.send.unposted import unposted
from batch.journal import Journal
from batch.messages.accounts import gather
from batch.messages.render import render, told_of
from batch.report import Sending
from batch.settings import Pace, Settings
from batch.words import Words, for_language

OUTBOX = "outbox"
OWN_OUTBOX = "to-self"  # beside the real mails, never among them

Announce = Callable[[tuple[Sending, ...], Words], None]


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `now` is the moment taken as now."""

    workbook: Path
    as_of: dt.date | None
    config: Path | None
    limit: int | None
    dry_run: bool
    yes: bool  # send although the ledger is old, or the mails are many
    now: dt.datetime
    environment: Mapping[str, str]
    working: Path
    fresh: Path | None = None  # an export made after the review
    to_self: str = ""  # every mail goes to this address instead, and nothing is remembered
    attended: bool = True  # False: nobody reviewed; only steps that need no approval leave
    tick: Callable[[int, int], None] = lambda _done, _wanted: None  # told how many of how many mails are done


@dataclass(frozen=True)
class SendResult:
    """What became of every reviewed row, the folder that the mails went to (None = a server), and what was not understood."""

    sending: tuple[Sending, ...]
    words: Words
    folder: Path | None
    problems: tuple[Problem, ...]
    copy: Path | None  # of the workbook, with what became of each row; None: nothing was tried
    settings: Path | None  # the relance.toml that was used


@dataclass(frozen=True)
class _Desk:
    """All that was worked out before anything is written; `rehearsed` says of each row what would become of it."""

    request: Request
    book: Opened
    past: Past
    events: pd.DataFrame  # EVENTS as the journal will hold them
    round: Round
    rows: list[Row]
    rehearsed: tuple[Sending, ...]
    telling: Telling
    fresh: Ledger | None


def _say_nothing(_mails: tuple[Sending, ...], _words: Words) -> None:
    """Announce nothing."""


def send(request: Request, announce: Announce = _say_nothing) -> SendResult:
    """Work out what may leave, `announce` it, then record, claim, deliver once and settle, row by row.

    `announce` gets every row as it was rehearsed, before the first mail, also in a dry run; it is not called when nothing would
    leave.
    """
    book = reviewed.open_reviewed(
        request.workbook, request.config, request.environment, request.working, request.as_of or request.now.date()
    )
    if request.attended and not (request.dry_run or request.to_self):
        refusals.refuse_open(request.workbook)
    now = _moment(request, book.chosen)
    refusals.refuse_old(
        request.workbook, book.about, now.date(), book.chosen.workbook_days, fresh=request.fresh is not None
    )
    words = for_language(book.chosen.language)
    with reviewed.journal_of(book) as journal, journal.sending():
        desk, problems = _prepare(request, book, journal, now)
        leaving = [row for row in desk.rehearsed if row.outcome == "ready"]
        if not (request.dry_run or request.yes):
            if not request.to_self:
                refusals.refuse_other_name(desk.round.shown, journal)
            refusals.refuse_many(len(leaving), book.chosen.mail_max, last_round(desk.events, now.date()))
        if leaving:
            announce(desk.rehearsed, words)
        sending = _act(desk, journal, mails=len(leaving))
        told = tuple(desk.telling.with_doubts(sending, [*journal.uncertain(), *journal.orphaned()]))
        unkept = keep_events(desk.round.archive, journal, told)
    unfiled = (*(desk.round.archive.problems() if desk.round.archive else ()), *unkept)
    copy, uncopied = copied(request.workbook, told, words)
    letters = () if request.to_self else unposted(told)
    return SendResult(
        told, words, desk.round.folder, (*problems, *letters, *unfiled, *uncopied), copy, book.chosen.path
    )


def _prepare(request: Request, book: Opened, journal: Journal, now: dt.datetime) -> tuple[_Desk, tuple[Problem, ...]]:
    """Compare what was shown with today, and rehearse; nothing is written."""
    typed, chosen, today = book.reviewed, book.chosen, now.date()
    past = reviewed.as_shown(book, journal)
    shown = past.shown
    refusals.refuse_superseded(request.workbook, book.about, shown, journal, today, fresh=request.fresh is not None)
    fresh = read_fresh(request.fresh, book, today, accepted=request.yes) if request.fresh else None
    current = of_today(fresh, past, journal, today) if fresh else with_disappeared(book.ledger, past.snapshots, today)
    events = reviewed.awaited(book, journal, today)
    plan = reviewed.as_of_today(book, past, fresh, current, events, today)
    trying = request.dry_run or bool(request.to_self)
    stale = refusals.refuse_stale(plan if fresh else shown, accepted=request.yes or trying)
    messages, unrendered = render(
        gather(shown), shown.as_of, company=chosen.company, policy=book.policy, templates=chosen.templates
    )
    digests = {key: message.digest for key, message in messages.items()}
    edited = reviewed.edited(book) if _differs(typed.decisions, digests) else ()
    decisions = typed.decisions if request.attended else unattended(typed.decisions, shown, book.policy)
    changed = overtaken(shown, plan)
    claimed = reviewed.claimed(shown, journal)
    archive = archive_of(chosen)
    forgotten = unremembered(archive, shown.ledger.debtors["debtor_id"].tolist(), journal.mails_left)
    rows = rows_of(admit(decisions, shown, plan, digests, claimed, changed, book.policy, today), decisions)
    rows = hold_back(trial.on_any_day(rows) if request.to_self else rows, forgotten.last)
    round_ = Round(shown, plan, messages, chosen, journal, _clock(now), _folder(request, chosen), archive)
    telling = Telling(round_, changed)
    rehearsed = tuple(telling.of(row) for row in trial.rehearse(round_, rows, _gate(request, round_, at_once=True)))
    ready = [row for row in rehearsed if row.outcome == "ready"]
    others = (*unread(fresh), *other_addresses(shown, plan, ready)) if fresh else ()
    desk = _Desk(request, book, past, events, round_, rows, rehearsed, telling, fresh)
    behind = forgotten.problems(archive, journal.place)
    leaving = {(row.debtor_id, row.currency) for row in ready}
    return desk, (*behind, *stale, *typed.problems, *edited, *told_of(unrendered, messages, leaving), *others)


def _act(desk: _Desk, journal: Journal, *, mails: int) -> list[Sending]:
    """Do what was rehearsed: for the journal's memory or, in a trial, without it."""
    request, round_ = desk.request, desk.round
    if request.dry_run or (request.to_self and not mails):
        return list(desk.rehearsed)
    if request.to_self:
        with _postman(round_.chosen, round_.folder, mails=1) as postman:
            return list(trial.to_self(round_, desk.rehearsed, postman, request.to_self))
    now = round_.moment()
    journal.mark_uncertain(now)
    reviewed.record(desk.book, desk.past, journal)
    if desk.fresh:
        journal.snapshot(now.date(), reviewed.open_in(round_.today))
    if not mails:
        return list(desk.rehearsed)
    with _postman(round_.chosen, round_.folder, mails) as postman, interruptible() as stop:
        gate = _gate(request, round_, stop)
        return [desk.telling.of(row) for row in round_.deliver(desk.rows, postman, gate, request.tick)]


def _moment(request: Request, chosen: Settings) -> dt.datetime:
    """Return the moment taken as now; another day than today's is for trials: with the folder of mails, or to oneself."""
    if request.as_of is None:
        return request.now
    if chosen.smtp and not request.to_self:
        raise RelanceError("AS-OF-NEEDS-FOLDER")
    return dt.datetime.combine(request.as_of, request.now.timetz())


def _differs(decisions: pd.DataFrame, digests: Mapping[tuple[str, str], str]) -> bool:
    """Tell whether a text is no longer the one that was shown."""
    rows = decisions[["debtor_id", "currency", "digest"]].itertuples(index=False, name=None)
    return any(digests.get((debtor, currency), "") != digest for debtor, currency, digest in rows)


def _folder(request: Request, chosen: Settings) -> Path | None:
    """Return the folder that mails go to; None: to a server."""
    if chosen.smtp:
        return None
    folder = chosen.outbox or request.workbook.absolute().parent / OUTBOX
    return folder / OWN_OUTBOX if request.to_self else folder


def _clock(now: dt.datetime) -> Callable[[], dt.datetime]:
    """Return a clock that goes on from the moment taken as now, also while the machine sleeps."""
    begun = time.time()
    return lambda: now + dt.timedelta(seconds=time.time() - begun)


def _gate(request: Request, round_: Round, stop: Callable[[], bool] = lambda: False, *, at_once: bool = False) -> Gate:
    """Return what lets mails through: to a server at the pace of relance.toml; `at_once` waits for no minute, own copies for no hour."""
    pace = round_.chosen.pace if round_.folder is None else Pace()
    if at_once:
        pace = replace(pace, per_minute=0)
    if request.to_self:
        pace = replace(pace, window=None)
    return Gate(pace, request.limit, now=round_.moment, stop=stop, others=round_.journal.claimed_by_others)


def _postman(chosen: Settings, folder: Path | None, mails: int) -> Postman:
    if chosen.smtp is None:
        return FolderPostman(folder or Path(OUTBOX))
    return SmtpPostman(account_of(chosen.smtp, chosen.company.email), min(chosen.smtp.sessions, mails))
