"""The zip of a workbook → what kind it is and what its sheets hold, or RelanceError: what would swell in memory is refused unread.

Every part is unpacked once, in pieces, against its own checksum: the reader that comes after sees nothing that was not seen here.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from batch.core.problem import RelanceError, Source
from batch.ledger.files.book import MAX_CELLS, ODS, XLSB, XLSM, XLSX, most_cells
from batch.ledger.files.kinds import refuse_entities
from batch.ledger.files.sheet_scan import SheetScan, longest_text
from batch.words import Said

# Far above any ledger (1,000,000 rows of 20 columns unpack to about 1 GB), far below what stops a machine.
MAX_UNPACKED = 2_000_000_000  # bytes in all parts together
MAX_PARTS = 10_000
MAX_RATIO = 100  # unpacked to packed, from HEAVY on: an ordinary sheet has 5 to 20
HEAVY = 100_000_000
SUSPECT_RATIO = 40
SUSPECT_SIZE = 20_000_000
MAX_REPEATED = 300_000_000  # bytes that the longest shared text would take if every cell held it

_MEGA = 1_000_000
_PIECE = 1 << 20
_OVERLAP = 16
_CENTRAL = b"PK\x01\x02"
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_STRANGERS = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
_ROOT_AT_ONCE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<[A-Za-z_]")
_RECALCULATED = re.compile(rb'\bfullCalcOnLoad\s*=\s*["\'](?:1|true)["\']')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Package:
    """A workbook's zip: its kind, its size unpacked (bytes), whether to read it apart, and what was seen of each sheet."""

    kind: str
    unpacked: int
    suspect: bool = False
    scans: Mapping[str, SheetScan] = field(default_factory=dict)  # by the sheet's name


