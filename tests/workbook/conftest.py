"""Hand-made packages, an added workbook as openpyxl makes it, and LibreOffice."""

import datetime as dt
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _parts(sheet: str, sheet_relations: str, workbook: str) -> dict[str, str]:
    """Return the parts of the smallest workbook: one sheet named Ventes, one style."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd'
        '.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
        f'ContentType="{KIND}.styles+xml"/><Override PartName="/xl/worksheets/ledger.xml" ContentType="{KIND}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook
        or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Ventes" sheetId="7" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="b" '
        f'Type="{RELATIONS}/worksheet" Target="/xl/worksheets/ledger.xml"/><Relationship Id="c" Type="{RELATIONS}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font><name val="Arial"/></font></fonts><fills><fill><patternFill/></fill></fills>'
        '<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0" fontId="0" fillId="0" '
        'borderId="0"/></cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        "xl/worksheets/ledger.xml": sheet,
    }
    if sheet_relations:
        parts["xl/worksheets/_rels/ledger.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}/relationships">{sheet_relations}</Relationships>'
        )
    return parts


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of packages: the ledger sheet's XML (or the inside of its root), and other parts by name (None = missing)."""

    def make(
        sheet: str,
        *,
        parts: Mapping[str, str | bytes | None] | None = None,
        sheet_relations: str = "",
        workbook: str = "",
        name: str = "ledger.xlsx",
    ) -> Path:
        if "<worksheet" not in sheet and ":worksheet" not in sheet:
            sheet = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{sheet}</worksheet>'
        every = {**_parts(sheet, sheet_relations, workbook), **(parts or {})}
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in every.items():
                if content is not None:
                    archive.writestr(part, content)
        return tmp_path / name

    return make


@pytest.fixture
def addition(tmp_path: Path) -> Path:
    """Return an added workbook with two sheets and one of everything that a graft carries."""
    book = Workbook()
    review = book.worksheets[0]
    review.title = "Revue"
    review.append(["Client", "Décision", "Montant", "Le"])
    review.append(["Dubois & Fils", "envoyer", 1234.5, dt.date(2026, 11, 20)])
    review["A1"].font = Font(bold=True, color="FF112233")
    review["B2"].fill = PatternFill("solid", fgColor="FFFFF2CC")
    review["C2"].number_format = '#,##0.00\\ "EUR"'
    review["B1"].comment = Comment("une décision par ligne", "Relance")
    review["A4"].hyperlink = "https://dubois.example/"
    review["A5"].hyperlink = Hyperlink(ref="A5", location="'Synthèse'!A1", display="synthèse")
    review["A6"].hyperlink = Hyperlink(ref="A6", location="'Ventes'!A2", display="grand livre")
    words = DataValidation(type="list", formula1='"envoyer,attendre"', showErrorMessage=True)
    review.add_data_validation(words)
    words.add("B2:B9")
    review.conditional_formatting.add(
        "B2:B9",
        CellIsRule(operator="equal", formula=["Synthèse!$A$1"], fill=PatternFill(bgColor="FFC6E0B4")),  # type: ignore[no-untyped-call]
    )
    review.freeze_panes = "B2"
    review.auto_filter.ref = "A1:D2"
    review.print_title_rows = "1:1"
    review.page_setup.orientation = "landscape"
    review.column_dimensions["A"].width = 33
    summary = book.create_sheet("Synthèse")
    summary.append(["tranche", "montant"])
    summary.append(["1-30", 10])
    summary.append(["31-60", 20])
    chart = BarChart()
    chart.add_data(Reference(summary, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(summary, min_col=1, min_row=2, max_row=3))
    summary.add_chart(chart, "D2")
    book.save(tmp_path / "addition.xlsx")
    return tmp_path / "addition.xlsx"


@pytest.fixture
def libreoffice(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Return a converter by LibreOffice: (file, "xlsx" or "pdf") → the file it wrote. Skipped where it is not installed, but in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    profile, out = tmp_path / "profile", tmp_path / "converted"

    def convert(path: Path, kind: str) -> Path:
        command = [program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
        subprocess.run(
            [*command, "--convert-to", kind, "--outdir", str(out), str(path)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return out / f"{path.stem}.{kind}"

    return convert
