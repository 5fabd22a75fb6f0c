"""Pieces of a sheet that is looked at rather than worked in: wide remarks, tiles of key figures, small tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.sheets.looks import GREY, LINE, NAVY, PALE, WHITE, Look, dress
from batch.workbook.sheets.problems_sheet import write_text


@dataclass(frozen=True)
class Part:
    """One column of a small table: its heading, its values, how many sheet columns it spans, and its cells' look."""

    heading: str
    values: Sequence[object]
    span: int = 1
    forms: str | Sequence[str] = "General"  # number format, one for all or one for each row
    fills: Sequence[str] = ()  # tint of each row's cell; none = plain


@dataclass(frozen=True)
class Tile:
    """One key figure: what it is, its value, and its number format."""

    label: str
    value: object
    form: str = "General"


def write_wide(sheet: Worksheet, row: int, places: tuple[int, int], value: object, look: Look) -> None:
    """Write a value over the columns from the first place to the last, merged."""
    first, last = places
    for place in range(first, last + 1):
        dress(sheet.cell(row, place), look)
    if isinstance(value, str):
        write_text(sheet.cell(row, first), value)
    else:
        sheet.cell(row, first).value = value  # type: ignore[assignment]  # a figure, into a cell not merged yet
    if last > first:
        # Every cell has its look already; `merge_cells` would work out the borders once more, for a millisecond each.
        sheet.merged_cells.add(CellRange(min_row=row, max_row=row, min_col=first, max_col=last))


def write_tiles(sheet: Worksheet, row: int, starts: Sequence[int], tiles: Sequence[Tile]) -> int:
    """Write tiles of two columns each, label over figure, from the given columns on; return the next free row."""
    for place, tile in zip(starts, tiles, strict=True):
        plain = Look(fill=PALE, across="center", line=WHITE, sides="lr")
        label = replace(plain, size=9, ink=GREY, line=NAVY, sides="t")
        write_wide(sheet, row, (place, place + 1), tile.label, label)
        figure = replace(plain, size=17, bold=True, ink=NAVY, form=tile.form)
        write_wide(sheet, row + 1, (place, place + 1), tile.value, figure)
    for at, height in enumerate((20, 32, 6)):
        sheet.row_dimensions[row + at].height = height
    return row + 3


def write_table(sheet: Worksheet, at: tuple[int, int], title: str, parts: Sequence[Part], empty: str = "") -> int:
    """Write a small table under its title, at a row and a first column; return the row of its first values.

    Without rows, `empty` stands where they would.
    """
    row, first = at
    width = sum(part.span for part in parts)
    write_wide(sheet, row, (first, first + width - 1), title, Look(size=12, bold=True, ink=NAVY))
    if not parts[0].values and empty:
        write_wide(sheet, row + 1, (first, first + width - 1), empty, Look(italic=True, ink=GREY))
        return row + 2
    place = first
    for part in parts:
        _write_part(sheet, row + 1, place, part)
        place += part.span
    return row + 2


def _write_part(sheet: Worksheet, row: int, place: int, part: Part) -> None:
    places = (place, place + part.span - 1)
    right = bool(part.values) and not isinstance(part.values[0], str)
    # LibreOffice draws an indent from the right in some cells and not in others.
    across, indent = ("right", 0) if right else ("left", 1)
    write_wide(
        sheet, row, places, part.heading,
        Look(size=9, bold=True, ink=WHITE, fill=NAVY, across=across, wrap=True, indent=indent),
    )  # fmt: skip
    for at, value in enumerate(part.values):
        form = part.forms if isinstance(part.forms, str) else part.forms[at]
        fill = part.fills[at] if part.fills else ""
        write_wide(
            sheet, row + 1 + at, places, value, Look(line=LINE, form=form, fill=fill, across=across, indent=indent)
        )
