"""`relance send`: a reviewed workbook → what a person typed journalled, the approved mails claimed, sent once and settled."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from batch.core.admit import admit
from batch.core.freshness import STALE
from batch.core.plan import Plan, make_plan
from batch.core.problem import Problem, RelanceError, Source
from batch.core.records import About
from batch.core.settled import with_disappeared
from batch.delivery.postman import Account, FolderPostman, Postman, SmtpPostman
from batch.jobs.send import reviewed
from batch.jobs.send.post import Round, rows_of
from batch.jobs.send.reviewed import Opened
from batch.journal import Journal
from batch.messages.accounts import gather
from batch.messages.render import render
from batch.report import Sending
from batch.report.written import newer_workbook
from batch.settings import Settings
from batch.words import Words, for_language

OUTBOX = "outbox"


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `now` is the moment taken as now."""

    workbook: Path
    as_of: dt.date | None
    config: Path | None
    limit: int | None
    dry_run: bool
    yes: bool  # send although the ledger is old
    now: dt.datetime
    environment: Mapping[str, str]
    working: Path


@dataclass(frozen=True)
class SendResult:
    """What became of every reviewed row, the folder that the mails went to (None = a server), and what was not understood."""

    sending: tuple[Sending, ...]
    words: Words
    folder: Path | None
    problems: tuple[Problem, ...]


def send(request: Request) -> SendResult:
    """Record, recompute, check, admit against today, then claim, deliver once and settle, row by row."""
    book = reviewed.open_reviewed(request.workbook, request.config, request.environment, request.working)
    typed, chosen, policy = book.reviewed, book.chosen, book.policy
    now = _moment(request, chosen)
    _refuse_old(request.workbook, book.about, now.date(), chosen.workbook_days)
    with reviewed.journal_of(book) as journal, journal.sending():
        past = reviewed.as_shown(book, journal)
        shown = past.shown
        _refuse_superseded(book, shown, journal, now.date())
        stale = _refuse_stale(shown, request)
        messages, unrendered = render(
            gather(shown), shown.as_of, company=chosen.company, policy=policy, templates=chosen.templates
        )
        if not request.dry_run:
            journal.mark_uncertain(now)
            reviewed.record(book, past, journal)
        events = pd.concat([journal.events(), typed.events]) if request.dry_run else journal.events()
        today_ledger = with_disappeared(book.ledger, past.snapshots, now.date())
        today = make_plan(today_ledger, events, policy, now.date(), first_run=past.first_run)
        digests = {key: message.digest for key, message in messages.items()}
        edited = reviewed.edited(book) if _differs(typed.decisions, digests) else ()
        claimed = journal.claimed(shown.item_steps["item_id"].tolist())
        admissions = admit(typed.decisions, shown, today, digests, claimed, policy, now.date())
        rows = rows_of(admissions, typed.decisions)
        folder = None if chosen.smtp else chosen.outbox or request.workbook.absolute().parent / OUTBOX
        round_ = Round(shown, today, messages, chosen, journal, now, request.limit, folder)
        if request.dry_run:
            sending = tuple(round_.rehearse(rows))
        elif not any(row.admitted for row in rows):
            sending = tuple(map(round_.left, rows))
        else:
            with _postman(chosen, folder) as postman:
                sending = tuple(round_.deliver(rows, postman))
    return SendResult(sending, for_language(chosen.language), folder, (*stale, *typed.problems, *edited, *unrendered))


def _moment(request: Request, chosen: Settings) -> dt.datetime:
    """Return the moment taken as now; another day than today's is for trials with the folder of mails only."""
    if request.as_of is None:
        return request.now
    if chosen.smtp:
        raise RelanceError("AS-OF-NEEDS-FOLDER")
    return dt.datetime.combine(request.as_of, request.now.timetz())


def _refuse_old(path: Path, about: About, today: dt.date, days: int) -> None:
    source = Source(file=path.name)
    if today - about.as_of > dt.timedelta(days=days):
        raise RelanceError("WORKBOOK-OLD", source, as_of=about.as_of, days=days)
    if today < about.as_of:
        raise RelanceError("WORKBOOK-AHEAD", source, as_of=about.as_of, today=today)


def _refuse_superseded(book: Opened, shown: Plan, journal: Journal, today: dt.date) -> None:
    """Refuse an older plan: a later run on the same ledger has been made, or a later workbook has been worked with."""
    about, source = book.about, Source(file=book.path.name)
    if newer := newer_workbook(book.path, about, today):
        raise RelanceError("WORKBOOK-SUPERSEDED", source, as_of=about.as_of, on=newer[1], newer=str(newer[0]))
    later = journal.seen_after(about.as_of, shown.items["item_id"].tolist())
    if later and later <= today:
        raise RelanceError("WORKBOOK-SUPERSEDED", source, as_of=about.as_of, on=later, newer=None)


def _differs(decisions: pd.DataFrame, digests: Mapping[tuple[str, str], str]) -> bool:
    """Tell whether a text is no longer the one that was shown."""
    rows = decisions[["debtor_id", "currency", "digest"]].itertuples(index=False, name=None)
    return any(digests.get((debtor, currency), "") != digest for debtor, currency, digest in rows)


def _refuse_stale(shown: Plan, request: Request) -> list[Problem]:
    """Refuse to send from a ledger that the reviewer was told is old, unless it is said again; return what was told."""
    stale = [problem for problem in shown.problems if problem.code == STALE]
    if stale and not (request.yes or request.dry_run):
        raise RelanceError("STALE-NEEDS-YES", stale[0].source, **stale[0].facts)
    return stale


def _postman(chosen: Settings, folder: Path | None) -> Postman:
    if chosen.smtp is None:
        return FolderPostman(folder or Path(OUTBOX))
    server = chosen.smtp
    account = Account(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        starttls=server.starttls,
        ca_file=str(server.ca_file) if server.ca_file else None,
        sender=chosen.company.email,
    )
    return SmtpPostman(account)
