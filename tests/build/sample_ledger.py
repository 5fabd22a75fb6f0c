"""sample_ledger.toml → sample_ledger.xlsx, the export of an invented French firm: the same bytes on every run.

Run at the top of the tree: `python -m tests.build.sample_ledger [FILE]`.
"""

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tests.build.sample_lines import Line, ledger_lines, read_debtors

FIRM = "ATELIER BRÉVAL SARL – Agencement et mobilier sur mesure – 12 rue des Ébénistes, 44200 Nantes"
TITLE = "Grand livre auxiliaire clients – balance âgée au 20/11/2026"
EDITION = "Édité le 20/11/2026 à 08:12 – exercices 2025 et 2026 – écritures lettrées et non lettrées – en EUR et USD"
EDITED = dt.datetime(2026, 11, 20, 8, 12, 0)
LEDGER_SHEET, NOTES_SHEET = "Grand livre clients", "Notes"
HEADER_ROW = 5

TEXT, AMOUNT, DAY, WHOLE = "@", "#,##0.00", "dd/mm/yyyy", "0"
MONTH = "[$-40C]mmm yyyy"  # months in French wherever the file is opened
COLUMNS = (
    ("Compte client", 13, TEXT), ("Client", 34, TEXT), ("Contact", 24, TEXT), ("Email", 38, TEXT), ("Téléphone", 18, TEXT),
    ("Pays", 7, TEXT), ("Langue", 9, TEXT), ("Nature", 12, TEXT), ("N° pièce", 13, TEXT), ("Type", 11, TEXT),
    ("Date facture", 13, DAY), ("Date d'échéance", 16, DAY), ("Montant TTC", 14, AMOUNT), ("Solde dû", 13, AMOUNT),
    ("Date de règlement", 18, DAY), ("Devise", 9, TEXT), ("Réf. commande", 17, TEXT), ("Commentaire", 58, TEXT),
    ("Dernière relance", 16, DAY), ("Niveau de relance", 18, WHOLE),
)  # fmt: skip
HEADINGS = [heading for heading, _, _ in COLUMNS]

INK = "1F3A5F"
HEAD = {
    "font": Font(name="Calibri", size=10, bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor=INK),
    "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
}
BODY = Font(name="Calibri", size=10)
BOLD = Font(name="Calibri", size=10, bold=True)
HAIR = Border(bottom=Side(style="hair", color="B8C2CC"))
DOUBLE = Border(top=Side(style="thin", color=INK), bottom=Side(style="double", color=INK))


def cells(debtor: dict[str, Any], line: Line) -> list[object]:
    """Return one row of the ledger sheet, in the order of COLUMNS; None is an empty cell."""
    return [
        line.account, debtor["name"], debtor["contact"], debtor["email"] or None, debtor["phone"],
        debtor.get("country", "FR"), debtor.get("language", "FR"), debtor.get("nature", "Entreprise"),
        line.number, line.kind, line.issued, line.typed.get("due", line.due), line.amount, line.typed.get("left", line.left),
        line.paid, line.currency, line.reference or None, line.note or None, line.reminded, line.level,
    ]  # fmt: skip


def build() -> bytes:
    """Return the whole workbook."""
    book = Workbook()
    book.properties.creator = "Atelier Bréval"
    book.properties.title = TITLE
    book.properties.created = EDITED
    ledger = book.worksheets[0]
    ledger.title = LEDGER_SHEET
    last_row = write_ledger(ledger)
    write_notes(book.create_sheet(NOTES_SHEET), last_row)
    book.defined_names["Encaissements_12_mois"] = DefinedName("Encaissements_12_mois", attr_text=f"{NOTES_SHEET}!$B$17")
    written = io.BytesIO()
    book.save(written)
    return settled(written.getvalue())


def write_ledger(sheet: Worksheet) -> int:
    """Write titles, headings, lines and totals; return the last line's row."""
    debtors = read_debtors()
    by_account = {debtor["account"]: debtor for debtor in debtors}
    lines = ledger_lines(debtors)
    for row, (text, size) in enumerate(((FIRM, 11), (TITLE, 14), (EDITION, 9)), start=1):
        sheet.cell(row, 1, text).font = Font(name="Calibri", size=size, bold=size > 10, color=INK)
    for column, (heading, width, _) in enumerate(COLUMNS, start=1):
        for name, style in HEAD.items():
            setattr(sheet.cell(HEADER_ROW, column, heading), name, style)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, line in enumerate(lines, start=HEADER_ROW + 1):
        write_row(sheet, row, cells(by_account[line.account], line), BODY, HAIR)
    last_row = HEADER_ROW + len(lines)
    for row, currency in enumerate(("EUR", "USD"), start=last_row + 1):
        write_row(sheet, row, total_cells(lines, currency), BOLD, DOUBLE)
    dress(sheet, last_row)
    return last_row


