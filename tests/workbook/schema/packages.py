"""An xlsx → what is wrong with it as a package (ECMA-376 part 2): members, content types, relationships, and ids that lead nowhere."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from posixpath import dirname, join, normpath, split

from lxml import etree

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TYPES_PART = "[Content_Types].xml"


class Opened:
    """A package opened for inspection: its parts' bytes by name, and the trees of those that are XML."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read every member."""
        self.members = [member.filename for member in archive.infolist() if not member.is_dir()]
        self.parts = {name: archive.read(name) for name in self.members}
        self._by_name = {name.lower(): name for name in self.members}
        self._trees: dict[str, etree._Element] = {}

    def find(self, part: str) -> str:
        """Return the name of a part as the package spells it, "" without it; part names ignore case."""
        return self._by_name.get(part.lower(), "")

    def xml(self, part: str) -> etree._Element:
        """Return a part's root."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part], etree.XMLParser(huge_tree=True))
        return self._trees[part]

    def written_in_xml(self) -> list[str]:
        """Return the parts that are XML by their name."""
        return [name for name in self.members if _extension(name) in {"xml", "rels"}]

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return a part's relationships by id: the last word of the type, and the target ("" outside the package)."""
        folder, name = split(part)
        relations = self.find(join(folder, "_rels", f"{name}.rels"))
        if not relations:
            return {}
        found = {}
        for element in self.xml(relations).iter(f"{_PACKAGE}Relationship"):
            kind = element.get("Type", "").rpartition("/")[2]
            outside = element.get("TargetMode") == "External"
            found[element.get("Id", "")] = (kind, "" if outside else resolved(part, element.get("Target", "")))
        return found

    def first(self, part: str, kind: str) -> str:
        """Return the part that a relationship of a kind leads to, "" without one."""
        return next((self.find(target) for found, target in self.related(part).values() if found == kind), "")


def _extension(name: str) -> str:
    return name.lower().rpartition(".")[2]


def resolved(part: str, target: str) -> str:
    """Return the part that a relationship of `part` means."""
    return normpath(join("/", dirname(part), target.replace("\\", "/"))).lstrip("/")


def package_faults(opened: Opened) -> Iterator[str]:
    """Yield what is wrong with members, content types and relationships."""
    for name, times in Counter(name.lower() for name in opened.members).items():
        if times > 1:
            yield f"{name} stands {times} times in the zip"
    yield from _type_faults(opened)
    for name in opened.written_in_xml():
        if name.endswith(".rels"):
            yield from _relation_faults(opened, name)
        elif name != _TYPES_PART:
            yield from _reference_faults(opened, name)


def _type_faults(opened: Opened) -> Iterator[str]:
    root = opened.xml(_TYPES_PART)
    defaults = [element.get("Extension", "").lower() for element in root.iter(f"{_TYPES}Default")]
    overrides = [element.get("PartName", "").lower() for element in root.iter(f"{_TYPES}Override")]
    for name, times in Counter([*defaults, *overrides]).items():
        if times > 1:
            yield f"content types: {name} {times} times"
    yield from (f"content types: no part {name}" for name in overrides if not opened.find(name.lstrip("/")))
    for name in opened.members:
        known = f"/{name.lower()}" in overrides or _extension(name) in defaults
        if name != _TYPES_PART and not known:
            yield f"content types: nothing about {name}"


def _relation_faults(opened: Opened, relations: str) -> Iterator[str]:
    folder, name = split(relations)
    source = join(dirname(folder), name.removesuffix(".rels"))
    if source and not opened.find(source):
        yield f"{relations}: belongs to no part"
    ids = Counter(element.get("Id", "") for element in opened.xml(relations).iter(f"{_PACKAGE}Relationship"))
    yield from (f"{relations}: id {each} {times} times" for each, times in ids.items() if times > 1)
    for number, (kind, target) in opened.related(source).items():
        if target and not opened.find(target):
            yield f"{relations}: {number} ({kind}) leads to {target}, which is missing"


def _reference_faults(opened: Opened, part: str) -> Iterator[str]:
    root = opened.xml(part)
    ids = opened.related(part)
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).startswith(f"{{{RELATIONS}}}") and value not in ids:
                yield f"{part}: {etree.QName(element).localname} refers to {value!s}, which is no relationship"
        ignorable = element.get(f"{_COMPATIBLE}Ignorable", "").split()
        yield from (
            f"{part}: ignorable prefix {each} is not declared" for each in ignorable if each not in element.nsmap
        )
