"""An OOXML file → its parts by name, their relationships and content types, as ECMA-376 part 2 (packaging) describes them."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from batch.core.problem import Source
from batch.workbook.parts.archive import LARGEST_PART, LARGEST_SHEET, GraftRefused, opened

CONTENT_TYPES = "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STRICT = "http://purl.oclc.org/ooxml/"
_SIGNED = "digital-signature/"
_READABLE = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "iso-8859-15", "windows-1252"}
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def tag(name: str) -> str:
    """Return the name of an element of a sheet, a table, the styles or the workbook, with its namespace."""
    return f"{{{MAIN}}}{name}"


class Relationship(NamedTuple):
    """One relationship of a part: `kind` is the last word of its type, `target` the part's name or, when external, the address."""

    id: str
    kind: str
    target: str
    external: bool
    type: str


class Package:
    """An OOXML file opened for reading; refuses by name (`GraftRefused`) what cannot be carried over part by part."""

    def __init__(self, path: Path) -> None:
        """Open the file and its list of members; nothing is unpacked yet."""
        self.source = Source(file=path.name)
        self.archive = opened(path)
        self._names = {unquote(name).lower(): name for name in self.archive.namelist()}

    def close(self) -> None:
        """Close the file."""
        self.archive.close()

    def refused(self, code: str, **facts: object) -> GraftRefused:
        """Return the refusal of this file, to be raised."""
        return GraftRefused(code, self.source, **facts)

    def has(self, part: str) -> bool:
        """Tell whether the package holds a part of this name; part names ignore case."""
        return part.lower() in self._names

    def member(self, part: str) -> zipfile.ZipInfo:
        """Return the zip member that holds the part."""
        name = self._names.get(part.lower())
        if name is None:
            raise self.refused("GRAFT-DAMAGED", part=part)
        return self.archive.getinfo(name)

    @contextmanager
    def stream(self, part: str) -> Iterator[IO[bytes]]:
        """Open a part, however large a sheet may be, for reading piece by piece."""
        member = self.member(part)
        if member.file_size > LARGEST_SHEET:
            raise self.refused("GRAFT-TOO-LARGE", part=part, size=member.file_size)
        with self.archive.open(member) as reader:
            yield reader

    def read(self, part: str) -> bytes:
        """Return a small part as a whole."""
        member = self.member(part)
        if member.file_size > LARGEST_PART:
            raise self.refused("GRAFT-TOO-LARGE", part=part, size=member.file_size)
        return self.archive.read(member)

    def tree(self, part: str) -> etree._ElementTree:
        """Return a small part parsed; entities are never resolved and a DTD is refused."""
        data = self.read(part)
        check_text(self, part, data)
        if b"<!DOCTYPE" in data:
            raise self.refused("GRAFT-DTD", part=part)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self.refused("GRAFT-DAMAGED", part=part) from error
        if (etree.QName(root).namespace or "").startswith(_STRICT):
            raise self.refused("GRAFT-STRICT", part=part)
        return root.getroottree()

    def relationships(self, part: str) -> list[Relationship]:
        """Return the part's relationships in their order; those of the package itself for the part ""."""
        name = relationships_name(part)
        if not self.has(name):
            return []
        found = []
        for element in self.tree(name).getroot().iterfind(f"{{{PACKAGE_RELATIONS}}}Relationship"):
            kind = element.get("Type", "")
            self._check_kind(kind, name)
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            target = target if external else resolved(part, target)
            found.append(Relationship(element.get("Id", ""), posixpath.basename(kind), target, external, kind))
        return found

    def _check_kind(self, kind: str, part: str) -> None:
        """Refuse relationships that say the package is strict or signed as a whole."""
        if kind.startswith(_STRICT):
            raise self.refused("GRAFT-STRICT", part=part)
        if _SIGNED in kind:
            raise self.refused("GRAFT-SIGNED", part=part)

    def workbook(self) -> str:
        """Return the name of the workbook part."""
        for relationship in self.relationships(""):
            if relationship.kind == "officeDocument":
                return relationship.target
        raise self.refused("GRAFT-DAMAGED", part=relationships_name(""))

    def content_types(self) -> "ContentTypes":
        """Return the package's content types."""
        return ContentTypes(self.tree(CONTENT_TYPES))


class ContentTypes:
    """The part `[Content_Types].xml`: what each part is."""

    def __init__(self, tree: etree._ElementTree) -> None:
        """Read the defaults by extension and the overrides by part."""
        self.tree = tree
        root = tree.getroot()
        self._defaults = {
            e.get("Extension", "").lower(): e.get("ContentType", "") for e in root.iterfind(f"{{{TYPES}}}Default")
        }
        self._overrides = {
            e.get("PartName", "").lower(): e.get("ContentType", "") for e in root.iterfind(f"{{{TYPES}}}Override")
        }

    def of(self, part: str) -> str:
        """Return the content type of a part, "" when it has none."""
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        return self._overrides.get(f"/{part}".lower(), self._defaults.get(extension, ""))

    def untemplate(self, part: str) -> None:
        """Make the workbook part of a template that of a workbook: programs insist that a file's type and its name agree."""
        for element in self.tree.getroot().iterfind(f"{{{TYPES}}}Override"):
            if element.get("PartName", "").lower() == f"/{part}".lower():
                element.set("ContentType", element.get("ContentType", "").replace("template.", "sheet."))

    def add(self, part: str, kind: str) -> None:
        """Say what a new part is."""
        etree.SubElement(self.tree.getroot(), f"{{{TYPES}}}Override", PartName=f"/{part}", ContentType=kind)


def check_text(package: Package, part: str, data: bytes) -> None:
    """Refuse a part whose beginning tells an encoding in which our ASCII would not read as what it is."""
    declared = _DECLARED.search(data[:400])
    encoding = declared.group(1).decode("ascii", "replace").lower() if declared else "utf-8"
    if data.startswith(_UTF16):
        encoding = "utf-16"
    if encoding not in _READABLE:
        raise package.refused("GRAFT-ENCODING", part=part, encoding=encoding.upper())


def relationships_name(part: str) -> str:
    """Return the name of the part that holds another part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolved(part: str, target: str) -> str:
    """Return the name of the part a relationship of `part` points to: absolute, relative, or with a writer's backslashes."""
    target = unquote(target.replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def serialised(tree: etree._ElementTree) -> bytes:
    """Return a changed part as bytes, with its declaration and whatever stands around its root."""
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
