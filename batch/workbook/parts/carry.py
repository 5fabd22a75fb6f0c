"""The added workbook's sheets → parts of the user's package: new names, moved style indexes, references that follow.

Everything that hangs on a sheet goes with it: drawings, charts, images, comments with their shapes, printer settings, links.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from typing import NamedTuple

from lxml import etree

from batch.workbook.parts.archive import copy_member, in_pieces, write_member
from batch.workbook.parts.blocks import pieces
from batch.workbook.parts.cells import encoded
from batch.workbook.parts.listing import Listed, Renaming, sheets
from batch.workbook.parts.package import PACKAGE_RELATIONS, Package, Relationship, relationships_name, serialised
from batch.workbook.parts.styles import Shift

SHEET = "worksheet"
# What may hang on an added sheet; anything else is our own mistake and stops the tests, not the user.
_FOLLOWED = {"drawing", "chart", "chartUserShapes", "image", "comments", "vmlDrawing", "printerSettings", "hyperlink"}
_WITH_REFERENCES = {"chart"}

# The first way is how openpyxl and we write a cell; it is looked for before the others since nearly all are like it.
_STYLED = re.compile(rb"""(<(?:c r="\w++" s|(?:[\w.-]++:)?(?:c|row|col)\s(?:[^<>]*?\s)?(?:s|style))=")(\d++)(?=")""")
_DIFFERENCE = re.compile(rb"""(<[^<>]*?\sdxfId=")(\d++)(?=")""")
_DAY = re.compile(rb"""(<(?:[\w.-]+:)?c\s(?:[^<>]*?\s)?s="(\d+)"(?:\st="n")?><(?:[\w.-]+:)?v>)(-?[\d.]+)(?=<)""")
_FORMULA = re.compile(rb"""(<(?:[\w.-]+:)?(?:f|formula[12]?)(?:\s[^<>]*)?>)([^<]+)|(\slocation=")([^"]*)""")
_ANY_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>]")
_SELECTED = re.compile(rb"""\stabSelected="[^"]*\"""")
_VIEW = re.compile(rb"<(?:[\w.-]+:)?sheetView(?=[\s/>])")
_DAYS_BETWEEN_EPOCHS = 1462


class Part(NamedTuple):
    """A part of the added workbook and the name it gets; `kind` is the last word of the relationship that leads to it."""

    old: str
    new: str
    kind: str


@dataclass(frozen=True)
class Cargo:
    """The added workbook: its sheets in order, the part of each, and every part that hangs on them."""

    package: Package
    listed: tuple[Listed, ...]
    sheets: tuple[Part, ...]
    parts: tuple[Part, ...]


def packed(addition: Package, host: Package) -> Cargo:
    """Gather what has to be carried, under names that the user's package does not have."""
    book = addition.workbook()
    targets = {relation.id: relation.target for relation in addition.relationships(book)}
    listed = tuple(sheets(addition.tree(book).getroot()))
    mark = _free_mark(host)
    found: dict[str, Part] = {}

    def gather(part: str, kind: str) -> Part:
        if part not in found:
            folder, name = posixpath.split(part)
            found[part] = Part(part, posixpath.join(folder, f"{mark}-{name}"), kind)
            for relation in addition.relationships(part):
                if relation.kind not in _FOLLOWED:
                    raise ValueError(f"an added sheet holds a part that is not carried: {relation.kind}")
                if not relation.external:
                    gather(relation.target, relation.kind)
        return found[part]

    return Cargo(addition, listed, tuple(gather(targets[s.relationship], SHEET) for s in listed), tuple(found.values()))


def _free_mark(host: Package) -> str:
    """Return the beginning of the new parts' names: relance, or relance2 … where an earlier run's are there already."""
    names = [posixpath.basename(name).lower() for name in host.archive.namelist()]
    mark, number = "relance", 1
    while any(name.startswith(f"{mark}-") for name in names):
        number += 1
        mark = f"relance{number}"
    return mark


@dataclass(frozen=True)
class Rules:
    """How carried parts change: style indexes shift, renamed sheets are followed, days count from the user's epoch."""

    shift: Shift
    renamed: Renaming
    date1904: bool
    active: str