def check_package(content: bytes, source: Source) -> Package:
    """Look through a zip.

    RelanceError NOT-A-WORKBOOK, FORMAT-LATER, WORKBOOK-DAMAGED, ENCRYPTED, TOO-LARGE, XML-ENTITIES.
    """
    if content.count(_CENTRAL) > MAX_PARTS:
        raise RelanceError(
            "TOO-LARGE", source, size=content.count(_CENTRAL), limit=MAX_PARTS, unit=Said("sizes", "parts", {})
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            kind = _kind(package, source)
            unpacked = _check_parts(package, len(content), source)
            return _look_through(package, kind, unpacked, len(content), source)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise RelanceError("WORKBOOK-DAMAGED", source, why=str(error)[:200]) from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise RelanceError("ENCRYPTED", source) from error


def _kind(package: zipfile.ZipFile, source: Source) -> str:
    names = {name.replace("\\", "/").lower(): name for name in package.namelist()}
    for name, kind in _STRANGERS.items():
        if name in names:
            raise RelanceError("NOT-A-WORKBOOK", source, kind=kind)
    if "index/document.iwa" in names:
        raise RelanceError("FORMAT-LATER", source, kind="Numbers")
    if "xl/workbook.bin" in names:
        return XLSB
    if "content.xml" in names:
        return ODS
    if not any(name.startswith("xl/") for name in names):
        raise RelanceError("NOT-A-WORKBOOK", source, kind="zip")
    types = names.get("[content_types].xml")
    return XLSM if types and b"macroEnabled.main+xml" in _start(package, types) else XLSX


def _start(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_PIECE)


def _check_parts(package: zipfile.ZipFile, packed: int, source: Source) -> int:
    """Refuse what declares to unpack to too much (no reader is given more than is declared); return that size."""
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if sum(part.compress_size for part in parts) > packed:
        raise zipfile.BadZipFile("parts overlap")
    if any(part.compress_type not in _KNOWN_METHODS for part in parts):
        raise zipfile.BadZipFile("unknown method of compression")
    if unpacked > MAX_UNPACKED or (unpacked > HEAVY and unpacked > MAX_RATIO * packed):
        limit = MAX_UNPACKED if unpacked > MAX_UNPACKED else max(HEAVY, MAX_RATIO * packed)
        raise RelanceError(
            "TOO-LARGE", source, size=unpacked // _MEGA, limit=limit // _MEGA, unit=Said("sizes", "megabytes", {})
        )
    return unpacked


def _look_through(package: zipfile.ZipFile, kind: str, unpacked: int, packed: int, source: Source) -> Package:
    """Unpack every part once; scan the sheets of an xlsx."""
    scans: dict[str, SheetScan] = {}
    longest, recalculated = 0, kind in (XLSX, XLSM) and _asks_for_calculation(package)
    suspect = unpacked > SUSPECT_SIZE and unpacked > SUSPECT_RATIO * packed
    for part in package.infolist():
        pieces = _pieces(package, part, source)
        first = next(pieces, b"")
        if b"<worksheet" in first or part.filename.lower().startswith("xl/worksheets/sheet"):
            scan = scans[part.filename] = SheetScan(recalculated=recalculated)
            scan.feed(first)
            for piece in pieces:
                scan.feed(piece)
            scan.finish()
        elif b"<sst" in first:
            longest = max(longest, longest_text(_chained(first, pieces)))
        else:
            suspect |= b":worksheet" in first
            for _ in pieces:
                pass
    if kind not in (XLSX, XLSM):
        return Package(kind, unpacked)
    suspect |= _check_extents(scans, longest, unpacked, source)
    return Package(kind, unpacked, suspect, _by_name(package, scans))


def _chained(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo, source: Source) -> Iterator[bytes]:
    """Yield a part's bytes; refuse XML with a document type, which could only stand before its first element."""
    with package.open(part) as reader:
        first, before, looked_at = True, b"", True
        while piece := reader.read(_PIECE):
            if first:
                looked_at, first = not _ROOT_AT_ONCE.match(piece), False
            if looked_at:
                refuse_entities(before + piece, source)
                before = piece[-_OVERLAP:]
            yield piece


def _asks_for_calculation(package: zipfile.ZipFile) -> bool:
    names = [name for name in package.namelist() if name.lower() == "xl/workbook.xml"]
    return bool(names) and _RECALCULATED.search(_start(package, names[0])) is not None


def _check_extents(scans: Mapping[str, SheetScan], longest: int, unpacked: int, source: Source) -> bool:
    """Refuse sheets whose rectangles are beyond all measure (one cell in XFD1048576 is enough); say whether to be wary."""
    cells = sum(scan.cells for scan in scans.values())
    if cells > MAX_CELLS:
        raise RelanceError(
            "TOO-LARGE", source, size=cells // _MEGA, limit=MAX_CELLS // _MEGA, unit=Said("sizes", "cells", {})
        )
    if cells > most_cells(unpacked):
        limit = most_cells(unpacked)
        raise RelanceError(
            "TOO-LARGE", source, size=cells // _MEGA, limit=limit // _MEGA, unit=Said("sizes", "cells", {})
        )
    return (
        any(scan.unusual or scan.cells_at_worst > most_cells(scan.size) for scan in scans.values())
        or longest * sum(scan.size for scan in scans.values()) // _PER_CELL > MAX_REPEATED
    )


_PER_CELL = 30  # bytes that a cell with a shared text takes on its sheet


def _by_name(package: zipfile.ZipFile, scans: Mapping[str, SheetScan]) -> dict[str, SheetScan]:
    """Return the scans that found something by the names of their sheets, through the workbook's relations."""
    wanted = {part: scan for part, scan in scans.items() if scan.errors or scan.uncalculated}
    if not wanted:
        return {}
    try:
        workbook = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314  without document type: looked at before
        relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  as above
    except (KeyError, ET.ParseError):
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    found = {}
    for sheet in workbook.iter():
        part = posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_RELATION), ""))).lstrip("/")
        if sheet.tag.endswith("}sheet") and part in wanted:
            found[sheet.get("name", "")] = wanted[part]
    return found
