"""The workbook part → the same with our sheets listed last, our names defined, the review in front and the filter's name widened."""

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import NamedTuple

from lxml import etree

from batch.workbook.parts.cells import Box, letters
from batch.workbook.parts.package import RELATIONS, tag

# The order of CT_Workbook (ECMA-376 part 1, 18.2.27): Excel refuses any other.
ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes",
    "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
LONGEST_NAME = 31
_FILTER = "_xlnm._FilterDatabase"
_LAST_CELL = re.compile(r"\$[A-Za-z]{1,3}(\$\d{1,7})$")


class Listed(NamedTuple):
    """A sheet as the workbook lists it: `relationship` leads to its part, `state` is "visible", "hidden" or "veryHidden"."""

    name: str
    relationship: str
    state: str


def sheets(root: etree._Element) -> list[Listed]:
    """Return the workbook's sheets in their order."""
    return [
        Listed(element.get("name", ""), element.get(f"{{{RELATIONS}}}id", ""), element.get("state", "visible"))
        for element in root.iterfind(f"{tag('sheets')}/{tag('sheet')}")
    ]


def counts_from_1904(root: etree._Element) -> bool:
    """Tell whether the workbook's days are counted from 1904."""
    properties = root.find(tag("workbookPr"))
    return properties is not None and properties.get("date1904") in {"1", "true", "on"}


def unique_names(wanted: Sequence[str], taken: Iterable[str]) -> tuple[str, ...]:
    """Return the names changed where a sheet has them already, whatever the case: Review → Review (2); 31 characters at most."""
    used = {name.casefold() for name in taken}
    given = []
    for name in wanted:
        free, number = name[:LONGEST_NAME], 1
        while free.casefold() in used:
            number += 1
            ending = f" ({number})"
            free = name[: LONGEST_NAME - len(ending)] + ending
        used.add(free.casefold())
        given.append(free)
    return tuple(given)


def _child(root: etree._Element, name: str) -> etree._Element:
    """Return an element of the workbook, made in its place in the schema's order when it is missing."""
    found = root.find(tag(name))
    if found is not None:
        return found
    earlier = {tag(other) for other in ORDER[: ORDER.index(name)]}
    place = max((index + 1 for index, child in enumerate(root) if child.tag in earlier), default=0)
    made = root.makeelement(tag(name), {})
    root.insert(place, made)
    return made


def list_sheets(root: etree._Element, added: Iterable[Listed]) -> None:
    """List the sheets after the user's own: names bound to a sheet refer to its position."""
    container = _child(root, "sheets")
    numbers = [int(e.get("sheetId", "0")) for e in container.iterfind(tag("sheet")) if e.get("sheetId", "").isdigit()]
    number = max(numbers, default=0)
    for sheet in added:
        number += 1
        element = etree.SubElement(container, tag("sheet"), {"name": sheet.name, "sheetId": str(number)})
        if sheet.state != "visible":
            element.set("state", sheet.state)
        element.set(f"{{{RELATIONS}}}id", sheet.relationship)


def open_on(root: etree._Element, position: int) -> None:
    """Let every window of the workbook open on the sheet at this position (0-based)."""
    views = _child(root, "bookViews")
    if views.find(tag("workbookView")) is None:
        etree.SubElement(views, tag("workbookView"))
    for view in views.iterfind(tag("workbookView")):
        view.set("activeTab", str(position))


def define_names(root: etree._Element, added: etree._Element, before: int, count: int, renamed: "Renaming") -> None:
    """Carry over the defined names of the workbook `added`, whose `count` sheets now stand behind `before` others.

    A name that holds for the whole added workbook is defined for each of its sheets, so it can never meet one of the user's.
    """
    names = [element for element in added.iterfind(f"{tag('definedNames')}/{tag('definedName')}") if element.text]
    for element in names:
        own = element.get("localSheetId")
        for position in [int(own)] if own is not None else range(count):
            clone = deepcopy(element)
            clone.set("localSheetId", str(before + position))
            clone.text = renamed.text(element.text or "")
            clone.tail = None
            _child(root, "definedNames").append(clone)


def widen_filter_name(root: etree._Element, position: int, own_filter: Box, right: int) -> None:
    """Let the hidden name that Excel keeps for a sheet's filter reach over our columns as the filter does."""
    for element in root.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
        if element.get("name") == _FILTER and element.get("localSheetId") == str(position):
            sheet, mark, area = (element.text or "").rpartition("!")
            if Box.parse(area) == own_filter and own_filter.right < right:
                element.text = sheet + mark + _LAST_CELL.sub(rf"${letters(right)}\1", area)


def compute_on_opening(root: etree._Element) -> None:
    """Ask for the formulas to be computed at opening: those of added sheets have no values yet."""
    _child(root, "calcPr").set("fullCalcOnLoad", "1")


class Renaming:
    """Sheets that had to take another name → formulas and links that follow them."""

    def __init__(self, names: dict[str, str]) -> None:
        """Take old name → new name; those that keep theirs do not matter."""
        self._names = {old.casefold(): new for old, new in names.items() if old != new}
        spelled = [form for old in names for form in {old.replace("'", "''"), old} if names[old] != old]
        quoted = "|".join(re.escape(form) for form in sorted(spelled, key=len, reverse=True))
        self._pattern = re.compile(rf"'({quoted})'!|(?<![\w.'\]])({quoted})!", re.IGNORECASE) if spelled else None

    def __bool__(self) -> bool:
        """Tell whether any sheet changed its name."""
        return self._pattern is not None

    def text(self, formula: str) -> str:
        """Return a formula or link with the new names, always quoted."""
        if self._pattern is None:
            return formula
        return self._pattern.sub(self._follow, formula)

    def _follow(self, match: re.Match[str]) -> str:
        name = (match[1] or match[2]).replace("''", "'")
        return "'" + self._names[name.casefold()].replace("'", "''") + "'!"
