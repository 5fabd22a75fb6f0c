"""Every real workbook is grafted with all it held, or refused by name."""

import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.core.problem import RelanceError
from batch.workbook.graft import Annotation, graft
from tests.workbook.keeping import losses, our_columns, same_cells, values
from tests.workbook.schema.contents import faults

_PLACE = os.environ.get("RELANCE_REALDATA", "")
_SHARED = Path(_PLACE) if _PLACE else None
_FILES = sorted(p for p in _SHARED.rglob("*") if p.suffix in {".xlsx", ".xlsm"}) if _SHARED else []

# Refused, and why; every other file of the collection is grafted.
_REFUSED = {
    "calamine__strict_iso_paths.xlsx": "GRAFT-STRICT",
    "excelize__encryptSHA1.xlsx": "GRAFT-DAMAGED",
    "poi__54764-2.xlsx": "GRAFT-DTD",
    "poi__poc-shared-strings.xlsx": "GRAFT-DAMAGED",  # has a row 0
    "poi__extenxls_pwd123.xlsx": "GRAFT-DAMAGED",
    "python-calamine__empty_file.xlsx": "GRAFT-DAMAGED",
    "roo__Pfand_from_windows_phone.xlsx": "GRAFT-ENCODING",
    "xlsx-populate__input.xlsx": "GRAFT-DAMAGED",
}
# Bytes from which only a long campaign compares every element: a hundred thousand rows take minutes.
_HEAVY = 2_000_000
# Where the ledger begins on a sheet with several tables, and the name of a sheet that the reader cannot open.
_HEADER_ROWS = {"receivables.xlsx": 5}
_SHEETS = {"poi__poc-shared-strings.xlsx": "Tabelle1"}

pytestmark = pytest.mark.skipif(_SHARED is None, reason="RELANCE_REALDATA does not name the folder of real ledgers")


@pytest.fixture
def addition(tmp_path: Path) -> Path:
    """Return an added workbook of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Revue"
    sheet.append(["Décision", "Client"])
    book.save(tmp_path / "addition.xlsx")
    return tmp_path / "addition.xlsx"


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_real_workbook_is_grafted_or_refused_by_name(path: Path, tmp_path: Path, addition: Path) -> None:
    """A real workbook keeps every value, every member's bytes or elements, breaks no rule of the schema that it kept, and opens again, or is refused by the expected name."""
    try:
        sheet = next(iter(values(path)))
    except Exception:  # noqa: BLE001  the reader may fail in any way on these; the graft may not
        sheet = _SHEETS.get(path.name, "Sheet1")
    header = _HEADER_ROWS.get(path.name, 1)
    rows = {header + 1: ("=A1", 5), header + 3: ("b", None)}
    annotation = Annotation(("Clé", "Jours"), (20.0, 8.0), ("text", "number"), rows)
    target = tmp_path / path.name
    try:
        names = graft(
            path, target, sheet=sheet, header_row=header, last_row=header + 3, annotation=annotation, addition=addition,
            active="Revue",
        )  # fmt: skip
    except RelanceError as refused:
        assert _REFUSED.get(path.name) == refused.code  # noqa: PT017  either outcome is tested
        assert not target.exists()
        return
    assert path.name not in _REFUSED
    if path.stat().st_size < _HEAVY or os.environ.get("RELANCE_LONG"):
        assert losses(path, target, our_columns(target, sheet, header, annotation.headings)) == []
        assert set(faults(target)) <= set(faults(path))
    before, after = values(path), values(target)
    assert list(after) == [*before, *names]
    for name, cells in before.items():
        assert same_cells(cells, after[name], {header, *rows} if name == sheet else set()), name
    assert any("=A1" in row for row in after[sheet])
