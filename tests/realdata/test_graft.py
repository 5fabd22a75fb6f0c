"""Every real workbook is grafted with all it held, or refused by name."""

import os
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook
from python_calamine import CalamineWorkbook, SheetTypeEnum

from batch.core.problem import RelanceError
from batch.workbook.graft import Annotation, graft

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
# Where the ledger begins on a sheet with several tables, and the name of a sheet that the reader cannot open.
_HEADER_ROWS = {"receivables.xlsx": 5}
_SHEETS = {"poi__poc-shared-strings.xlsx": "Tabelle1"}

# Where an attribute may say something else afterwards: what is selected, how far something reaches, how many there are.
_REACHING = {
    "dimension", "autoFilter", "table", "tableColumns", "sheetView", "workbookView", "row", "col", "calcPr", "fonts", "fills",
    "borders", "cellXfs", "cellStyleXfs", "cellStyles", "numFmts", "sortState", "dxfs", "sheets", "definedNames",
}  # fmt: skip

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


def _values(path: Path) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return every cell of every worksheet as calamine reads them."""
    book = CalamineWorkbook.from_path(str(path))
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}


def _same_cells(before: Sequence[Sequence[object]], after: Sequence[Sequence[object]], annotated: set[int]) -> bool:
    """Tell whether each cell that was there is there still, and nothing else but our columns on the annotated rows."""
    for index, row in enumerate(after):
        old = list(before[index]) if index < len(before) else []
        if list(row)[: len(old)] != old:
            return False
        if index + 1 not in annotated and any(cell != "" for cell in row[len(old) :]):
            return False
    return len(after) >= len(before)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_real_workbook_is_grafted_or_refused_by_name(path: Path, tmp_path: Path, addition: Path) -> None:
    """A real workbook keeps every value, every member's bytes and opens again, or is refused by the expected name."""
    try:
        sheet = next(iter(_values(path)))
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
    _members_are_kept(path, target)
    before, after = _values(path), _values(target)
    assert list(after) == [*before, *names]
    for name, cells in before.items():
        assert _same_cells(cells, after[name], {header, *rows} if name == sheet else set()), name
    assert any("=A1" in row for row in after[sheet])


def _members_are_kept(path: Path, target: Path) -> None:
    """Every member is there; those that a graft does not change have the same bytes, and nothing is removed from the others."""
    changing = ("[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        assert set(old.namelist()) <= set(new.namelist())
        for name in old.namelist():
            sheet_like = "/worksheets/" in name or "sheets/" in name or "/tables/" in name or "/queryTables/" in name
            if not name.lower().endswith((".xml", ".rels")) or (not name.lower().endswith(changing) and not sheet_like):
                assert old.read(name) == new.read(name), name
            else:
                assert (name, _elements(old.read(name)) - _elements(new.read(name))) == (name, Counter())


def _elements(part: bytes) -> Counter[tuple[object, ...]]:
    """Return every element of a part, with its text and, where a graft must not touch them, its attributes."""
    found: Counter[tuple[object, ...]] = Counter()
    for element in etree.fromstring(part).iter(etree.Element):
        reaches = etree.QName(element).localname in _REACHING
        text = (
            "" if element.get("name") == "_xlnm._FilterDatabase" else element.text or ""
        )  # what a filter reaches over
        found[element.tag, frozenset() if reaches else frozenset(element.items()), text] += 1
    return found
