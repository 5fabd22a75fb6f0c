"""A reviewed workbook + what became of each account → a copy of it whose Review sheet says so in one more column.

The reviewed workbook is never touched. Of the copy only the Review sheet and the style sheet are written anew, and where the
sheet has a filter, the name that Excel keeps for it; every other part is the reviewed workbook's, byte for byte.
"""

import zipfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from lxml import etree

from batch.core.problem import RelanceError, Source
from batch.words import for_language
from batch.workbook.layout import REVIEW, REVIEW_MARKS
from batch.workbook.parts import listing, styles
from batch.workbook.parts.archive import copy_member, write_member, written_beside
from batch.workbook.parts.cells import Styles
from batch.workbook.parts.ledger_sheet import Annotation, Columns, placed, write_ledger
from batch.workbook.parts.package import MAIN, Package, serialised
from batch.workbook.reading.reviewed import find_sheet, opened
from batch.workbook.reading.typed import normal, plain
from batch.workbook.sheets.looks import FONT, INK, LINE, NAVY, WHITE

WIDTH = 44.0  # of the column, in characters
Key = tuple[str, str]

_FONT = '<font>{bold}<sz val="9"/><color rgb="FF{ink}"/><name val="' + FONT + '"/></font>'
_LOOKS = f"""<styleSheet xmlns="{MAIN}"><fonts>{_FONT.format(bold="<b/>", ink=WHITE)}{_FONT.format(bold="", ink=INK)}</fonts>\
<fills><fill><patternFill patternType="solid"><fgColor rgb="FF{NAVY}"/></patternFill></fill><fill><patternFill patternType="none"/></fill>\
</fills><borders><border/><border><left/><right/><top/><bottom style="thin"><color rgb="FF{LINE}"/></bottom></border></borders><cellXfs>\
<xf fontId="0" fillId="0" borderId="0" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
<xf fontId="1" fillId="1" borderId="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
<xf fontId="1" fillId="1" borderId="1" quotePrefix="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
</cellXfs></styleSheet>"""


def sent_path(reviewed: Path, language: str) -> Path:
    """Return the name of the copy, beside the reviewed workbook: numbered from 2 on where there is such a file already."""
    stem = reviewed.stem + for_language(language).label("sent_copy", "ending")
    free, number = reviewed.with_name(f"{stem}{reviewed.suffix}"), 1
    while free.exists():
        number += 1
        free = reviewed.with_name(f"{stem}-{number}{reviewed.suffix}")
    return free


def write_sent(reviewed: Path, target: Path, outcomes: Mapping[Key, str], language: str) -> None:
    """Write `target`: the workbook `reviewed` with what became of each account on its row of Review, right of all other columns.

    `outcomes` by debtor_id and currency, in words; an account without one keeps an empty cell. Raises FileExistsError when there
    is a file of that name, REVIEW-MISSING without a Review sheet, and GraftRefused by name for a package that cannot be
    copied part by part; no target is then left.
    """
    if target.exists():
        raise FileExistsError(target)
    part, header, annotation = _column(reviewed, outcomes, language)
    host = Package(reviewed)
    try:
        columns = placed(host, part, header, max([header, *annotation.rows]), annotation)
        with written_beside(target) as archive:
            _write(host, columns, archive)
    finally:
        host.close()


def _column(reviewed: Path, outcomes: Mapping[Key, str], language: str) -> tuple[str, int, Annotation]:
    """Return the part of the Review sheet, the row of its headings, and the new column."""
    with opened(reviewed) as book:
        sheet = find_sheet(book, reviewed.name, REVIEW, REVIEW_MARKS)
        if sheet is None:
            raise RelanceError("REVIEW-MISSING", Source(reviewed.name))
        headings = next(islice(book.rows(sheet.name), sheet.header - 1, None))
        part = book.parts[sheet.name]
    taken = {normal(plain(heading)) for heading in headings}
    heading = for_language(language).label("headings", "sent")
    free, number = heading, 1
    while normal(free) in taken:
        number += 1
        free = f"{heading} ({number})"
    keys = {row.number: (row.text("debtor_id"), row.text("currency").upper()) for row in sheet.rows}
    rows = {number: (outcomes[key],) for number, key in keys.items() if key in outcomes}
    return part, sheet.header, Annotation((free,), (WIDTH,), ("text",), rows)


def _write(host: Package, columns: Columns, archive: zipfile.ZipFile) -> None:
    """Write every member in its order: the Review sheet with its column, what refers to its width, all others as they are."""
    workbook = host.tree(host.workbook())
    changed = dict(columns.widening.parts)
    own = _styled(host, changed)
    _widen_filter_name(host, columns, workbook, changed)
    by_member = {host.member(part).filename: data for part, data in changed.items()}
    date1904 = listing.counts_from_1904(workbook.getroot())
    for member in host.archive.infolist():
        if member.filename == host.member(columns.part).filename:
            write_ledger(host, columns, own, archive, date1904=date1904)
        elif member.filename in by_member:
            write_member(archive, member.filename, by_member[member.filename])
        else:
            copy_member(host.archive, member, archive)


def _styled(host: Package, changed: dict[str, bytes]) -> Styles:
    """Append the column's looks to the style sheet; without one, or where it is full, the column has the plain look."""
    found = (relation.target for relation in host.relationships(host.workbook()) if relation.kind == "styles")
    part = next(found, "")
    if not part:
        return Styles(0, 0, 0, 0, 0, 0)
    tree = host.tree(part)
    first = styles.append(styles.completed(tree.getroot()), etree.fromstring(_LOOKS)).cells
    if styles.formats_count(tree.getroot()) > styles.MOST_FORMATS:
        return Styles(0, 0, 0, 0, 0, 0)
    changed[part] = serialised(tree)
    return Styles(heading=first, text=first + 1, quoted=first + 2, number=first + 1, date=first + 1, moment=first + 1)


def _widen_filter_name(
    host: Package, columns: Columns, workbook: etree._ElementTree, changed: dict[str, bytes]
) -> None:
    """Let the name that Excel keeps for the sheet's filter reach over the column, as the filter does: rows are sorted whole."""
    if columns.extent.filter is None:
        return
    part, root = host.workbook(), workbook.getroot()
    targets = {relation.id: relation.target for relation in host.relationships(part)}
    position = [targets.get(sheet.relationship) for sheet in listing.sheets(root)].index(columns.part)
    before = etree.tostring(root)
    listing.widen_filter_name(root, position, columns.extent.filter, columns.last)
    if etree.tostring(root) != before:
        changed[part] = serialised(workbook)
