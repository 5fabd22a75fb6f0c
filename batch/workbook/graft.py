"""The user's workbook, our columns and our sheets → one workbook in which every other part is the user's, byte for byte.

The package is never loaded and saved: unchanged members are copied packed as they are, the ledger sheet streams through once
for its extent and once to be written, and only small parts are parsed.
"""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lxml import etree

from batch.workbook.parts import carry, listing, styles
from batch.workbook.parts.archive import GraftRefused, copy_member, in_pieces, write_member, written_beside
from batch.workbook.parts.cells import Styles
from batch.workbook.parts.ledger_sheet import Annotation, Columns, placed, write_ledger
from batch.workbook.parts.package import (
    CONTENT_TYPES,
    PACKAGE_RELATIONS,
    RELATIONS,
    Package,
    relationships_name,
    serialised,
)
from batch.workbook.parts.widen import unselected

__all__ = ["Annotation", "GraftRefused", "graft"]

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# A sheet's views stand at its very beginning, before its columns and rows.
_PEEK = 1 << 16
_PIECE = 1 << 18
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, etree.XMLSyntaxError, UnicodeDecodeError)

# How one member of the result is written.
Way = Callable[[zipfile.ZipFile], None]


@dataclass(frozen=True)
class _Book:
    """The user's workbook as found: its workbook part, its sheets' parts by position, and which of them is the ledger."""

    package: Package
    part: str
    tree: etree._ElementTree
    sheets: tuple[str, ...]
    ledger: int

    @property
    def root(self) -> etree._Element:
        return self.tree.getroot()


def graft(
    source: Path,
    target: Path,
    *,
    sheet: str,
    header_row: int,
    last_row: int,
    annotation: Annotation,
    addition: Path,
    active: str,
) -> tuple[str, ...]:
    """Write `target`: the workbook `source` with our columns on its ledger sheet and the sheets of `addition` at its end.

    `header_row` and `last_row` are the ledger's on `sheet`; `addition` is a workbook made by openpyxl, whose sheet `active` the
    result opens on. A reference in it to a sheet of its own follows when that sheet has to take another name; any other name in
    it means the user's sheet. Returns the names its sheets were given. Raises `GraftRefused` by name for what cannot be carried
    over part by part; the target is then left as it was.
    """
    host = Package(source)
    try:
        added = Package(addition)
        try:
            book = _found(host, sheet)
            columns = placed(host, book.sheets[book.ledger], header_row, last_row, annotation)
            with written_beside(target) as archive:
                return _written(book, columns, added, active, archive)
        finally:
            added.close()
    except _DAMAGE as error:
        raise host.refused("GRAFT-DAMAGED", part=str(error)) from error
    finally:
        host.close()


def _found(host: Package, sheet: str) -> _Book:
    """Find the ledger sheet's part through the workbook's relationships; its file name means nothing."""
    part = host.workbook()
    tree = host.tree(part)
    targets = {relation.id: relation.target for relation in host.relationships(part)}
    listed = listing.sheets(tree.getroot())
    names = [entry.name for entry in listed]
    if sheet not in names or any(entry.relationship not in targets for entry in listed):
        raise host.refused("GRAFT-SHEET", part=part, sheet=sheet)
    return _Book(host, part, tree, tuple(targets[entry.relationship] for entry in listed), names.index(sheet))


