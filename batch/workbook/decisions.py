"""A reviewed workbook → what the person decided and typed: decisions by account, events, and problems that name the cell."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path

import pandas as pd

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.records import About
from batch.core.tables import DECISIONS, EVENTS
from batch.words import for_language
from batch.workbook.layout import (
    CALLS,
    CALLS_MARKS,
    CALLS_SEALED,
    KEY,
    MARK,
    REVIEW,
    REVIEW_MARKS,
    REVIEW_SEALED,
    Column,
)
from batch.workbook.reading.book import Book
from batch.workbook.reading.facts import call_facts, review_facts
from batch.workbook.reading.line import Line
from batch.workbook.reading.reviewed import FoundSheet, Row, find_sheet, lacking, opened
from batch.workbook.reading.typed import plain
from batch.workbook.reading.typed_rows import TypedRow, typed_row
from batch.workbook.seals import broken

ABOUT_WITHIN = 12
Key = tuple[str, str]

_BLANK_EVENT: Mapping[str, object] = {
    "item_id": "", "number": "", "step": "", "round": 0, "message_id": "", "amount": 0, "until": pd.NaT, "value": "",
    "meaning": "", "by": "review", "note": "",
}  # fmt: skip


@dataclass(frozen=True)
class Reviewed:
    """What came back: the run it belongs to, tables.DECISIONS, tables.EVENTS, what was not understood, the rows typed in."""

    about: About
    decisions: pd.DataFrame
    events: pd.DataFrame
    problems: tuple[Problem, ...]
    typed: tuple[TypedRow, ...] = ()


def _about_of(book: Book, path: Path) -> About:
    for name in reversed(list(book.parts)):  # it was written last
        block = _block(list(islice(book.rows(name), ABOUT_WITHIN + len(fields(About)))))
        if block.keys() >= {field.name for field in fields(About)}:
            return _about(path, block)
    ours = find_sheet(book, path.name, REVIEW, REVIEW_MARKS)
    raise RelanceError("ABOUT-MISSING" if ours else "NOT-ANNOTATED", Source(path.name))


def _block(rows: Sequence[tuple[object, ...]]) -> dict[str, str]:
    """Return the names and values under the mark, wherever in the sheet's first rows and columns it stands now.

    A name stands right of its value; in workbooks of earlier versions, where there were no labels, left of it.
    """
    known = {field.name for field in fields(About)}
    for top, cells in enumerate(rows[:ABOUT_WITHIN]):
        for left, cell in enumerate(cells[:ABOUT_WITHIN]):
            if plain(cell) == MARK:
                block = {}
                for row in rows[top + 1 :]:
                    first, value, last = map(plain, (*row[left : left + 3], None, None, None)[:3])
                    block[last if last in known else first] = value
                return block
    return {}


def _about(path: Path, block: Mapping[str, str]) -> About:
    texts = {field.name: block[field.name] for field in fields(About)}
    try:
        as_of, position = dt.date.fromisoformat(texts.pop("as_of")[:10]), int(texts.pop("journal_position"))
    except ValueError as error:
        raise RelanceError("ABOUT-MISSING", Source(path.name)) from error
    return About(**texts, as_of=as_of, journal_position=position)


@dataclass
class _Reading:
    """What has been read so far."""

    about: About
    today: dt.date | None
    events: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    decisions: dict[Key, dict[str, object]] = field(default_factory=dict)
    refused: set[Key] = field(default_factory=set)
    typed: list[TypedRow] = field(default_factory=list)
    seen: set[tuple[str, Key]] = field(default_factory=set)  # sheet and account of the rows read so far


def read_review(path: Path, today: dt.date | None = None) -> Reviewed:
    """Return what the Review and Calls sheets say now; RelanceError when it cannot.

    Its codes are NOT-ANNOTATED, ABOUT-MISSING, REVIEW-MISSING and REVIEW-HEADING. Sheets and columns are found by their headings in any language, rows by their key. What was typed but not understood is a
    Problem that names the cell, and its account's decision is marked as not understood. What was done later than `today` was not.
    """
    with opened(path) as book:
        about = _about_of(book, path)
        review = find_sheet(book, path.name, REVIEW, REVIEW_MARKS)
        calls = find_sheet(book, path.name, CALLS, CALLS_MARKS)
        if review is None:
            raise _without_review(book, path.name, about.language)
    reading = _Reading(about, today)
    _read_review(reading, review)
    if calls is not None:
        _read_calls(reading, calls)
    rows = [
        {**row, "understood": row["understood"] and key not in reading.refused}
        for key, row in reading.decisions.items()
    ]
    decisions = _table(DECISIONS.columns, rows, "decisions")
    return Reviewed(about, decisions, _events(reading.events), tuple(reading.problems), tuple(reading.typed))


def _without_review(book: Book, file: str, language: str) -> RelanceError:
    """Return what is missing: the sheet, or the headings by which it is known."""
    found = lacking(book, REVIEW, REVIEW_MARKS)
    if found is None:
        return RelanceError("REVIEW-MISSING", Source(file))
    sheet, row, marks = found
    words = for_language(language)
    return RelanceError(
        "REVIEW-HEADING", Source(file, sheet, row), columns=[words.label("headings", mark) for mark in marks]
    )


def _events(rows: list[dict[str, object]]) -> pd.DataFrame:
    return _table(EVENTS.columns, [{**_BLANK_EVENT, **row} for row in rows], "events")


def _table(columns: Mapping[str, str], rows: list[dict[str, object]], name: str) -> pd.DataFrame:
    table = {"decisions": DECISIONS, "events": EVENTS}[name]
    return table.conform(pd.DataFrame(rows, columns=list(columns))) if rows else table.empty()


def _read_review(reading: _Reading, sheet: FoundSheet) -> None:
    reading.problems += sheet.problems
    twice = any(problem.severity is Severity.ERROR for problem in sheet.problems)
    for row in sheet.rows:
        line = _line(reading, sheet, row, REVIEW)
        if line is None or _altered(reading, line, REVIEW, REVIEW_SEALED):
            continue
        decision = review_facts(line)
        if line.key in reading.decisions:
            line.complain("ROW-TWICE", "debtor_id", line.key[0], debtor_id=line.key[0], currency=line.key[1])
            reading.refused.add(line.key)
        else:
            understood = line.understood and not twice
            reading.decisions[line.key] = _decision(line, decision, understood=understood)
        if not line.understood:
            reading.refused.add(line.key)
        _keep(reading, line, REVIEW)


def _read_calls(reading: _Reading, sheet: FoundSheet) -> None:
    reading.problems += sheet.problems
    for row in sheet.rows:
        line = _line(reading, sheet, row, CALLS)
        if line is None or _altered(reading, line, CALLS, CALLS_SEALED):
            continue
        call_facts(line)
        if line.events and line.key not in reading.decisions:
            line.note("CALL-WITHOUT-REVIEW", "debtor_id", debtor_id=line.key[0], currency=line.key[1])
        if not line.understood:
            reading.refused.add(line.key)
        _keep(reading, line, CALLS)


def _altered(reading: _Reading, line: Line, columns: tuple[Column, ...], sealed: tuple[str, ...]) -> bool:
    """Tell whether a cell of the row that only Relance writes was changed; then nothing of the row is believed."""
    if "seal" not in line.sheet.letters:  # said already
        return False
    texts = [line.row.text(code) for code in sealed]
    marks = line.row.text("seal")
    changed = [sealed[place] for place in broken(texts, marks)] if marks else ["seal"]
    changed = [code for code in changed if code in line.sheet.letters]
    for code in changed:
        line.complain("ROW-ALTERED", code, line.text(code))
    if not changed:
        return False
    _keep(reading, line, columns)
    if not set(changed) & set(KEY):
        reading.refused.add(line.key)
        reading.decisions.setdefault(line.key, _decision(line, "", understood=False))
    return True


def _decision(line: Line, decision: str, *, understood: bool) -> dict[str, object]:
    return {
        "debtor_id": line.key[0], "currency": line.key[1], "decision": decision, "step": line.row.text("step_code"),
        "digest": line.row.text("digest"), "email": line.email, "understood": understood, "row": line.row.number,
    }  # fmt: skip


def _keep(reading: _Reading, line: Line, columns: tuple[Column, ...]) -> None:
    reading.problems += line.problems
    place = (line.sheet.name, line.key)
    first = len(reading.events)
    # A row that was pasted twice says its facts once.
    reading.events += [event for event in line.events if place not in reading.seen or event not in reading.events]
    row = typed_row(line, columns, range(first, len(reading.events)), alone=place not in reading.seen)
    reading.typed += [row] if row else []
    reading.seen.add(place)


def _line(reading: _Reading, sheet: FoundSheet, row: Row, columns: tuple[Column, ...]) -> Line | None:
    """Return a row with its account; a row without one has a problem if something was typed there, else nothing."""
    line = Line(sheet, row, reading.about, (row.text("debtor_id"), row.text("currency").upper()), reading.today)
    if all(line.key):
        return line
    for column in columns:
        if column.band == "person" and column.code in row.values:
            line.complain("ROW-WITHOUT-KEY", column.code, plain(row.values[column.code]))
    reading.problems += line.problems
    return None
