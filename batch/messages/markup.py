"""The blocks of a message → the HTML of its body: every value escaped, every style on its element.

Many mail programs drop style sheets, hence the styles on the elements. What differs from message to message
stands on lines of its own, so that the preview can keep once what they have in common. The frame around the body is templates/layout.html.j2.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape as escape_all

from batch.messages.blocks import Block
from batch.messages.grids import Grid, Heads, Others, Pairs, Payment, Row, Statement

_SMALL = "font-size:13px;color:#5b6472"
_RULE = "border-top:1px solid #e4e7ec"
_SUM = "border-top:2px solid #2a4b7c"
_TABLE = '<table width="100%" cellpadding="0" cellspacing="0" style="margin:16px 0;border-collapse:collapse;'

_STATEMENT_ROW = f"""<tr valign="top"><td style="padding:9px 0;{_RULE}"><b>
%s
</b>%s</td>
<td style="padding:9px 10px;{_RULE}">%s%s</td><td align="right" style="padding:9px 0;{_RULE};white-space:nowrap">
%s
%s</td></tr>"""
_UNDER = f'<br><span style="{_SMALL}">%s</span>'
_TOTAL = f"""<tr><td colspan="2" style="padding:10px 10px 0 0;{_SUM};font-weight:600">%s</td>\
<td align="right" style="padding:10px 0 0;{_SUM};white-space:nowrap;font-size:16px;font-weight:700">
%s
</td></tr></table>"""
_OTHER_ROW = """<tr><td style="padding:3px 0">
%s
</td><td style="padding:3px 10px">%s</td><td align="right" style="padding:3px 0;white-space:nowrap">
%s
</td></tr>"""
_PAIR = """<tr valign="top"><td style="padding:3px 18px 3px 16px;color:#5b6472">%s</td><td style="padding:3px 16px 3px 0">
%s
</td></tr>"""
_FIGURE = _PAIR.replace('<td style="padding:3px 16px', '<td align="right" style="white-space:nowrap;padding:3px 16px')
_SUM_FIGURE = _FIGURE.replace('<tr valign="top">', '<tr valign="top" style="font-weight:700">').replace(
    ";color:#5b6472", ""
)
_LINKED = """<tr><td colspan="2" style="padding:8px 16px 3px">
<a href="%s" style="color:#2a4b7c;font-weight:600">
%s</a></td></tr>"""
_CODE = """<tr><td colspan="2" style="padding:10px 16px 3px;font-size:13px;color:#5b6472">
<img src="cid:%s" alt="%s" width="140" height="140" style="display:block;border:0">
%s</td></tr>"""
_BOX = "margin:16px 0;padding:9px 0;background:#f5f7fa;border-radius:6px;font-size:14px;line-height:20px"
_BREAK = "<br>\n"
_SPECIAL = re.compile("[&<>]").search


def escape(text: str) -> str:
    """Return the text for use between tags."""
    return escape_all(text, quote=False) if _SPECIAL(text) else text


def body(blocks: Iterable[Block], tables: Mapping[str, Grid | None]) -> str:
    """Return the HTML of the paragraphs and tables, in order."""
    parts = []
    for block in blocks:
        if not isinstance(block, str):
            parts.append(paragraph(block))
        elif grid := tables[block]:
            parts.append(table(grid))
    return "\n".join(parts)


@lru_cache(maxsize=4096)
def paragraph(lines: tuple[str, ...]) -> str:
    """Return one paragraph; a line stays a line."""
    return f'<p style="margin:14px 0">{_BREAK.join(map(escape, lines))}</p>'


def table(grid: Grid) -> str:
    """Return one of the tables."""
    if isinstance(grid, Payment):
        return payment(grid)
    if isinstance(grid, Pairs):
        return pairs(grid)
    return statement(grid) if isinstance(grid, Statement) else others(grid)


def statement(grid: Statement) -> str:
    """Return the statement in three columns that fit a telephone: date, delay and original amount stand under them."""
    rows = "\n".join(_statement_row(row, grid.heads) for row in grid.rows)
    return f"{_head(grid.heads)}\n{rows}\n{_TOTAL % tuple(map(escape, grid.total))}"


def others(grid: Others) -> str:
    """Return the lists of items that are not asked for, small."""
    return "\n".join(_other_list(title, rows) for title, rows in grid.lists)


def pairs(grid: Pairs) -> str:
    """Return labels and values in a box; figures that add up are set to the right, their total in bold."""
    forms = [_FIGURE if grid.summed else _PAIR] * len(grid.rows)
    if grid.summed:
        forms[-1] = _SUM_FIGURE
    rows = "\n".join(
        form % (escape(label), escape(value)) for form, (label, value) in zip(forms, grid.rows, strict=True)
    )
    return _boxed(rows)


def payment(grid: Payment) -> str:
    """Return where to pay in a box, with the page to pay on and the code to scan below."""
    rows = [_PAIR % (escape(label), escape(value)) for label, value in grid.rows]
    if grid.link:
        label, address = grid.link
        rows.append(_LINKED % (escape_all(address), escape(label)))
    if grid.code:
        rows.append(_CODE % (grid.code.cid, escape_all(grid.code_says), escape(grid.scan)))
    return _boxed("\n".join(rows))


def _boxed(rows: str) -> str:
    return f'<table cellpadding="0" cellspacing="0" style="{_BOX}">{rows}</table>'


@lru_cache(maxsize=8)
def _head(heads: Heads) -> str:
    cells = (
        f'<th align="{side}" style="padding:0 {pad} 6px;font-weight:600">{escape(head)}</th>'
        for head, side, pad in ((heads.invoice, "left", "0"), (heads.due, "left", "10px"), (heads.open, "right", "0"))
    )
    return f'{_TABLE}font-size:14px;line-height:20px"><tr style="{_SMALL}">{"".join(cells)}</tr>'


def _statement_row(row: Row, heads: Heads) -> str:
    return _STATEMENT_ROW % (
        escape(row.invoice),
        _UNDER % f"{heads.dated} {row.issued}" if row.issued else "",
        row.due,
        _UNDER % f"{row.late} {heads.overrun}" if row.late else "",
        escape(row.open),
        _UNDER % escape(f"{heads.out_of} {row.amount}") if row.amount else "",
    )


def _other_list(title: str, rows: Iterable[Row]) -> str:
    lines = "\n".join(_OTHER_ROW % (escape(row.invoice), row.due, escape(row.open)) for row in rows)
    head = f'<tr><th colspan="3" align="left" style="padding:0 0 4px;font-weight:600">{escape(title)}</th></tr>'
    return f'{_TABLE}font-size:13px;line-height:18px;color:#5b6472">{head}\n{lines}</table>'
