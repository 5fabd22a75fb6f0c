"""Codes of columns → the one form that tables and headings have on the terminal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_heading(console: "Console", text: str) -> None:
    """Print a heading."""
    console.print(text, style="bold")


def new_table(words: Words, columns: Mapping[str, str]) -> "Table":
    """Return an empty table whose columns are codes of the label group "terminal", justified left or right."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  `--help` and `--json` do without it
    from rich.table import Table  # noqa: PLC0415  as above

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for code, side in columns.items():
        figures = side == "right"
        table.add_column(
            words.label("terminal", code), justify="right" if figures else "left", no_wrap=figures, overflow="fold"
        )
    return table