def unload(cargo: Cargo, target: zipfile.ZipFile, rules: Rules) -> bool:
    """Write every carried part and its relationships into the target; tell whether any sheet holds formulas."""
    names = {part.old: part.new for part in cargo.parts}
    titles = {part.old: listed.name for part, listed in zip(cargo.sheets, cargo.listed, strict=True)}
    formulas = False
    for part in cargo.parts:
        if part.kind == SHEET:
            formulas |= _write_sheet(cargo.package, part, target, rules, active=titles[part.old] == rules.active)
        elif part.kind in _WITH_REFERENCES and rules.renamed:
            write_member(target, part.new, _follow(cargo.package.read(part.old), rules.renamed))
        else:
            copy_member(cargo.package.archive, cargo.package.member(part.old), target, part.new)
        relations = cargo.package.relationships(part.old)
        if relations:
            write_member(target, relationships_name(part.new), _relations(relations, names, rules.renamed))
    return formulas


def _relations(relations: list[Relationship], names: dict[str, str], renamed: Renaming) -> bytes:
    """Return the relationships of a carried part, absolute, with its targets' new names."""
    root = etree.fromstring(f'<Relationships xmlns="{PACKAGE_RELATIONS}"/>')
    for relation in relations:
        target = f"/{names[relation.target]}" if not relation.external else relation.target
        if relation.external and target.startswith("#"):
            target = "#" + renamed.text(target[1:])
        element = etree.SubElement(
            root,
            f"{{{PACKAGE_RELATIONS}}}Relationship",
            {"Id": relation.id, "Type": relation.type, "Target": target},
        )
        if relation.external:
            element.set("TargetMode", "External")
    return serialised(root.getroottree())


def _write_sheet(package: Package, part: Part, target: zipfile.ZipFile, rules: Rules, *, active: bool) -> bool:
    """Write one added sheet piece by piece; tell whether it holds formulas."""
    changes = _changes(rules)
    formulas = at_rows = False
    with package.stream(part.old) as reader, in_pieces(target, part.new) as write:
        for text, masked in pieces(reader, package, part.old, b"<c "):
            formulas = formulas or _ANY_FORMULA.search(masked) is not None
            piece = text
            if not at_rows:
                piece = _selected(piece, active=active)
                at_rows = b"sheetData" in masked
            for change in changes:
                piece = change(piece)
            write(piece)
    return formulas


def _selected(head: bytes, *, active: bool) -> bytes:
    """Mark the tab of the sheet the workbook opens on as selected, and no other."""
    head = _SELECTED.sub(b"", head)
    return _VIEW.sub(rb'\g<0> tabSelected="1"', head, count=1) if active else head


def _changes(rules: Rules) -> list[Callable[[bytes], bytes]]:
    """Return the changes a piece of an added sheet goes through, in order."""
    changes: list[Callable[[bytes], bytes]] = []
    if rules.date1904:
        changes.append(lambda piece: _DAY.sub(lambda match: _from_1904(match, rules.shift.dates), piece))
    changes.append(lambda piece: _moved(_STYLED, piece, rules.shift.cells))
    changes.append(lambda piece: _moved(_DIFFERENCE, piece, rules.shift.differences) if b"dxfId" in piece else piece)
    if rules.renamed:
        changes.append(lambda piece: _follow(piece, rules.renamed))
    return changes


def _moved(pattern: re.Pattern[bytes], piece: bytes, shift: int) -> bytes:
    """Return the piece with the shift added to each number that the pattern finds (its second group of two)."""
    # Split and joined, since a function called for each of some hundred thousand cells takes twice as long.
    parts = pattern.split(piece)
    numbers = parts[2::3]
    moved = {number: b"%d" % (int(number) + shift) for number in set(numbers)}
    parts[2::3] = map(moved.__getitem__, numbers)
    return b"".join(parts)


def _from_1904(match: re.Match[bytes], dates: frozenset[int]) -> bytes:
    """Return a cell's number, counted from 1904 when its format shows a date."""
    if int(match[2]) not in dates:
        return match[0]
    value = float(match[3]) - _DAYS_BETWEEN_EPOCHS
    return match[1] + f"{value:.10f}".rstrip("0").rstrip(".").encode()


def _follow(data: bytes, renamed: Renaming) -> bytes:
    """Return XML whose formulas and links follow the renamed sheets."""

    def replaced(match: re.Match[bytes]) -> bytes:
        opening, text = (match[1], match[2]) if match[1] else (match[3], match[4])
        followed = escape(renamed.text(unescape(text.decode("utf-8"))), quote=False)
        return opening + encoded(followed.replace('"', "&quot;"))

    return _FORMULA.sub(replaced, data)
