"""What says how wide a ledger sheet is → the same, reaching over our columns: dimension, column widths, filter, sort, selection.

Works on the sheet's bytes: all that is not named here stays as it was written.
"""

import re

from batch.workbook.parts.blocks import Block
from batch.workbook.parts.cells import Box
from batch.workbook.parts.rows import views_begin

_QUOTED = rb"""(\s%b\s*=\s*)(["'])([^"']*)\2"""
_SELECTED = re.compile(rb"""(<(?:[\w.-]+:)?sheetView(?=\s)[^>]*?\stabSelected\s*=\s*["'])(?:1|true)(["'])""")


def _with(attributes: bytes, name: bytes, value: bytes) -> bytes:
    """Return a tag's attributes with one of them changed."""
    return re.sub(_QUOTED % name, lambda match: match[1] + match[2] + value + match[2], attributes, count=1)


def _value(attributes: bytes, name: bytes) -> str:
    """Return one attribute of a tag, "" when it is missing."""
    match = re.search(_QUOTED % name, attributes)
    return match[3].decode("ascii", "replace") if match else ""


def unselected(head: bytes) -> bytes:
    """Return a sheet's head without the mark of a selected tab: two selected sheets are a group, and typing goes into both."""
    return _SELECTED.sub(rb"\g<1>0\2", head)


def widened_head(head: Block, first: int, widths: tuple[float, ...], top: int, bottom: int) -> bytes:
    """Return a sheet's head with its dimension reaching over our columns and rows (`top` to `bottom`), and with our columns' widths."""
    with_columns = _with_columns(head, first, widths)
    pattern = re.compile(rb"<" + head.prefix.encode() + rb"dimension(\s[^>]*)>")
    match = pattern.search(with_columns)
    box = Box.parse(_value(match[1], b"ref")) if match else None
    if match is None or box is None:
        return unselected(with_columns)
    box = box.widened(first + len(widths) - 1)._replace(top=min(box.top, top), bottom=max(box.bottom, bottom))
    changed = _with(match[0], b"ref", str(box).encode())
    return unselected(with_columns[: match.start()] + changed + with_columns[match.end() :])


def _with_columns(head: Block, first: int, widths: tuple[float, ...]) -> bytes:
    """Return a sheet's head with our columns' widths in order; a user's range that covers them keeps the columns beside ours."""
    p = head.prefix.encode()
    ours = [
        (
            first + i,
            b'<%bcol min="%d" max="%d" width="%b" customWidth="1"/>' % (p, first + i, first + i, f"{width:g}".encode()),
        )
        for i, width in enumerate(widths)
    ]
    last = first + len(widths) - 1
    opening = re.search(rb"<" + p + rb"cols(?=[\s/>])[^>]*>", head.masked)
    closing = re.search(rb"</" + p + rb"cols\s*>", head.masked)
    if opening is None or closing is None:
        made = b"<%bcols>%b</%bcols>" % (p, b"".join(column for _, column in ours), p)
        place = head.masked.rfind(b"<") if opening is None else opening.start()
        return head.text[:place] + made + head.text[place if opening is None else opening.end() :]
    kept = [
        part
        for tag in re.findall(rb"<" + p + rb"col(?=\s)[^>]*>", head.masked[opening.end() : closing.start()])
        for part in _beside(tag.removesuffix(b">").removesuffix(b"/") + b"/>", first, last)
    ]
    inside = b"".join(column for _, column in sorted([*kept, *ours], key=lambda pair: pair[0]))
    return head.text[: opening.end()] + inside + head.text[closing.start() :]


def _beside(tag: bytes, first: int, last: int) -> list[tuple[int, bytes]]:
    """Return what is left of a range of columns when ours are taken out: itself, its left part, its right part, or nothing."""
    low, high = _value(tag, b"min"), _value(tag, b"max")
    if not (low.isdigit() and high.isdigit()):
        return []
    left, right = int(low), int(high)
    if right < first or left > last:
        return [(left, tag)]
    parts = [(left, min(right, first - 1)), (max(left, last + 1), right)]
    return [(low, _with(_with(tag, b"min", b"%d" % low), b"max", b"%d" % high)) for low, high in parts if low <= high]


class TailWidener:
    """Widens the sheet's own filter, and the sort it keeps, over our columns, in the blocks that follow the rows."""

    def __init__(self, own_filter: Box | None, right: int) -> None:
        """Take the filter as measured; None leaves the tail as it is."""
        self._box = own_filter
        self._right = right

    def widened(self, block: Block) -> bytes:
        """Return the block's bytes with the filter and its sort widened."""
        if self._box is None:
            return block.text
        end = views_begin(block)
        tags = re.compile(rb"<" + block.prefix.encode() + rb"(autoFilter|sortState)(\s[^>]*)>")
        out: list[bytes] = []
        done = 0
        for match in tags.finditer(block.masked, 0, end):
            box = Box.parse(_value(match[2], b"ref"))
            if box is None or not self._concerns(match[1], box, match[2]):
                continue
            changed = _with(block.text[match.start() : match.end()], b"ref", str(box.widened(self._right)).encode())
            out += (block.text[done : match.start()], changed)
            done = match.end()
        if end < len(block.text):
            self._box = None
        return b"".join([*out, block.text[done:]])

    def _concerns(self, kind: bytes, box: Box, attributes: bytes) -> bool:
        """Tell whether a range is the filter's, or that of a sort of the filter's rows from its left to its right edge."""
        if self._box is None or kind == b"autoFilter":
            return box == self._box
        across = _value(attributes, b"columnSort") in {"1", "true"}
        return not across and box.right == self._box.right and box.top in {self._box.top, self._box.top + 1}
