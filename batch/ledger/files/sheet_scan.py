"""The XML of a worksheet, piece by piece → how far its cells reach, which are in error, and which formulas hold no result.

The reader gives a cell in error, and a formula without its result, as an empty cell: without this scan an amount would be blank
in silence. It must cost little on every sheet, so it looks for what is out of the ordinary (an ordinary cell starts as `<c r="B17"`)
and reads closely only then. Every pattern is linear in what a stranger may write.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

_ODD = re.compile(rb'<c(?! r="[A-Z]\d{1,5}")([^<>]{0,40})')
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_AT = re.compile(rb'\sr\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\']')
_PREFIXED = re.compile(rb":c[\s>/]")
_ROW = re.compile(rb'\br\s*=\s*["\'](?:[A-Z]{1,3})?(\d{1,7})["\']')
_FORMULA = rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
_CELL_WITH_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*" + _FORMULA + rb"\s*(?:<(?:\w+:)?v\b[^<>]*>([^<]*)<|<(?:\w+:)?is\b(.))?"
)
_CELL_IN_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*\bt\s*=\s*[\"']e[\"'][^<>]*)>\s*(?:" + _FORMULA + rb")?\s*<(?:\w+:)?v\b[^<>]*>([^<]*)<"
)
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")

_LETTERS = 26  # columns A to Z: references of one letter
_FIVE_DIGITS = 99_999
_TAIL = 20_000
_LONGEST_CELL = 4 << 20


class SheetScan:
    """What one worksheet part holds; fed with its bytes in order, then finished."""

    def __init__(self, *, recalculated: bool) -> None:
        """`recalculated`: the workbook asks to be calculated when opened, so a result of 0 may only stand in for one."""
        self.errors: dict[tuple[int, int], str] = {}  # (1-based row, 0-based column) → the error
        self.unusual = False
        self.size = 0
        self._recalculated = recalculated
        self._rest = b""
        self._row = self._column = 0
        self._narrow_before_wide = False
        self._empty: dict[int, list[int]] = defaultdict(list)
        self._zero: dict[int, list[int]] = defaultdict(list)
        self._results = 0
        self._formulas = False

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes; what follows the start of their last cell waits for the bytes that come after."""
        self.size += len(piece)
        text = self._rest + piece
        cut = text.rfind(b"<c")
        if cut <= 0 or len(text) > _LONGEST_CELL:
            self.unusual |= cut == 0 and len(text) > _LONGEST_CELL
            cut = len(text)
        self._look(text[:cut])
        self._rest = text[cut:]

    def finish(self) -> None:
        """Look at what is left."""
        self._look(self._rest)
        self._rest = b""

    @property
    def uncalculated(self) -> dict[int, list[int]]:
        """The formulas without a result, by column (0-based) the rows (1-based); all those of a sheet on which every result is 0."""
        found = dict(self._empty)
        if self._recalculated and not self._results:
            for column, rows in self._zero.items():
                found[column] = sorted({*found.get(column, ()), *rows})
        return found

    @property
    def cells(self) -> int:
        """How many cells the rectangle has that a reader keeps."""
        return self._row * max(self._column, _LETTERS)

    @property
    def cells_at_worst(self) -> int:
        """The same if the rows that were not looked at one by one are not in order."""
        return max(self._row, _FIVE_DIGITS if self._narrow_before_wide else 0) * max(self._column, _LETTERS)

    def _look(self, text: bytes) -> None:
        odd = _ODD.findall(text)
        self._extend(text, odd)
        if odd and any(rest[:4] != b' r="' and rest[:1] in b" \t\r\n/" for rest in odd):
            self.unusual = True
        if _PREFIXED.search(text):
            self.unusual = True
        if b't="e"' in text or (self.unusual and b"t" in text):
            self._note_errors(text)
        self._formulas = self._formulas or self.unusual or b"</f>" in text  # shared ones come after the one they share
        if self._formulas and not self._all_calculated(text):
            self._note_formulas(text)

    def _extend(self, text: bytes, odd: list[bytes]) -> None:
        """Note the farthest row and column: of every cell where the sheet is wide or long, else of the last rows."""
        if any(rest[:4] == b' r="' for rest in odd):
            found = _REFERENCE.findall(text)
            self._row = max(self._row, max((int(row) for row in {row for _, row in found}), default=0))
            columns = max((_place(name) + 1 for name in {name for name, _ in found}), default=0)
            if columns > _LETTERS and self._column <= _LETTERS and self._row and self.size > len(text) + _TAIL:
                self._narrow_before_wide = True
            self._column = max(self._column, columns)
        self._row = max(self._row, max(map(int, _ROW.findall(text[-_TAIL:])), default=0))

    def _note_errors(self, text: bytes) -> None:
        for attributes, error in _CELL_IN_ERROR.findall(text):
            if place := _AT.search(attributes):
                at = int(place[2]), _place(place[1])
                self.errors[at] = error.decode("utf-8", errors="replace").strip() or "#N/A"

    def _all_calculated(self, text: bytes) -> bool:
        """Say quickly whether a result stands after each formula, as nearly always."""
        return (
            not (self.unusual or self._recalculated)
            and text.count(b"<f") == text.count(b"</f><v>")
            and b"<v></v>" not in text
        )

    def _note_formulas(self, text: bytes) -> None:
        for attributes, result, other in _CELL_WITH_FORMULA.findall(text):
            if _TEXT_RESULT.search(attributes) or other:
                self._results += bool(result.strip())
                continue
            place = _AT.search(attributes)
            if result.strip() == b"":
                _note(self._empty, place)
            elif result.strip() == b"0":
                _note(self._zero, place)
            else:
                self._results += 1


def _place(letters: bytes) -> int:
    """Return the 0-based column of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _note(found: dict[int, list[int]], place: re.Match[bytes] | None) -> None:
    if place:
        found[_place(place[1])].append(int(place[2]))


def longest_text(pieces: Iterable[bytes]) -> int:
    """Return the length of the longest shared text: each of its uses becomes a text of its own in memory."""
    longest = open_since = 0
    for piece in pieces:
        first, *others = piece.split(b"<si")
        open_since += len(first)
        longest = max(longest, open_since, *map(len, others))
        open_since = len(others[-1]) if others else open_since
    return longest