def _written(book: _Book, columns: Columns, added: Package, active: str, archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Write the whole result; the workbook part comes last, when it is known whether formulas have to be computed."""
    cargo = carry.packed(added, book.package)
    wanted = [entry.name for entry in cargo.listed]
    names = listing.unique_names(wanted, [entry.name for entry in listing.sheets(book.root)])
    renamed = listing.Renaming(dict(zip(wanted, names, strict=True)))
    changed = dict(columns.widening.parts)
    own, shift = _restyled(book, added, changed)
    new_ids = _registered(book, cargo, changed)
    date1904 = listing.counts_from_1904(book.root)
    streamed = _streamed(book, columns, own, date1904=date1904)
    _copy_host(book, changed, streamed, archive)
    formulas = carry.unload(cargo, archive, carry.Rules(shift, renamed, date1904, active))
    entries = [
        listing.Listed(name, new_id, entry.state)
        for name, new_id, entry in zip(names, new_ids, cargo.listed, strict=True)
    ]
    _list_all(book, columns, entries, wanted.index(active))
    added_root = added.tree(added.workbook()).getroot()
    listing.define_names(book.root, added_root, len(book.sheets), len(entries), renamed)
    if formulas:
        listing.compute_on_opening(book.root)
    write_member(archive, book.package.member(book.part).filename, serialised(book.tree))
    return names


def _restyled(book: _Book, added: Package, changed: dict[str, bytes]) -> tuple[Styles, styles.Shift]:
    """Append our formats and the added workbook's to the user's style sheet, which is made when missing."""
    host = book.package
    part = _related(host, book.part, "styles")
    root = host.tree(part).getroot() if part else etree.fromstring(styles.EMPTY)
    own = styles.own_styles(styles.completed(root))
    shift = styles.append(root, added.tree(_related(added, added.workbook(), "styles")).getroot())
    if styles.formats_count(root) > styles.MOST_FORMATS:
        raise host.refused("GRAFT-STYLES", part=part, most=styles.MOST_FORMATS)
    changed[part or _styles_name(book)] = serialised(root.getroottree())
    return own, shift


def _related(package: Package, part: str, kind: str) -> str:
    """Return the part that a part's first relationship of a kind leads to, "" without one."""
    found = (relation.target for relation in package.relationships(part) if relation.kind == kind)
    return next(found, "")


def _styles_name(book: _Book) -> str:
    """Return the name for a missing style sheet."""
    return "xl/styles.xml" if not book.package.has("xl/styles.xml") else "xl/relance-styles.xml"


def _registered(book: _Book, cargo: carry.Cargo, changed: dict[str, bytes]) -> list[str]:
    """Add the new parts to the workbook's relationships and to the content types; return the relationship of each new sheet."""
    host = book.package
    relations, types = host.tree(relationships_name(book.part)), host.content_types()
    root = relations.getroot()
    used = {element.get("Id", "") for element in root}
    ids = []

    def relate(kind: str, part: str) -> str:
        number = next(n for n in range(1, len(used) + 2) if f"rIdRelance{n}" not in used)
        used.add(f"rIdRelance{number}")
        attributes = {"Id": f"rIdRelance{number}", "Type": f"{RELATIONS}/{kind}", "Target": f"/{part}"}
        etree.SubElement(root, f"{{{PACKAGE_RELATIONS}}}Relationship", attributes)
        return f"rIdRelance{number}"

    if not _related(host, book.part, "styles"):
        relate("styles", _styles_name(book))
        types.add(_styles_name(book), _STYLES_TYPE)
    types.untemplate(book.part)
    ids = [relate(carry.SHEET, part.new) for part in cargo.sheets]
    kinds = cargo.package.content_types()
    for part in cargo.parts:
        types.add(part.new, kinds.of(part.old))
    changed[relationships_name(book.part)] = serialised(relations)
    changed[CONTENT_TYPES] = serialised(types.tree)
    return ids


def _streamed(book: _Book, columns: Columns, own: Styles, *, date1904: bool) -> dict[str, Way]:
    """Return, by part, how the sheets that change are written: the ledger, and any sheet whose tab was selected."""
    host = book.package
    ways: dict[str, Way] = {}
    for part in set(book.sheets) - {columns.part}:
        with host.stream(part) as stream:
            head = stream.read(_PEEK)
        if unselected(head) != head:
            ways[host.member(part).filename] = partial(_write_unselected, host, part)
    ways[host.member(columns.part).filename] = partial(write_ledger, host, columns, own, date1904=date1904)
    return ways


def _write_unselected(host: Package, part: str, archive: zipfile.ZipFile) -> None:
    """Write a sheet of the user's with its tab no longer selected, all else as it was."""
    with host.stream(part) as reader, in_pieces(archive, host.member(part).filename) as write:
        write(unselected(reader.read(_PEEK)))
        while piece := reader.read(_PIECE):
            write(piece)


def _copy_host(
    book: _Book,
    changed: dict[str, bytes],
    streamed: dict[str, Way],
    archive: zipfile.ZipFile,
) -> None:
    """Write the user's members in their order: changed ones in place, all others as the packed bytes they are."""
    host = book.package
    by_member = {host.member(part).filename: data for part, data in changed.items() if host.has(part)}
    for member in host.archive.infolist():
        if member.filename in by_member:
            write_member(archive, member.filename, by_member[member.filename])
        elif member.filename in streamed:
            streamed[member.filename](archive)
        elif member.filename != host.member(book.part).filename:
            copy_member(host.archive, member, archive)
    for part, data in changed.items():
        if not host.has(part):
            write_member(archive, part, data)


def _list_all(book: _Book, columns: Columns, entries: list[listing.Listed], active: int) -> None:
    """List the new sheets, open on the wanted one, and widen the name of the ledger's filter."""
    listing.list_sheets(book.root, entries)
    listing.open_on(book.root, len(book.sheets) + active)
    if columns.extent.filter is not None:
        listing.widen_filter_name(book.root, book.ledger, columns.extent.filter, columns.last)
