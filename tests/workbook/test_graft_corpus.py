"""A workbook of every kind that spreadsheet programs write: grafted, it has all it had, and keeps to the schema."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from batch.workbook.graft import Annotation, graft
from tests.workbook.corpus.specimens import NAMES, RICHEST, specimen
from tests.workbook.keeping import losses, our_columns, same_cells, values
from tests.workbook.schema.contents import faults

OURS = Annotation(
    ("Relance · clé", "Relance · retard", "Relance · prochaine le"),
    (30.0, 9.0, 12.0),
    ("text", "number", "date"),
    {2: ("=A1", 3, dt.date(2026, 11, 20)), 3: ("FA-3", 12, None), 4: ("FA-4", None, dt.date(2026, 12, 1))},
)


def grafted(source: Path, addition: Path) -> Path:
    """Graft onto the specimen's ledger; return the result."""
    target = source.with_name(f"apres{source.suffix}")
    graft(source, target, sheet="Ventes", header_row=1, last_row=4, annotation=OURS, addition=addition, active="Revue")
    return target


@pytest.mark.parametrize("name", NAMES)
def test_the_corpus_itself_keeps_to_the_schema(tmp_path: Path, name: str) -> None:
    """What is wrong after a graft was not wrong before."""
    assert faults(specimen(tmp_path, name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_all_is_there_and_in_order(tmp_path: Path, addition: Path, name: str) -> None:
    """Parts that a graft does not concern keep their bytes, the others every element in its place; the result keeps to the schema."""
    source = specimen(tmp_path, name)
    target = grafted(source, addition)
    assert losses(source, target, our_columns(target, "Ventes", 1, OURS.headings)) == []
    assert faults(target) == []
    assert faults(addition) == []


# openpyxl leaves out, aloud, what it does not know.
@pytest.mark.filterwarnings("ignore:.*not supported and will be removed:UserWarning")
@pytest.mark.parametrize("name", NAMES)
def test_other_programs_read_it(tmp_path: Path, addition: Path, name: str) -> None:
    """calamine, openpyxl and pandas find every cell that was there, and ours beside them."""
    source = specimen(tmp_path, name)
    target = grafted(source, addition)
    before, after = values(source), values(target)
    assert list(after) == [*before, "Revue", "Synthèse"]
    for sheet, cells in before.items():
        assert same_cells(cells, after[sheet], {1, 2, 3, 4} if sheet == "Ventes" else set()), sheet
    place = our_columns(target, "Ventes", 1, OURS.headings)[0]
    ledger = load_workbook(target)["Ventes"]
    ours = [[ledger.cell(row, place + at).value for at in range(3)] for row in range(1, 5)]
    assert ours == [
        list(OURS.headings), ["=A1", 3, dt.datetime(2026, 11, 20)], ["FA-3", 12, None], ["FA-4", None, dt.datetime(2026, 12, 1)],
    ]  # fmt: skip
    for engine in ("openpyxl", "calamine"):
        frame = pd.read_excel(target, sheet_name="Ventes", engine=engine)
        assert frame["Relance · retard"].tolist()[:2] == [3, 12]
        assert frame["Pièce"].tolist()[:3] == ["FA-2", "FA-3", "FA-4"]


def test_the_richest_is_rich(tmp_path: Path) -> None:
    """The workbook that holds nearly all features at once has the parts of them all."""
    source = specimen(tmp_path, RICHEST)
    assert (source.suffix, len(values(source))) == (".xlsm", 6)
