"""Colours, fonts and number formats of the new sheets, made once per workbook and shared by all cells.

The standings' colours are Okabe and Ito's, their tints as light as colour-blind eyes can still tell apart; a label always says the same
in words. tests/workbook/test_colours.py computes both, and that every text can be read on its fill.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.workbook import Workbook

from batch.core.currencies import minor_units

FONT = "Arial"
INK, GREY, PALE, WHITE = "22313F", "5F6B77", "F3F5F7", "FFFFFF"
NAVY, LINE, LINK = "1F3A5F", "D5DBE1", "0B4F9E"
PERSON, PERSON_LINE, MACHINE, NOTICE = "FFF8DC", "E8D9A0", "EEF0F2", "FFF1C2"

# Standing → strong colour (charts) and tint (cells).
STANDING_COLOURS: Mapping[str, tuple[str, str]] = {
    "current": ("009E73", "E0F3EE"),
    "forgetful": ("56B4E9", "BBE1F6"),
    "invoice_lost": ("0072B2", "73B1D5"),
    "disputed": ("CC79A7", "E3B5CF"),
    "in_difficulty": ("E69F00", "FAECCC"),
    "dishonest": ("D55E00", "ECB78C"),
    "insolvent": ("4D4D4D", "9D9D9D"),
}
# From not due to the oldest: one hue, darker with age, so that it also reads in grey.
AGE_COLOURS = ("B8C4CE", "9CC3E0", "5E9BCB", "2F6FA7", "17406D", "0B2340")
DECISION_COLOURS: Mapping[str, tuple[str, str]] = {
    "send": ("0B6E4F", "CFEBDF"),
    "hold": ("5A5A5A", "E4E4E4"),
    "skip": ("5A5A5A", "E4E4E4"),
    "call": ("0B4F7D", "CFE3F1"),
    "closed": ("7A3E00", "F3DEC8"),
}
SEVERITY_COLOURS: Mapping[str, tuple[str, str]] = {
    "error": ("8A3200", "F9D8C4"),
    "warning": ("6B4E00", "FBE9C6"),
    "info": ("0B4F7D", "DDF0FB"),
}
BAND_COLOURS: Mapping[str, str] = {"account": NAVY, "proposal": "2F6690", "person": "9C6210", "machine": "616C77",
                                     "problem": NAVY}  # fmt: skip

DATE_FORM = "dd/mm/yyyy"
PERCENT_FORM = "0 %"


def money_form(currency: str) -> str:
    """Return the number format of a currency's amounts: as many decimals as its minor unit has."""
    decimals = minor_units(currency)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


@dataclass(frozen=True)
class Look:
    """How one cell looks; equal looks share one style of the workbook."""

    size: float = 9
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    ink: str = INK
    fill: str = ""
    form: str = "General"
    across: str | None = None  # left, center, right
    down: str = "center"
    wrap: bool = False
    line: str = ""  # colour of the border; "" = none
    sides: str = "b"  # which sides carry it: any of t, b, l, r
    indent: int = 0


@lru_cache(maxsize=256)
def _font(look: Look) -> Font:
    line: Literal["single"] | None = "single" if look.underlined else None
    return Font(name=FONT, size=look.size, bold=look.bold, italic=look.italic, underline=line, color=look.ink)


@lru_cache(maxsize=256)
def _border(look: Look) -> Border:
    side = Side(style="thin", color=look.line)
    top, bottom, left, right = (side if letter in look.sides else None for letter in "tblr")
    return Border(top=top, bottom=bottom, left=left, right=right)


@lru_cache(maxsize=256)
def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


# Setting five parts of a style costs a hundred times what copying a whole one does.
_MADE: WeakKeyDictionary[Workbook, dict[Look, StyleArray]] = WeakKeyDictionary()


def dress(cell: Cell | MergedCell, look: Look) -> Cell:
    """Give a cell its look, worked out once for each workbook."""
    made = _MADE.setdefault(cell.parent.parent, {})  # type: ignore[arg-type]  # a cell stands in a sheet, that in a workbook
    worn: Any = cell  # the stubs leave out `_style`, by which openpyxl's manual copies a style
    if look in made:
        worn._style = copy(made[look])  # noqa: SLF001  as said
    else:
        _put_on(cell, look)
        made[look] = copy(worn._style)  # noqa: SLF001  as said
    return cell  # type: ignore[return-value]  # what is dressed here is never yet merged


def _put_on(cell: Cell | MergedCell, look: Look) -> None:
    cell.font = _font(look)
    cell.alignment = Alignment(
        horizontal=look.across, vertical=look.down, wrap_text=look.wrap or None, indent=look.indent
    )
    cell.number_format = look.form
    if look.fill:
        cell.fill = _fill(look.fill)
    if look.line:
        cell.border = _border(look)


@dataclass
class Wardrobe:
    """The looks used in one workbook → the numbers of their styles, for rows that are written as text."""

    workbook: Workbook
    _numbers: dict[Look, int] = field(default_factory=dict)

    def number(self, look: Look) -> int:
        """Return the style number (cellXfs index) of a look, made at its first use."""
        if look not in self._numbers:
            self._numbers[look] = dress(Cell(self.workbook.worksheets[0], row=1, column=1), look).style_id
        return self._numbers[look]
