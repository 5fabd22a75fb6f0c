"""The tables inside a message → plain text, set in columns that line up in a fixed-width font."""

from collections.abc import Sequence

from batch.messages.grids import Grid, Others, Pairs, Payment, Row, Statement, filled_columns

GAP = "   "
TO_THE_RIGHT = frozenset(Row._fields.index(name) for name in ("late", "amount", "open"))


def text_of(grid: Grid) -> str:
    """Return a table as lines of text."""
    if isinstance(grid, Payment):
        return pairs_text(Pairs([*grid.rows, *([grid.link] if grid.link else [])]))
    if isinstance(grid, Pairs):
        return pairs_text(grid)
    return statement_text(grid) if isinstance(grid, Statement) else others_text(grid)


def pairs_text(pairs: Pairs) -> str:
    """Return labels and values in two columns; amounts that add up are set to the right."""
    left = max(len(label) for label, _ in pairs.rows)
    right = max(len(value) for _, value in pairs.rows) if pairs.summed else 0
    return "\n".join(f"{label:<{left}}{GAP}{value:>{right}}" for label, value in pairs.rows)


def statement_text(statement: Statement) -> str:
    """Return the statement: heads, a line for each item, the total."""
    return _table(statement.rows, statement.heads[: len(Row._fields)], statement.total)


def others_text(others: Others) -> str:
    """Return each list under its title."""
    return "\n\n".join(f"{title}\n{_table(rows)}" for title, rows in others.lists)


def _table(rows: Sequence[Row], heads: Sequence[str] = (), total: tuple[str, str] | None = None) -> str:
    """Return rows under their heads, the columns that say nothing left out, and the total at the right end."""
    columns = list(zip(*rows, strict=True))
    shown = filled_columns(rows)
    cells = [[*heads[at : at + 1], *columns[at]] for at in shown]
    widths = [max(map(len, column)) for column in cells]
    if total:
        widths[-1] = max(widths[-1], len(total[1]))
    form = GAP.join(
        f"{{:{'>' if at in TO_THE_RIGHT else '<'}{width}}}" for at, width in zip(shown, widths, strict=True)
    )
    lines = [form.format(*line).rstrip() for line in zip(*cells, strict=True)]
    if total:
        before = sum(widths[:-1]) + len(GAP) * (len(widths) - 2)
        lines.append(f"{total[0]:>{before}}{GAP}{total[1]:>{widths[-1]}}")
    return "\n".join(lines)
