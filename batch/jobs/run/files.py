"""What a run worked out → its files: the annotated workbook, preview.html, the letters, plan.json, all of them or none.

Imported while the ledger is read: what writes workbooks takes most of a command's start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from batch import __version__, ledger, report
from batch.core.plan import Plan
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.records import About, Message
from batch.journal import Journal
from batch.messages.accounts import Account
from batch.messages.letter import letters
from batch.messages.preview import preview
from batch.report.folder import Folder
from batch.report.stages import Stages
from batch.settings import Settings
from batch.words import Words
from batch.workbook.carrying import Carried, carry
from batch.workbook.decisions import read_review
from batch.workbook.graft import graft
from batch.workbook.parts.archive import GraftRefused
from batch.workbook.plain import Sheet, plain
from batch.workbook.review import annotation, write_sheets

ANNOTATED = "-annotated"
LETTERS = "letters"  # the folder they are in
NOTHING = Carried({}, 0, ())

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """What a run worked out, and what its files are written from."""

    path: Path
    book: ledger.Book
    plan: Plan
    accounts: Sequence[Account]
    messages: Mapping[tuple[str, str], Message]
    about: About
    chosen: Settings
    words: Words


@dataclass(frozen=True)
class Written:
    """The files that are written, by what they are; the letters among them, by account; what the user must know about them."""

    files: Mapping[str, Path]
    letters: Mapping[tuple[str, str], str]
    problems: tuple[Problem, ...]


def write(folder: Folder, made: Made, journal: Journal, stages: Stages, tick: Tick) -> Written:
    """Write the files beside their places, and return where they will be; `tick` is told how many of how many letters are drawn."""
    plan, messages = made.plan, made.messages
    printed, unready = _print(folder, made, tick)
    if printed:
        stages.end("letters", len(printed), "letters")
    suffix = f".{made.book.kind}" if made.book.grafted else ".xlsx"
    name, kept = folder.free_name(f"{made.path.stem}{ANNOTATED}{suffix}")
    carried = _carried(made, folder.place / kept, name, journal) if kept else NOTHING
    problems = (*unready, *carried.problems)
    told = replace(made, plan=replace(plan, problems=(*plan.problems, *problems)))
    problems = (*problems, *_annotate(told, printed, folder.path(name), carried))
    stages.end("workbook", plan.ledger.source.rows, "lines")
    page = preview(plan, made.accounts, messages, made.words, made.chosen.company)
    stages.end("preview", len(messages), "messages")
    folder.path("preview.html").write_text(page, encoding="utf-8", newline="\n")
    document = report.plan_json(
        replace(plan, problems=(*plan.problems, *problems)), messages, version=__version__, words=made.words,
        company=made.chosen.company.name, claimed_from=made.chosen.policy.charging.claimed_from, letters=printed,
    )  # fmt: skip
    folder.path("plan.json").write_text(report.json_text(document), encoding="utf-8", newline="\n")
    folder.remember(name, made.about)
    names = {
        "workbook": name,
        "preview": "preview.html",
        **({"letters": LETTERS} if printed else {}),
        "plan": "plan.json",
    }
    return Written({key: folder.place / written for key, written in names.items()}, printed, problems)


def _print(folder: Folder, made: Made, tick: Tick) -> tuple[dict[tuple[str, str], str], tuple[Problem, ...]]:
    """Write the letters, in the place of those of earlier runs; return their names below the folder, and the problems."""
    folder.clear(LETTERS, made.words.label("files", "earlier"))

    def keep(name: str, content: bytes) -> None:
        folder.path(f"{LETTERS}/{name}").write_bytes(content)
        folder.remember(f"{LETTERS}/{name}", made.about)

    named, problems = letters(
        made.accounts, made.messages, made.plan.as_of, company=made.chosen.company, templates=made.chosen.templates, write=keep,
        tick=tick,
    )  # fmt: skip
    return {key: f"{LETTERS}/{name}" for key, name in named.items()}, problems


def _carried(made: Made, kept: Path, new: str, journal: Journal) -> Carried:
    """Return what the workbook that a person saved gives to the new one; nothing where it cannot be read or is another's."""
    source, about = Source(file=kept.name), made.about
    try:
        reviewed = read_review(kept, about.as_of)
    except RelanceError:
        reviewed = None
    if reviewed is None or (reviewed.about.company, reviewed.about.journal_id) != (about.company, about.journal_id):
        return replace(NOTHING, problems=(Problem("WORKBOOK-KEPT", Severity.INFO, source, {"new": new}),))
    found = carry(reviewed, made.plan, made.messages, journal.lacks(reviewed.events), new)
    told = Problem("WORKBOOK-CARRIED", Severity.INFO, source, {"new": new, "n": found.customers or None})
    return replace(found, problems=(told, *found.problems))


def _annotate(made: Made, printed: Mapping[tuple[str, str], str], target: Path, carried: Carried) -> list[Problem]:
    """Graft our columns and sheets into the user's own file, or into a plain copy of it where that cannot be done."""
    book, about, source = made.book, made.about, made.plan.ledger.source
    notes = annotation(made.plan, made.words)
    with TemporaryDirectory() as scratch:
        sheets, copy = Path(scratch) / "sheets.xlsx", Path(scratch) / f"plain{target.suffix}"

        def onto(base: Path, plan: Plan) -> None:
            review = write_sheets(
                sheets, plan=plan, messages=made.messages, about=about, words=made.words, problems=report.all_problems(plan),
                typed=carried.cells, letters=printed,
            )  # fmt: skip
            graft(
                base, target, sheet=about.ledger_sheet, header_row=source.header_row, last_row=source.last_row,
                annotation=notes, addition=sheets, active=review,
            )  # fmt: skip

        before, after = _beside(book, source.sheet)
        laid_out = any(sheet.name for sheet in book.sheets)  # a csv or a page has no form that could be missed
        told = [Problem("WORKBOOK-VALUES", Severity.INFO, Source(file=made.path.name))] if laid_out else []
        if book.grafted:
            try:
                onto(made.path, made.plan)
            except GraftRefused as why:
                told = [
                    Problem(why.code, Severity.WARNING, why.source, why.facts),
                    Problem("WORKBOOK-PLAIN", Severity.WARNING, why.source),
                ]
            else:
                return []
        rows = ledger.typed_rows(book, made.plan.ledger)
        try:
            plain(Sheet(about.ledger_sheet, rows, source.header_row), copy, before=before, after=after)
            onto(copy, replace(made.plan, problems=(*made.plan.problems, *told)))
        except GraftRefused as why:  # of a copy that the user never saw
            raise RelanceError(why.code, Source(file=made.path.name), **why.facts) from why
        return told


def _beside(book: ledger.Book, chosen: str) -> tuple[list[Sheet], list[Sheet]]:
    """Return the sheets that stand before and after the ledger's, as values; those of a page, which have no names, stay behind."""
    place = next((at for at, sheet in enumerate(book.sheets) if sheet.name == chosen), 0)
    sheets = [Sheet(sheet.name, sheet.rows, hidden=sheet.hidden) for sheet in book.sheets]
    return [s for s in sheets[:place] if s.name], [s for s in sheets[place + 1 :] if s.name]
