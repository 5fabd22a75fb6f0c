"""A stream → a terminal that never fails over a letter it does not know, in colour only where colour is wanted."""

import codecs
import io
import unicodedata
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PLAIN = {
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{NO-BREAK SPACE}": " ",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{BULLET}": "*",
    "\N{MIDDLE DOT}": "-",
    "\N{EURO SIGN}": "EUR",
    "\N{POUND SIGN}": "GBP",
    "\N{LATIN SMALL LIGATURE OE}": "oe",
    "\N{LATIN CAPITAL LIGATURE OE}": "OE",
    "\N{DEGREE SIGN}": "o",
}
NEAREST = "relance-nearest"


def nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what stands best for the letters that an encoding lacks: é → e, € → EUR, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wanted = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter) or _without_accents(letter) for letter in wanted), error.end


def _without_accents(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"


codecs.register_error(NEAREST, nearest)


def safe_stream(stream: TextIO) -> TextIO:
    """Make the stream write the nearest letters instead of failing (terminals of Windows, LC_ALL=C); return it."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=NEAREST)
    return stream


def open_console(stream: TextIO) -> "Console":
    """Return the terminal on a stream: plain off a terminal or under NO_COLOR, 80 columns where the width is unknown."""
    from rich.console import Console  # noqa: PLC0415  `--help` and `--json` do without it

    return Console(file=safe_stream(stream), highlight=False, markup=False, emoji=False)
