"""The XML of a sheet, or of the texts that sheets share → its rows or texts as they are written, in order.

What spreadsheet programs write is taken by patterns, in a tenth of a parser's time; a row or text that holds anything else is
parsed. Both ways give the same.
"""

import re
from collections.abc import Iterator
from typing import IO
from xml.sax.saxutils import unescape

from lxml import etree

from batch.workbook.parts.blocks import Zone, blocks
from batch.workbook.parts.package import MAIN, Package, check_text

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)(worksheet|sst)(?=[\s/>])[^>]*>")
_ENCODING = re.compile(rb"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_ROWS = rb"""<%brow(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*?)(?:/>|>(.*?)</%brow\s*>)"""
_CELLS = (
    r'<{p}c r="([A-Z]{{1,3}})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    r"(?:<{p}f[^>]*>[^<]*</{p}f>|<{p}f[^>]*/>)?"
    r'(?:<{p}v>([^<]*)</{p}v>|<{p}is><{p}t(?: xml:space="preserve")?>([^<]*)</{p}t></{p}is>)?</{p}c>)'
)
_TEXTS = r'<{p}si>(?:<{p}t(?: xml:space="preserve")?>([^<]*)</{p}t></{p}si>|(.*?)</{p}si>)|<{p}si/>'
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_T, _R = f"{{{MAIN}}}t", f"{{{MAIN}}}r"


# A cell as written: the letters of its column ("" = the one after the cell before), s, t, the text of v, that of is.
RawCell = tuple[str, str, str, str, str]


class _Frame:
    """What surrounds the rows or texts of a part: its encoding, the prefix of its tags, and the root that declares it."""

    def __init__(self, beginning: bytes) -> None:
        encoding, root = _ENCODING.search(beginning), _ROOT.search(beginning)
        self.encoding = encoding[1].decode("ascii", "replace") if encoding else "utf-8"
        self.opening = root[0].decode(self.encoding) if root else f'<worksheet xmlns="{MAIN}">'
        self.prefix = root[1].decode() if root else ""
        self.closing = f"</{self.prefix}{root[2].decode()}>" if root else "</worksheet>"

    def pattern(self, form: str) -> re.Pattern[str]:
        """Return a pattern for the tags of this part."""
        return re.compile(form.format(p=re.escape(self.prefix)), re.DOTALL)

    def parsed(self, inside: str) -> etree._Element:
        """Return the root around some of its content."""
        return etree.fromstring(self.opening + inside + self.closing, _parser())


def raw_rows(stream: IO[bytes], package: Package, part: str) -> Iterator[tuple[int, list[RawCell]]]:
    """Yield number and cells of each row that a sheet has; GraftRefused for what is no worksheet."""
    number, text, masked = 0, b"", b""
    for block in blocks(stream, package, part):
        if block.zone is Zone.HEAD:
            frame = _Frame(block.text)
            cells = frame.pattern(_CELLS)
            rows = re.compile(_ROWS % ((re.escape(block.prefix).encode(),) * 2), re.DOTALL)
        elif block.zone is Zone.DATA:
            text, masked, done = text + block.text, masked + block.masked, 0
            for match in rows.finditer(masked):
                found = _NUMBER.search(match[1])
                number = int(found[1]) if found else number + 1
                inside = text[match.start(2) : match.end(2)] if match[2] else b""
                yield number, _cells(inside.decode(frame.encoding), cells, frame)
                done = match.end()
            text, masked = text[done:], masked[done:]


def _cells(inside: str, pattern: re.Pattern[str], frame: _Frame) -> list[RawCell]:
    found: list[RawCell] = pattern.findall(inside)
    if len(found) != inside.count(f"<{frame.prefix}c") or _beyond(inside):
        return [_parsed_cell(cell) for cell in frame.parsed(inside).iterchildren(f"{{{MAIN}}}c")]
    if "&" not in inside:
        return found
    return [(*cell[:3], unescape(cell[3], _QUOTES), unescape(cell[4], _QUOTES)) for cell in found]


def _beyond(text: str) -> bool:
    """Tell whether a text holds what the patterns would take as it stands, and a parser would not."""
    return "&#" in text or "\r" in text or "<!" in text or "<?" in text


def _parsed_cell(cell: etree._Element) -> RawCell:
    shown, inline = cell.find(f"{{{MAIN}}}v"), cell.find(f"{{{MAIN}}}is")
    letters = cell.get("r", "").rstrip("0123456789")
    content = "" if shown is None else shown.text or ""
    return letters, cell.get("s", ""), cell.get("t", ""), content, "" if inline is None else _joined(inline)


def raw_texts(stream: IO[bytes], package: Package, part: str) -> list[str]:
    """Return the texts that the sheets of a workbook share."""
    data = stream.read()
    check_text(package, part, data)
    frame = _Frame(data)
    written = data.decode(frame.encoding)
    if "<!" in written or written.count("<?") > 1:
        return [_joined(element) for element in etree.fromstring(data, _parser()).iterchildren(f"{{{MAIN}}}si")]
    return [_text(text, pieces, frame) for text, pieces in frame.pattern(_TEXTS).findall(written)]


def _text(text: str, pieces: str, frame: _Frame) -> str:
    if pieces or "&#" in text or "\r" in text:
        return _joined(frame.parsed(pieces or f"<{frame.prefix}t>{text}</{frame.prefix}t>"))
    return unescape(text, _QUOTES) if "&" in text else text


def _joined(element: etree._Element) -> str:
    """Return a text of one or several pieces (CT_Rst), without the readings that Japanese texts carry beside them."""
    pieces = (piece if piece.tag == _T else piece.find(_T) for piece in element.iterchildren(_T, _R))
    return "".join(piece.text or "" for piece in pieces if piece is not None)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
