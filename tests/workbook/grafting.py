"""Columns of ours grafted onto the sheet Ventes, and what is found in the result."""

import datetime as dt
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from batch.workbook.graft import Annotation, graft

OURS = Annotation(("Clé", "Le"), (30.0, 12.0), ("text", "date"), {2: ("k2", dt.date(2026, 11, 20)), 4: ("k4", None)})


def grafted(source: Path, addition: Path, *, ours: Annotation = OURS, header_row: int = 1, last_row: int = 4) -> Path:
    """Graft onto the sheet Ventes, open on Revue; return the result."""
    target = source.with_name(f"result{source.suffix}")
    graft(
        source,
        target,
        sheet="Ventes",
        header_row=header_row,
        last_row=last_row,
        annotation=ours,
        addition=addition,
        active="Revue",
    )
    return target


def part(path: Path, name: str) -> str:
    """Return one part of a workbook as text."""
    with zipfile.ZipFile(path) as opened:
        return opened.read(name).decode()


def column(path: Path, letter: str, last_row: int = 4) -> list[object]:
    """Return the values of a column of the sheet Ventes."""
    sheet = load_workbook(path)["Ventes"]
    return [sheet[f"{letter}{row}"].value for row in range(1, last_row + 1)]
