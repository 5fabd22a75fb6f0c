"""A sheet's XML as a stream → blocks that never cut a tag, each with a masked twin in which only real tags can be found.

In well-formed XML a `<` outside comments, CDATA sections and processing instructions always begins a tag. The twin has those
three blanked out with as many spaces, so what is found in it stands at the same place in the text. Memory stays at a few blocks.
"""

import re
from collections.abc import Iterator
from enum import Enum
from itertools import chain
from typing import IO, NamedTuple

from batch.workbook.parts.package import MAIN, Package, check_text

_PIECE = 1 << 18
# No comment, CDATA section or head of a sheet is longer in any real workbook; a stranger's may not fill the memory.
_LONGEST = 16 << 20
_SPECIAL = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_OPEN_SPECIAL = re.compile(rb"<[!?]")
_DTD = b"<!DOCTYPE"
_STRICT = b"http://purl.oclc.org/ooxml/"

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)[\w.-]+(?=[\s/>])([^>]*)>")
_SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^>]*?)?(/?)>")


class Zone(Enum):
    """Where in a sheet a block stands: before the rows, among them, after them."""

    HEAD = "head"
    DATA = "data"
    TAIL = "tail"


class Block(NamedTuple):
    """A stretch of a sheet: the bytes, the same with comments and the like blanked, and the prefix of the sheet's tags ("x:" or "")."""

    zone: Zone
    text: bytes
    masked: bytes
    prefix: str


def _masked(text: bytes) -> tuple[bytes, int]:
    """Blank out complete comments, CDATA sections and processing instructions; return where an incomplete one begins, or the length."""
    # One sign is looked for several times as fast as two, and most sheets have neither.
    if (b"!" not in text or b"<!" not in text) and (b"?" not in text or b"<?" not in text):
        return text, len(text)
    masked = _SPECIAL.sub(lambda match: b" " * len(match.group()), text)
    unfinished = _OPEN_SPECIAL.search(masked)
    return masked, unfinished.start() if unfinished else len(masked)


def pieces(stream: IO[bytes], package: Package, part: str, marker: bytes = b"<") -> Iterator[tuple[bytes, bytes]]:
    """Yield (text, masked twin) pieces that end just before a tag, where it can be before one that starts with `marker`."""
    rest = b""
    while chunk := stream.read(_PIECE):
        text = rest + chunk
        masked, end = _masked(text)
        if masked.startswith(_DTD, end):
            raise package.refused("GRAFT-DTD", part=part)
        cut = masked.rfind(marker, 0, end)
        if cut <= 0:
            cut = max(masked.rfind(b"<", 0, end + 1), 0)
        rest = text[cut:]
        if len(rest) > _LONGEST:
            raise package.refused("GRAFT-DAMAGED", part=part)
        if cut:
            yield text[:cut], masked[:cut]
    if rest:
        yield rest, _masked(rest)[0]


def blocks(stream: IO[bytes], package: Package, part: str) -> Iterator[Block]:
    """Yield the head of a worksheet (one block, ending with its `<sheetData>` tag), then its rows, then what follows them.

    An empty `<sheetData/>` comes as an opening and a closing tag. Refuses what is no worksheet in the transitional namespace.
    """
    parts = pieces(stream, package, part)
    head, after = _head(parts, package, part)
    yield head
    end = re.compile(rb"</" + head.prefix.encode() + rb"sheetData\s*>")
    among_rows = True
    for text, masked in chain([after], parts):
        if not among_rows:
            yield Block(Zone.TAIL, text, masked, head.prefix)
        elif b"sheetData" in masked and (match := end.search(masked)):
            among_rows = False
            yield Block(Zone.DATA, text[: match.start()], masked[: match.start()], head.prefix)
            yield Block(Zone.TAIL, text[match.start() :], masked[match.start() :], head.prefix)
        else:
            yield Block(Zone.DATA, text, masked, head.prefix)
    if among_rows:
        raise package.refused("GRAFT-DAMAGED", part=part)


def _head(parts: Iterator[tuple[bytes, bytes]], package: Package, part: str) -> tuple[Block, tuple[bytes, bytes]]:
    """Gather the head of a sheet; return it and what came along with it of the rows."""
    text = masked = b""
    for more, more_masked in parts:
        if not text:
            check_text(package, part, more)
        text, masked = text + more, masked + more_masked
        match = _SHEET_DATA.search(masked)
        if match:
            break
        if len(text) > _LONGEST:
            raise package.refused("GRAFT-DAMAGED", part=part)
    else:
        raise package.refused("GRAFT-SHEET", part=part)
    prefix = match.group(1).decode()
    _check_root(masked, prefix, package, part)
    after, after_masked = text[match.end() :], masked[match.end() :]
    if match.group(2):
        closing = f"</{prefix}sheetData>".encode()
        after, after_masked = closing + after, closing + after_masked
    opening = text[: match.end()].removesuffix(b"/>").removesuffix(b">") + b">"
    return Block(Zone.HEAD, opening, masked[: len(opening) - 1] + b">", prefix), (after, after_masked)


def _check_root(masked: bytes, prefix: str, package: Package, part: str) -> None:
    """Refuse a sheet whose root is not in the transitional namespace, or whose rows would bear another prefix than it."""
    root = _ROOT.search(masked)
    if root is None:
        raise package.refused("GRAFT-DAMAGED", part=part)
    if _STRICT in root.group(2):
        raise package.refused("GRAFT-STRICT", part=part)
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    declared = re.search(rf"""\s{re.escape(name)}\s*=\s*["']{re.escape(MAIN)}["']""".encode(), root.group(2))
    if declared is None or root.group(1).decode() != prefix:
        raise package.refused("GRAFT-DAMAGED", part=part)
