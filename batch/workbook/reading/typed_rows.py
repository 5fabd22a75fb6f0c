"""A row of Review or Calls → the cells in which a person typed, as they stand, for the next workbook to carry over."""

from collections.abc import Mapping
from dataclasses import dataclass

from batch.core.problem import Source
from batch.workbook.layout import CALLS, CHOICES, Column
from batch.workbook.reading import typed
from batch.workbook.reading.line import Line


@dataclass(frozen=True)
class TypedRow:
    """What a person typed on one row: the cells by column code, where they stand, and which of Reviewed.events they made."""

    sheet: str  # review or calls
    key: tuple[str, str]
    cells: Mapping[str, object]
    places: Mapping[str, Source]
    events: range
    sound: bool  # False: the account stands there twice, or a cell that only Relance writes was changed


def typed_row(line: Line, columns: tuple[Column, ...], events: range, *, alone: bool) -> TypedRow | None:
    """Return the row's typed cells; None when there are none. The prefilled decision is none, an emptied one is."""
    codes = [column.code for column in columns if column.band == "person" and column.code in line.sheet.letters]
    cells = {code: line.row.values.get(code, "") for code in codes if _by_hand(line, code)}
    if not cells:
        return None
    places = {code: line.sheet.source(line.row.number, code, line.text(code)) for code in cells}
    altered = any(problem.code == "ROW-ALTERED" for problem in line.problems)
    sheet = "calls" if columns is CALLS else "review"
    return TypedRow(sheet, line.key, cells, places, events, alone and not altered)


def _by_hand(line: Line, code: str) -> bool:
    if code != "decision":
        return line.typed(code)
    if "decision_code" not in line.sheet.letters:
        return line.typed(code)
    group, codes = CHOICES[code]
    chosen = typed.word(line.row.values.get(code), group, codes) if line.typed(code) else ""
    return chosen != line.row.text("decision_code")
