"""Rows of the Summary's tables → its native charts: one bar per age, one bar per standing, each in its own colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.sheets.looks import GREY, INK, LINE, NAVY


@dataclass(frozen=True)
class Bars:
    """Where a chart's names and figures stand on its sheet, and the colour of each bar."""

    first: int  # row of the first bar
    names: int  # column of the names
    figures: int  # column of the figures
    colours: Sequence[str]


def column_chart(sheet: Worksheet, bars: Bars, title: str) -> BarChart:
    """Return upright bars, in the table's order from left to right."""
    return _chart(sheet, bars, title, "col")


def bar_chart(sheet: Worksheet, bars: Bars, title: str) -> BarChart:
    """Return lying bars, in the table's order from top to bottom: their names are long."""
    chart = _chart(sheet, bars, title, "bar")
    chart.x_axis.scaling.orientation = "maxMin"
    # Room for the names on the left and for the longest bar's figure on the right.
    inner = ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.27, y=0.15, w=0.6, h=0.8)
    chart.layout = Layout(manualLayout=inner)
    return chart


def _chart(sheet: Worksheet, bars: Bars, title: str, kind: str) -> BarChart:
    chart = BarChart()
    chart.type = kind
    last = bars.first + len(bars.colours) - 1
    chart.add_data(Reference(sheet, min_col=bars.figures, min_row=bars.first, max_row=last), titles_from_data=False)
    chart.set_categories(Reference(sheet, min_col=bars.names, min_row=bars.first, max_row=last))
    chart.title = Title(tx=Text(rich=RichText(p=[_paragraph(title)])), overlay=False)
    chart.legend = None
    chart.gapWidth = 45
    _colour(chart, bars.colours)
    _dress_axes(chart)
    return chart


def _paragraph(text: str) -> Paragraph:
    look = CharacterProperties(sz=1200, b=True, solidFill=NAVY)
    return Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])


def _colour(chart: BarChart, colours: Sequence[str]) -> None:
    series = chart.series[0]
    series.graphicalProperties = GraphicalProperties(solidFill=colours[0])
    series.invertIfNegative = False
    for at, colour in enumerate(colours):
        point = DataPoint(idx=at, invertIfNegative=False)
        point.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.dPt.append(point)
    # What is not switched off here, some programs show.
    series.dLbls = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False, numFmt="#,##0;-#,##0;;",
        txPr=_text(900, INK),
    )  # fmt: skip


def _dress_axes(chart: BarChart) -> None:
    # Axes that openpyxl does not mark as kept are hidden by Excel.
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.x_axis.txPr = _text(900, INK)
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    chart.x_axis.majorTickMark = "none"
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(solidFill=LINE), solidFill="FFFFFF")
    chart.y_axis.txPr = _text(800, GREY)


def _text(size: int, colour: str) -> RichText:
    look = CharacterProperties(sz=size, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
