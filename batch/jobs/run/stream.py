"""An opened ledger → plan, messages and files: each stage's value is the next one's argument."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from batch import __version__, ledger, report, settings
from batch.core.history import latest_contact
from batch.core.plan import Plan, make_plan
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.records import About, Ledger, LedgerFile, Message
from batch.core.settled import lists_open_only, with_disappeared
from batch.delivery.archive import archive_of
from batch.delivery.unremembered import unremembered
from batch.jobs.run.files import Made, write
from batch.journal import Journal
from batch.messages.accounts import Account, gather
from batch.messages.render import render, told_of
from batch.report.folder import Folder
from batch.report.stages import Stage, Stages
from batch.settings import Settings
from batch.words import Words, for_language
from batch.workbook.plain import sheet_name

if TYPE_CHECKING:
    from batch.jobs.run import Request


@dataclass(frozen=True)
class RunResult:
    """The plan, its messages, the files that were written (workbook, preview, letters, plan) and everything to tell the user."""

    plan: Plan
    messages: Mapping[tuple[str, str], Message]
    files: Mapping[str, Path]
    words: Words
    settings: Settings
    problems: tuple[Problem, ...]
    letters: int = 0  # how many are to be printed
    stages: tuple[Stage, ...] = ()  # where the time went, by the request's clock


def stream(request: "Request", book: ledger.Book, begun: float) -> RunResult:
    """Plan what the book holds, render and write; `begun` is when its reading began, by the request's clock."""
    as_of = request.as_of or request.today
    stages = Stages(request.clock)
    stages.end("starting", at=begun)
    chosen = settings.load_for(request, as_of, as_of)
    words = for_language(chosen.language)
    understood = ledger.read(book, replace(chosen.reading, as_of=as_of))
    _refuse_the_unreadable(understood)
    stages.end("reading", understood.source.rows, "lines")
    with Journal.open(chosen.journal_url, chosen.company.name) as journal, journal.exclusive():
        events = journal.events()
        _refuse_the_past(events, as_of)
        about = _about(request.ledger, book, understood.source, chosen, as_of, journal)
        snapshots = journal.snapshots(None if lists_open_only(understood) else as_of)
        understood = with_disappeared(understood, snapshots, as_of)
        first_run = about.journal_position == 0
        plan = make_plan(understood, events, chosen.policy, as_of, first_run=first_run, snapshots=snapshots)
        stages.end("planning", understood.source.rows, "lines")
        accounts = tuple(gather(plan))
        messages, unrendered = render(
            accounts, as_of, company=chosen.company, policy=chosen.policy, templates=chosen.templates
        )
        plan = replace(
            plan,
            problems=(*_forgotten(plan, chosen, journal), *plan.problems, *_missing(unrendered, messages, accounts)),
        )
        stages.end("messages", len(messages), "messages")
        out = request.out or request.ledger.absolute().parent / "relance-out" / as_of.isoformat()
        with Folder(out) as folder:
            made = Made(request.ledger, book, plan, accounts, messages, about, chosen, words)
            written = write(folder, made, journal, stages, request.tick)
    stages.end("writing")
    plan = replace(plan, problems=(*plan.problems, *written.problems))
    told = tuple(report.all_problems(plan))
    return RunResult(plan, messages, written.files, words, chosen, told, len(written.letters), stages.ended)


def _missing(
    unrendered: Iterable[Problem], messages: Mapping[tuple[str, str], Message], accounts: Iterable[Account]
) -> tuple[Problem, ...]:
    """Return the problems of the messages; a file matters only to one that leaves as a mail."""
    mails = {(account.debtor.debtor_id, account.currency) for account in accounts if account.channel == "mail"}
    return told_of(unrendered, messages, mails)


def _forgotten(plan: Plan, chosen: Settings, journal: Journal) -> tuple[Problem, ...]:
    """Return what to tell of a journal that knows another company name, or is older than the archive: `relance send` will stop there."""
    archive = archive_of(chosen)
    customers = plan.ledger.debtors["debtor_id"].tolist()
    behind = unremembered(archive, customers, journal.mails_left).problems(archive, journal.place)
    return (*journal.other_name(plan.items["item_id"].tolist()), *behind)


def _refuse_the_unreadable(understood: Ledger) -> None:
    """Refuse a table of which no row at all could be read: an empty plan would look like good news."""
    if understood.items.empty and understood.source.left_out:
        errors = (problem for problem in understood.problems if problem.severity is Severity.ERROR)
        first = next(errors, None)
        source = first.source if first else Source(file=understood.source.file)
        raise RelanceError("NOTHING-READABLE", source, n=understood.source.left_out)


def _refuse_the_past(events: pd.DataFrame, as_of: dt.date) -> None:
    """Refuse a run dated before the latest contact: its steps would not know of it."""
    last = latest_contact(events)
    if last is not None and as_of < last:
        raise RelanceError("AS-OF-BEFORE-CONTACT", as_of=as_of, last=last)


def _about(
    path: Path, book: ledger.Book, source: LedgerFile, chosen: Settings, as_of: dt.date, journal: Journal
) -> About:
    """Return what the workbook will say of this run; a csv, which has no sheets, becomes one named after its file."""
    return About(
        version=__version__,
        as_of=as_of,
        company=chosen.company.name,
        journal_id=journal.id,
        journal_position=journal.position(),
        settings_path=str(chosen.path.absolute()) if chosen.path else "",
        ledger_file=str(path.absolute()),
        ledger_sheet=source.sheet if book.grafted else sheet_name(source.sheet or path.stem),
        ledger_sha256=source.sha256,
        language=chosen.language,
    )
