"""The subject column of a sheet → links into preview.html, the page that stands beside the workbook.

openpyxl writes a relationship for each link, 12,500 for a large ledger; here all links of a sheet share one, and differ in the
place on the page. The heading holds that one until the sheet is written (`with_links`).
"""

import re
from collections.abc import Sequence

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.layout import FIRST_ROW, HEADER_ROW, Column, letter

PAGE = "preview.html"
COLUMN = "subject"
# Excel takes 65,530 links on one sheet and calls a file with more damaged.
MOST_LINKS = 65_000

_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HELD = re.compile(rb'<hyperlinks><hyperlink [^>]*?(r:id="[^"]+")[^>]*/></hyperlinks>')


def hold_link(sheet: Worksheet, columns: tuple[Column, ...], anchors: Sequence[str]) -> None:
    """Let the heading of the subjects hold the relationship to the page, when a row will need it."""
    if any(anchors):
        sheet[f"{letter(columns, COLUMN)}{HEADER_ROW}"].hyperlink = Hyperlink(ref="", target=PAGE)


def links(columns: tuple[Column, ...], anchors: Sequence[str]) -> str:
    """Return the links of the rows under the heading as XML, but for the relationship; "" in `anchors` is a row without."""
    where = letter(columns, COLUMN)
    rows = list(enumerate(anchors, start=FIRST_ROW))[:MOST_LINKS]
    return "".join([f'<hyperlink ref="{where}{row}" %s location="{anchor}"/>' for row, anchor in rows if anchor])


def with_links(content: bytes, written: str) -> bytes:
    """Return a sheet with the links in the place of the one that its heading held."""
    found = _HELD.search(content)
    if found is None:
        raise ValueError("the sheet's heading holds no link")
    listed = written.encode().replace(b"%s", found[1])
    opening = b'<hyperlinks xmlns:r="' + _RELATIONS + b'">'
    return content[: found.start()] + opening + listed + b"</hyperlinks>" + content[found.end() :]
