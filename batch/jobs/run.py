"""`relance run`: a ledger export → the annotated workbook to review, preview.html and plan.json. Sends nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from batch import __version__, ledger, report, settings
from batch.core.history import latest_contact
from batch.core.plan import Plan, make_plan
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.records import About, Ledger, LedgerFile, Message
from batch.core.settled import lists_open_only, with_disappeared
from batch.messages.accounts import Account, gather
from batch.messages.preview import preview
from batch.messages.render import render
from batch.report.folder import Folder
from batch.report.stages import Clock, Stage, Stages, no_clock
from batch.settings import Settings
from batch.words import Words, for_language
from batch.workbook.carrying import Carried, carry
from batch.workbook.decisions import read_review
from batch.workbook.graft import graft
from batch.workbook.parts.archive import GraftRefused
from batch.workbook.plain import plain, sheet_name
from batch.workbook.review import annotation, write_sheets

if TYPE_CHECKING:
    from batch.journal import Journal

ANNOTATED = "-annotated"
NOTHING = Carried({}, 0, ())


@dataclass(frozen=True)
class Request:
    """What the command line asks for; `today` and `environment` come from outside, nothing here reads a clock."""

    ledger: Path
    as_of: dt.date | None
    out: Path | None
    config: Path | None
    today: dt.date
    environment: Mapping[str, str]
    working: Path
    clock: Clock = no_clock  # seconds since the command began


@dataclass(frozen=True)
class RunResult:
    """The plan, its messages, the files that were written (workbook, preview, plan) and everything to tell the user."""

    plan: Plan
    messages: Mapping[tuple[str, str], Message]
    files: Mapping[str, Path]
    words: Words
    settings: Settings
    problems: tuple[Problem, ...]
    stages: tuple[Stage, ...] = ()  # where the time went, by the request's clock


@dataclass(frozen=True)
class _Made:
    """What a run worked out, and what its files are written from."""

    path: Path
    book: ledger.Book
    plan: Plan
    accounts: Sequence[Account]
    messages: Mapping[tuple[str, str], Message]
    about: About
    chosen: Settings
    words: Words


def run(request: Request) -> RunResult:
    """Read, plan, render and write; raises RelanceError when one of them cannot be done, and then nothing is left half-written."""
    as_of = request.as_of or request.today
    stages = Stages(request.clock)
    stages.end("starting")
    with ThreadPoolExecutor(max_workers=1) as aside:
        # The file is read outside the interpreter's lock: time to bring in what takes long to load.
        opening = aside.submit(ledger.open_book, request.ledger)
        from batch.journal import Journal  # noqa: PLC0415  a fifth of a second

        chosen = settings.load(
            request.config,
            beside=request.ledger,
            environment=request.environment,
            working=request.working,
            years=range(as_of.year - 1, as_of.year + 2),
        )
    book = opening.result()
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
        plan = replace(plan, problems=(*plan.problems, *unrendered))
        stages.end("messages", len(messages), "messages")
        out = request.out or request.ledger.absolute().parent / "relance-out" / as_of.isoformat()
        with Folder(out) as folder:
            made = _Made(request.ledger, book, plan, accounts, messages, about, chosen, words)
            files, found = _write(folder, made, journal, stages)
    stages.end("writing")
    plan = replace(plan, problems=(*plan.problems, *found))
    return RunResult(plan, messages, files, words, chosen, tuple(report.all_problems(plan)), stages.ended)


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
    path: Path, book: ledger.Book, source: LedgerFile, chosen: Settings, as_of: dt.date, journal: "Journal"
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


def _write(
    folder: Folder, made: _Made, journal: "Journal", stages: Stages
) -> tuple[dict[str, Path], tuple[Problem, ...]]:
    """Write the three files beside their places; return where they will be and what the user must know about them."""
    plan, messages = made.plan, made.messages
    suffix = f".{made.book.kind}" if made.book.grafted else ".xlsx"
    name, kept = folder.free_name(f"{made.path.stem}{ANNOTATED}{suffix}")
    carried = _carried(made, folder.place / kept, name, journal) if kept else NOTHING
    told = replace(plan, problems=(*plan.problems, *carried.problems))
    problems = (*carried.problems, *_annotate(replace(made, plan=told), folder.path(name), carried))
    stages.end("workbook", plan.ledger.source.rows, "lines")
    page = preview(plan, made.accounts, messages, made.words, made.chosen.company)
    stages.end("preview", len(messages), "messages")
    folder.path("preview.html").write_text(page, encoding="utf-8", newline="\n")
    document = report.plan_json(
        replace(plan, problems=(*plan.problems, *problems)), messages, version=__version__, words=made.words,
        company=made.chosen.company.name, claimed_from=made.chosen.policy.charging.claimed_from,
    )  # fmt: skip
    folder.path("plan.json").write_text(report.json_text(document), encoding="utf-8", newline="\n")
    folder.remember(name, made.about)
    names = {"workbook": name, "preview": "preview.html", "plan": "plan.json"}
    return {key: folder.place / written for key, written in names.items()}, problems


def _carried(made: _Made, kept: Path, new: str, journal: "Journal") -> Carried:
    """Return what the workbook that a person saved gives to the new one; nothing where it cannot be read or is another's."""
    source, about = Source(file=kept.name), made.about
    try:
        reviewed = read_review(kept)
    except RelanceError:
        reviewed = None
    if reviewed is None or (reviewed.about.company, reviewed.about.journal_id) != (about.company, about.journal_id):
        return replace(NOTHING, problems=(Problem("WORKBOOK-KEPT", Severity.INFO, source, {"new": new}),))
    found = carry(reviewed, made.plan, made.messages, journal.lacks(reviewed.events), new)
    told = Problem("WORKBOOK-CARRIED", Severity.INFO, source, {"new": new, "n": found.customers})
    return replace(found, problems=(told, *found.problems))


def _annotate(made: _Made, target: Path, carried: Carried) -> list[Problem]:
    """Graft our columns and sheets into the user's own file, or into a plain copy of it where that cannot be done."""
    plan, book, about = made.plan, made.book, made.about
    source = plan.ledger.source
    notes = annotation(plan, made.words)
    with TemporaryDirectory() as scratch:
        sheets, copy = Path(scratch) / "sheets.xlsx", Path(scratch) / f"plain{target.suffix}"
        review = write_sheets(
            sheets, plan=plan, messages=made.messages, about=about, words=made.words, problems=report.all_problems(plan),
            typed=carried.cells,
        )  # fmt: skip

        def onto(base: Path) -> None:
            graft(
                base, target, sheet=about.ledger_sheet, header_row=source.header_row, last_row=source.last_row,
                annotation=notes, addition=sheets, active=review,
            )  # fmt: skip

        refused: list[Problem] = []
        if book.grafted:
            try:
                onto(made.path)
            except GraftRefused as why:
                refused.append(Problem(why.code, Severity.WARNING, why.source, why.facts))
                refused.append(Problem("WORKBOOK-PLAIN", Severity.WARNING, why.source))
            else:
                return []
        rows = ledger.typed_rows(book, plan.ledger)
        plain(rows, copy, sheet=about.ledger_sheet, header_row=source.header_row)
        onto(copy)
        return refused
