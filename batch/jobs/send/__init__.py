"""`relance send`: a reviewed workbook → what a person typed journalled, the approved mails claimed, sent once and settled."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from batch import ledger, settings
from batch.core.admit import admit
from batch.core.freshness import STALE
from batch.core.plan import Plan, make_plan
from batch.core.problem import Problem, RelanceError, Source
from batch.core.records import About
from batch.core.settled import lists_open_only, with_disappeared
from batch.core.tables import SNAPSHOTS
from batch.delivery.postman import Account, FolderPostman, Postman, SmtpPostman
from batch.jobs.send.post import Round, rows_of
from batch.journal import Journal
from batch.messages.accounts import gather
from batch.messages.render import render
from batch.report import Sending
from batch.settings import Settings
from batch.words import Words, for_language
from batch.workbook.decisions import read_review

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
    reviewed = read_review(request.workbook)
    about = reviewed.about
    chosen = _settings(request, about)
    now = _moment(request, chosen)
    _refuse_old(request.workbook, about, now.date(), chosen.workbook_days)
    book = ledger.open_book(request.workbook)
    understood = ledger.read(book, replace(chosen.reading, sheet=about.ledger_sheet, as_of=about.as_of))
    policy = replace(chosen.policy, holidays=settings.holidays_for(_countries(understood.debtors, chosen)))
    with Journal.open(chosen.journal_url, chosen.company.name, create=False) as journal, journal.exclusive():
        _refuse_strangers(journal, about, request.workbook)
        first_run = about.journal_position == 0
        snapshots = journal.snapshots() if lists_open_only(understood) else SNAPSHOTS.empty()
        known = journal.events(upto=about.journal_position)
        shown_ledger = with_disappeared(understood, snapshots, about.as_of)
        shown = make_plan(shown_ledger, known, policy, about.as_of, first_run=first_run)
        stale = _refuse_stale(shown, request)
        messages, unrendered = render(
            gather(shown), about.as_of, company=chosen.company, policy=policy, templates=chosen.templates
        )
        if not request.dry_run:
            journal.mark_uncertain(now)
            journal.record(reviewed.events)
            journal.snapshot(about.as_of, shown.items.loc[shown.items["source_row"] > 0, ["item_id", "open"]])
        events = pd.concat([journal.events(), reviewed.events]) if request.dry_run else journal.events()
        today_ledger = with_disappeared(understood, snapshots, now.date())
        today = make_plan(today_ledger, events, policy, now.date(), first_run=first_run)
        digests = {key: message.digest for key, message in messages.items()}
        claimed = journal.claimed(shown.item_steps["item_id"].tolist())
        admissions = admit(reviewed.decisions, shown, today, digests, claimed, policy, now.date())
        rows = rows_of(admissions, reviewed.decisions)
        folder = None if chosen.smtp else chosen.outbox or request.workbook.absolute().parent / OUTBOX
        round_ = Round(shown, today, messages, chosen, journal, now, request.limit, folder)
        if request.dry_run:
            sending = tuple(round_.rehearse(rows))
        elif not any(row.admitted for row in rows):
            sending = tuple(map(round_.left, rows))
        else:
            with _postman(chosen, folder) as postman:
                sending = tuple(round_.deliver(rows, postman))
    return SendResult(sending, for_language(chosen.language), folder, (*stale, *reviewed.problems, *unrendered))


def _settings(request: Request, about: About) -> Settings:
    """Return the settings of the run that made the workbook, found from any folder."""
    config = request.config or (Path(about.settings_path) if about.settings_path else None)
    return settings.load(
        config, beside=Path(about.ledger_file), environment=request.environment, working=request.working
    )


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


def _refuse_stale(shown: Plan, request: Request) -> list[Problem]:
    """Refuse to send from a ledger that the reviewer was told is old, unless it is said again; return what was told."""
    stale = [problem for problem in shown.problems if problem.code == STALE]
    if stale and not (request.yes or request.dry_run):
        raise RelanceError("STALE-NEEDS-YES", stale[0].source, **stale[0].facts)
    return stale


def _refuse_strangers(journal: Journal, about: About, path: Path) -> None:
    """Refuse a workbook of another company or another journal: what was sent before would not be known."""
    if journal.company != about.company:
        raise RelanceError("WORKBOOK-COMPANY", Source(file=path.name), company=about.company, own=journal.company)
    if journal.id != about.journal_id:
        raise RelanceError("WORKBOOK-JOURNAL", Source(file=path.name), journal=journal.place)


def _countries(debtors: pd.DataFrame, chosen: Settings) -> list[str]:
    return [chosen.policy.country, *debtors["country"].unique().tolist()]


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