def total_cells(lines: Sequence[Line], currency: str) -> list[object]:
    """Return the total line of one currency."""
    counted = [line for line in lines if line.currency == currency]
    sums = {
        "Compte client": f"Total général {currency}",
        "Montant TTC": sum(line.amount for line in counted),
        "Solde dû": sum(line.left for line in counted),
        "Devise": currency,
    }
    return [sums.get(heading) for heading in HEADINGS]


def write_row(sheet: Worksheet, row: int, values: Sequence[object], font: Font, border: Border) -> None:
    """Write one row with the formats of COLUMNS; what was typed as text stands on the left, as text does."""
    for column, (value, (_, _, form)) in enumerate(zip(values, COLUMNS, strict=True), start=1):
        cell = sheet.cell(row, column)
        cell.value = value  # type: ignore[assignment]  # the stubs leave Decimal out
        cell.font, cell.border = font, border
        cell.number_format = TEXT if isinstance(value, str) else form
        if isinstance(value, dt.date | int):
            cell.alignment = Alignment(horizontal="center")


def dress(sheet: Worksheet, last_row: int) -> None:
    """Give the sheet what an accountant gives it: frozen headings, filter, a remark, a page that prints."""
    last_column = get_column_letter(len(COLUMNS))
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last_column}{last_row}"
    sheet.row_dimensions[HEADER_ROW].height = 30
    remark = "1 = première relance, 2 = deuxième relance, 3 = mise en demeure (lettre recommandée)."
    sheet.cell(HEADER_ROW, len(COLUMNS)).comment = Comment(remark, "Comptabilité", height=80, width=260)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.oddFooter.center.text = "Page &P / &N"  # type: ignore[union-attr]  # a new sheet always has it


def write_notes(sheet: Worksheet, last_row: int) -> None:
    """Write the firm's own sheet: receipts by month with formulas and a chart, a remark, a few lines of text."""
    sheet["A1"], sheet["A3"], sheet["B3"] = "Notes de la comptabilité", "Mois", "Encaissements EUR"
    sheet["A1"].font = Font(name="Calibri", size=14, bold=True, color=INK)
    paid, amount, currency = (
        f"'{LEDGER_SHEET}'!${get_column_letter(HEADINGS.index(heading) + 1)}${HEADER_ROW + 1}:"
        f"${get_column_letter(HEADINGS.index(heading) + 1)}${last_row}"
        for heading in ("Date de règlement", "Montant TTC", "Devise")
    )
    for offset in range(12):
        row = 4 + offset
        sheet.cell(row, 1, dt.date(2025 + (offset + 10) // 12, (offset + 10) % 12 + 1, 1)).number_format = MONTH
        formula = f'=SUMIFS({amount},{paid},">="&A{row},{paid},"<"&EDATE(A{row},1),{currency},"EUR")'
        sheet.cell(row, 2, formula).number_format = AMOUNT
    sheet["A17"], sheet["B17"] = "Total", "=SUM(B4:B15)"
    sheet["B17"].number_format = AMOUNT
    sheet["B17"].comment = Comment("Hors acomptes et règlements non lettrés.", "Comptabilité")
    dress_notes(sheet)


def dress_notes(sheet: Worksheet) -> None:
    """Style the notes, add their chart and the lines of text under it."""
    for address in ("A3", "B3"):
        for name, style in HEAD.items():
            setattr(sheet[address], name, style)
    for address in ("A17", "B17"):
        sheet[address].font, sheet[address].border = BOLD, DOUBLE
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 20
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    chart = BarChart()
    chart.title, chart.legend, chart.height, chart.width = "Encaissements par mois (EUR)", None, 8, 17
    chart.add_data(Reference(sheet, min_col=2, min_row=4, max_row=15))
    chart.set_categories(Reference(sheet, min_col=1, min_row=4, max_row=15))
    chart.x_axis.number_format, chart.y_axis.number_format = MONTH, "#,##0"
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, "D3")
    for row, text in enumerate(("Remise des chèques en banque le jeudi.", "Mairies et collèges : passer par Chorus Pro.",
                                "Relances téléphoniques : Mme Leroux, le mardi et le vendredi matin."), start=20):  # fmt: skip
        sheet.cell(row, 1, text).font = BODY


def settled(package: bytes) -> bytes:
    """Return the package with the edition's time in every member and in its properties, in place of the clock's."""
    moment = EDITED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    modified = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = modified.sub(rb"\g<1>" + moment, content)
            member = zipfile.ZipInfo(name, EDITED.timetuple()[:6])
            member.create_system = 3  # the same on every platform
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, content)
    return again.getvalue()


def main() -> None:
    """Write the sample ledger to the file named on the command line, or to its place at the top of the tree."""
    default = Path(__file__).resolve().parents[2] / "sample_ledger.xlsx"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.write_bytes(build())
    print(f"{target.name}: {len(ledger_lines(read_debtors()))} lines")


if __name__ == "__main__":
    main()
