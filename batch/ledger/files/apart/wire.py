"""Sheets → lines of JSON, and back: what crosses from the reading process to ours can hold cells and nothing else."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, NamedTuple

from batch.ledger.files.book import Cell, Sheet

_ROWS_AT_ONCE = 500
# A cell that JSON does not know is a list: its kind and its text.
_READ: dict[str, Callable[[str], Cell]] = {
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda text: dt.timedelta(microseconds=int(text)),
}


class Raw(NamedTuple):
    """A sheet as a reader gives it: its name, whether it is hidden, its width and its rows, which may be shorter."""

    name: str
    hidden: bool
    width: int
    rows: Iterable[list[Cell]]


class Refused(Exception):  # noqa: N818  reads as what it is: a refusal by the child
    """The reader says that it cannot read the file: `code` is one of password, size, memory, damaged; `why` its own words."""

    def __init__(self, code: str, why: str = "", size: int = 0) -> None:
        """Keep what the child said."""
        super().__init__(f"{code}: {why}")
        self.code, self.why, self.size = code, why, size


def write(sheets: Iterable[Raw], target: IO[str]) -> None:
    """Write the sheets, and at the very end a line that says so."""
    for sheet in sheets:
        _line({"sheet": sheet.name, "hidden": sheet.hidden, "width": sheet.width}, target)
        rows = iter(sheet.rows)
        while block := list(islice(rows, _ROWS_AT_ONCE)):
            _line(block, target)
    _line({"end": True}, target)


def write_refusal(refused: Refused, target: IO[str]) -> None:
    """Write why the file cannot be read."""
    _line({"refused": refused.code, "why": refused.why[:300], "size": refused.size}, target)


def _line(value: object, target: IO[str]) -> None:
    target.write(json.dumps(value, default=_typed, separators=(",", ":")) + "\n")


def _typed(cell: object) -> list[str]:
    if isinstance(cell, dt.timedelta):
        return ["timedelta", str(cell // dt.timedelta(microseconds=1))]
    if isinstance(cell, dt.datetime):
        return ["datetime", cell.replace(tzinfo=None).isoformat()]
    if isinstance(cell, dt.date | dt.time):
        return [type(cell).__name__, cell.isoformat()]
    return ["text", str(cell)]


def read(lines: Iterable[bytes]) -> Iterator[Sheet]:
    """Return the sheets, every row as wide as its sheet; Refused when the child says so, ValueError when the lines make no sense."""
    name, hidden, width = "", False, 0
    rows: list[list[Cell]] | None = None
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            if rows is None:
                raise ValueError("rows without a sheet")
            rows.extend([_row(cells, width) for cells in said])
            continue
        if "refused" in said:
            raise Refused(str(said["refused"]), str(said["why"]), int(said["size"]))
        if rows is not None:
            yield Sheet(name, rows, hidden)
        if "end" in said:
            return
        name, hidden, width, rows = str(said["sheet"]), bool(said["hidden"]), int(said["width"]), []
    raise ValueError("the end is missing")


def _row(cells: list[object], width: int) -> list[Cell]:
    row = [_cell(cell) if type(cell) is list or cell is None else cell for cell in cells]
    if len(row) < width:
        row.extend([""] * (width - len(row)))
    return row  # type: ignore[return-value]  # JSON gives texts, numbers and booleans besides


def _cell(cell: object) -> Cell:
    if isinstance(cell, list):
        kind, text = cell
        return _READ.get(kind, str)(text)
    return ""
