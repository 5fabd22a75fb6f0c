"""An events file (csv or xlsx, INTERFACE "Events file") → EVENTS and problems, and EVENTS → such a file.

What `write_events` writes, `read_events` reads back as the same events, so that an export brought into its own journal
adds nothing. Customers and invoices stay as typed: `core` resolves them against the ledger.
"""

import csv
import difflib
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from batch.core.currencies import minor_units
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.tables import COUNT, DAY, EVENTS, MONEY
from batch.journal import cells
from batch.journal.vocabulary import HEADING_OF, HEADINGS, KIND_OF, NEEDED, STEP_OF, plain

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_HEADING_ROWS = 20  # a title may stand above the headings, but not a page of it
_SEPARATORS = (",", ";", "\t")
_VERBATIM = ("note", "value", "meaning", "by", "message_id", "item_id")
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")  # what a spreadsheet would take for a formula
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f]")  # what an xlsx cannot hold
_BLANK: dict[str, object] = {
    name: 0 if dtype in {MONEY, COUNT} else None if dtype == DAY else "" for name, dtype in EVENTS.columns.items()
}
HEADING_ROW = tuple(words[0] for words in HEADINGS.values())

T = TypeVar("T")
Rows = Sequence[tuple[int, Sequence[object]]]


class _UnreadableCellError(ValueError):
    """A cell that makes its row useless; becomes a Problem."""

    def __init__(self, code: str, field: str, excerpt: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.field, self.excerpt, self.facts = code, field, excerpt, facts


def read_events(*paths: Path) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Read events files, mostly one: EVENTS in the files' order, and a Problem for each row that is left out.

    `debtor_id` and `number` hold what the file says; `by` is "import" where the file has no such column. Raises
    RelanceError EVENTS-UNREADABLE or EVENTS-NO-HEADINGS.
    """
    events: list[dict[str, object]] = []
    problems: list[Problem] = []
    for path in paths:
        _read(path, events, problems)
    return _frame(events), tuple(problems)


def _read(path: Path, events: list[dict[str, object]], problems: list[Problem]) -> None:
    """Add a file's events, and the problems of its rows, to those read before."""
    sheet, rows = _rows(path)
    found = _find_headings(rows)
    if found is None:
        missing = ", ".join(HEADINGS[name][0] for name in NEEDED)
        raise RelanceError("EVENTS-NO-HEADINGS", Source(file=path.name, sheet=sheet), needed=missing)
    start, columns = found
    for number, row in rows[start:]:
        if not any(cells.text(cell) for cell in row):
            continue
        try:
            events.append(_event({name: row[at] if at < len(row) else None for name, at in columns.items()}))
        except _UnreadableCellError as error:
            at = columns.get(error.field, 0)
            source = Source(path.name, sheet, number, _letter(at), cells.text(rows[start - 1][1][at]), error.excerpt)
            problems.append(Problem(error.code, Severity.ERROR, source, error.facts))


def write_events(events: pd.DataFrame, path: Path) -> None:
    """Write EVENTS to a csv (UTF-8, commas) or, by its name, an xlsx; beside first, then renamed.

    Headings, kinds and steps are the codes of INTERFACE; amounts are decimal, dates ISO. Raises RelanceError EVENTS-NOT-WRITTEN.
    """
    beside = path.with_name(f".{path.stem}.part{path.suffix}")
    write = _write_workbook if path.suffix.lower() in WORKBOOKS else _write_csv
    try:
        write(beside, events)
        beside.replace(path)
    except OSError as error:
        raise RelanceError("EVENTS-NOT-WRITTEN", Source(file=str(path)), reason=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def csv_rows(events: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows of an events file for EVENTS, as a csv holds them: what a spreadsheet would take for a formula is guarded."""
    guarded = [
        texts if name == "amount" else [f"'{text}" if _FORMULA.match(text) else text for text in texts]
        for name, texts in _columns(events).items()
    ]
    return list(zip(*guarded, strict=True))


def _rows(path: Path) -> tuple[str, Rows]:
    try:
        return _workbook_rows(path) if path.suffix.lower() in WORKBOOKS else ("", _csv_rows(path))
    except (OSError, ValueError, csv.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise RelanceError("EVENTS-UNREADABLE", Source(file=str(path)), reason=reason) from error
    except Exception as error:  # the workbook reader's own errors share no class but this
        if type(error).__module__.partition(".")[0] != "python_calamine":
            raise
        raise RelanceError("EVENTS-UNREADABLE", Source(file=str(path)), reason=str(error)) from error


def _workbook_rows(path: Path) -> tuple[str, Rows]:
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="calamine")
    read = {str(name): list(enumerate(frame.to_numpy().tolist(), start=1)) for name, frame in sheets.items()}
    for name, rows in read.items():
        if _find_headings(rows) is not None:
            return name, rows
    return next(iter(read.items()))


def _csv_rows(path: Path) -> Rows:
    raw = path.read_bytes()
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("binary")
    content = _decoded(raw)
    readings = [list(_records(content, separator)) for separator in _SEPARATORS]
    return next((rows for rows in readings if _find_headings(rows) is not None), readings[0])


def _records(content: str, separator: str) -> Iterator[tuple[int, Sequence[object]]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    line = 0
    for record in reader:
        yield line + 1, [_without_guard(cell) for cell in record]
        line = reader.line_num


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _find_headings(rows: Rows) -> tuple[int, dict[str, int]] | None:
    for index, (_, row) in enumerate(rows[:_HEADING_ROWS]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row):
            if name := HEADING_OF.get(plain(cells.text(cell))):
                columns.setdefault(name, at)
        if all(name in columns for name in NEEDED):
            return index + 1, columns
    return None


def _event(row: dict[str, object]) -> dict[str, object]:
    at = _cell(row, "at", cells.day, "EVENT-DATE-UNREADABLE")
    if at is None:
        raise _UnreadableCellError("EVENT-DATE-MISSING", "at", "")
    customer = cells.text(row["debtor_id"])
    if not customer:
        raise _UnreadableCellError("EVENT-CUSTOMER-MISSING", "debtor_id", "")
    currency = cells.text(row.get("currency")).upper()
    return _BLANK | {name: cells.verbatim(row[name]) for name in _VERBATIM if name in row} | {
        "at": at,
        "debtor_id": customer,
        "number": cells.text(row.get("number")),
        "kind": _code(row, "kind", KIND_OF, "EVENT-KIND-UNKNOWN"),
        "step": _code(row, "step", STEP_OF, "EVENT-STEP-UNKNOWN") if cells.text(row.get("step")) else "",
        "round": _cell(row, "round", cells.count, "EVENT-ROUND-UNREADABLE"),
        "amount": _cell(row, "amount", lambda cell: cells.amount(cell, currency), "EVENT-AMOUNT-UNREADABLE"),
        "currency": currency,
        "until": _cell(row, "until", cells.day, "EVENT-DATE-UNREADABLE"),
    } | ({} if "by" in row else {"by": "import"})  # fmt: skip


def _cell(row: dict[str, object], name: str, read: Callable[[object], T], code: str) -> T:
    try:
        return read(row.get(name))
    except ValueError:
        excerpt = cells.text(row.get(name))
        raise _UnreadableCellError(code, name, excerpt, text=excerpt) from None


def _code(row: dict[str, object], name: str, codes: dict[str, str], problem: str) -> str:
    written = cells.text(row.get(name))
    if code := codes.get(plain(written)):
        return code
    near = difflib.get_close_matches(plain(written), codes, n=1)
    raise _UnreadableCellError(problem, name, written, text=written, near=codes[near[0]] if near else "")


def _frame(events: list[dict[str, object]]) -> pd.DataFrame:
    if not events:
        return EVENTS.empty()
    columns: dict[str, object] = {name: [event[name] for event in events] for name in EVENTS.columns}
    for name, dtype in EVENTS.columns.items():
        if dtype == DAY:
            columns[name] = np.array([event[name] or "NaT" for event in events], dtype="datetime64[s]")
    return EVENTS.conform(pd.DataFrame(columns))


def _written(events: pd.DataFrame, name: str) -> list[str]:
    values = events[name]
    if EVENTS.columns[name] == DAY:
        texts: list[str] = np.datetime_as_string(values.to_numpy().astype("datetime64[D]")).tolist()
        return ["" if text == "NaT" else text for text in texts]
    if name == "amount":
        return [_decimal(*pair) for pair in zip(values.tolist(), events["currency"].tolist(), strict=True)]
    return ["" if value == 0 else str(value) for value in values.tolist()]


def _decimal(minor: int, currency: str) -> str:
    places = minor_units(currency)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    return "" if minor == 0 else f"{sign}{whole}" + (f".{part:0{places}d}" if places else "")


def _columns(events: pd.DataFrame) -> dict[str, list[str]]:
    typed = EVENTS.conform(events)
    return {name: _written(typed, name) for name in HEADINGS}


def _write_csv(path: Path, events: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADING_ROW)
        writer.writerows(csv_rows(events))
        file.flush()
        os.fsync(file.fileno())


def _write_workbook(path: Path, events: pd.DataFrame) -> None:
    clean = {name: [_FORBIDDEN.sub("", text) for text in texts] for name, texts in _columns(events).items()}
    frame = pd.DataFrame(dict(zip(HEADING_ROW, clean.values(), strict=True)))
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        frame.to_excel(writer, sheet_name="Events", index=False)
        for row in writer.sheets["Events"].iter_rows():
            for cell in row:
                if cell.data_type == "f":  # a text that starts with "=" is no formula
                    cell.data_type = "s"


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
