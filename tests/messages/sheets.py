"""How tests read a letter back: poppler's text, pages and pictures, zbar's reading of a code."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

POPPLER = ("pdftotext", "pdftoppm", "pdffonts", "pdfinfo")
MISSING = [program for program in (*POPPLER, "zbarimg") if shutil.which(program) is None]
needs_readers = pytest.mark.skipif(
    bool(MISSING) and os.environ.get("CI") != "true",
    reason="not installed (Debian: poppler-utils, zbar-tools): " + ", ".join(MISSING),
)
SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{ZERO WIDTH SPACE}": None})


def _said(*command: object) -> str:
    return subprocess.run([*map(str, command)], capture_output=True, check=True).stdout.decode()


def pages_of(letter: bytes, folder: Path, *options: object) -> list[str]:
    """Return the text of each page as it is laid out, with plain spaces."""
    path = folder / "letter.pdf"
    path.write_bytes(letter)
    return _said("pdftotext", "-layout", *options, path, "-").translate(SPACES).split("\f")[:-1]


def area_of(letter: bytes, folder: Path, left: float, top: float, width: float, height: float) -> list[str]:
    """Return the lines inside a rectangle of the first page, given in millimetres."""
    places = dict(zip(("-x", "-y", "-W", "-H"), (left, top, width, height), strict=True))
    corner = [part for name, value in places.items() for part in (name, round(value / 25.4 * 72))]
    text = pages_of(letter, folder, "-l", 1, *corner)[0]
    return [line.strip() for line in text.splitlines() if line.strip()]


def flowing(letter: bytes, folder: Path) -> str:
    """Return the whole text on one line, with single spaces."""
    return " ".join(" ".join(pages_of(letter, folder)).split())


def code_of(letter: bytes, folder: Path, page: int = 1) -> str:
    """Return what a telephone reads on a page printed at 150 dots an inch."""
    path = folder / "letter.pdf"
    path.write_bytes(letter)
    _said("pdftoppm", "-r", 150, "-f", page, "-l", page, "-singlefile", "-png", path, folder / "page")
    return _said("zbarimg", "--quiet", "--raw", "--oneshot", "-Sbinary", folder / "page.png")


def fonts_of(letter: bytes, folder: Path) -> list[list[str]]:
    """Return the fonts: name, …, embedded."""
    path = folder / "letter.pdf"
    path.write_bytes(letter)
    return [line.split() for line in _said("pdffonts", path).splitlines()[2:]]


def facts_of(letter: bytes, folder: Path) -> dict[str, str]:
    """Return what the document says of itself."""
    path = folder / "letter.pdf"
    path.write_bytes(letter)
    pairs = (line.partition(":") for line in _said("pdfinfo", "-isodates", path).splitlines())
    return {name: value.strip() for name, _, value in pairs}
