"""Nothing typed by a debtor can become a formula, a link or a control character: through the graft and back, a text is that text.

The result is read by openpyxl, by calamine and, once for a whole sheet of such texts, by LibreOffice.
"""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from batch.workbook.graft import Annotation, graft
from batch.workbook.parts.cells import LONGEST_TEXT
from batch.workbook.plain import Sheet, plain
from tests.workbook.corpus.draft import Draft
from tests.workbook.keeping import values
from tests.workbook.schema.contents import faults

Convert = Callable[[Path, str], Path]
_UNITS = LONGEST_TEXT
# What begins a formula, a command or a link somewhere, what only looks like an escape, and what no cell can hold.
BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "'=",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "https://evil.example/",
    "<f>1</f>",
)
PIECES = (
    "_x000D_", "_x003D_", "_x0041", "_x005F_x000D_", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff", "\ufffe", "\uffff",
    "\ufeff", "\u202e", "\u2028", "]]>", "<!--", "&amp;", "&#61;", "\r\n", "\t", "é", "🦊", "  ",
)  # fmt: skip
HOSTILE = st.builds(
    lambda beginning, pieces, rest: beginning + "".join(pieces) + rest,
    st.sampled_from(("", *BEGINNINGS)), st.lists(st.sampled_from(PIECES), max_size=4),
    st.text(st.characters(), max_size=12),
)  # fmt: skip
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def kept(text: str) -> str:
    """Return what of a text a cell can hold: no character that XML cannot, at most 32,767 UTF-16 units."""
    text = _NO_XML.sub("", text)
    return text.encode("utf-16-le")[: 2 * _UNITS].decode("utf-16-le", "ignore")


def read(text: str) -> str:
    """Return a text as Excel (and calamine, which needs no help) shows it: _x005F_ before what looks like an escape is the underscore that was typed."""
    return re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", text)


def annotated(folder: Path, texts: Sequence[str]) -> Path:
    """Graft the texts beside a ledger, one a row from row 2 on; return the result."""
    added = Workbook()
    added.worksheets[0].title = "Revue"
    added.save(folder / "addition.xlsx")
    rows = {row: (text,) for row, text in enumerate(texts, 2)}
    target = folder / "apres.xlsx"
    graft(
        Draft().write(folder, "avant"), target, sheet="Ventes", header_row=1, last_row=4,
        annotation=Annotation(("Motif",), (30.0,), ("text",), rows), addition=folder / "addition.xlsx", active="Revue",
    )  # fmt: skip
    return target


@settings(
    max_examples=300 if os.environ.get("RELANCE_LONG") else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(HOSTILE, min_size=1, max_size=8))
@example(list(BEGINNINGS))
@example(list(PIECES))
@example(["x" * (_UNITS - 1) + "🦊", "=" * (_UNITS + 9)])
def test_texts_come_back_as_texts(texts: list[str]) -> None:
    """Beside the ledger and on a plain sheet: the same text without what no cell can hold, never a formula, never a link."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        grafted = annotated(folder, texts)
        plain(Sheet("Ventes", [["Motif"], *([text] for text in texts)], 1), folder / "plain.xlsx")
        assert faults(grafted) == faults(folder / "plain.xlsx") == []
        for path, column in ((grafted, 5), (folder / "plain.xlsx", 1)):
            book = load_workbook(path)
            for row, text in enumerate(texts, 2):
                cell = book["Ventes"].cell(row, column)
                assert (read(str(cell.value or "")), cell.data_type in "sn", cell.hyperlink) == (kept(text), True, None)
                assert cell.data_type == "s" or cell.value is None
                if str(cell.value or "").lstrip().startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix
            shown = [str(line[column - 1]) for line in values(path)["Ventes"][1 : len(texts) + 1]]
            shown += [""] * (len(texts) - len(shown))  # it leaves out empty rows, and line ends, at the end
            assert [text.strip() for text in shown] == [kept(text).strip() for text in texts]


def test_libreoffice_reads_them_as_texts(tmp_path: Path, libreoffice: Convert) -> None:
    """LibreOffice opens a sheet of such texts, computes nothing, and saves every one as the text it was."""
    texts = [*BEGINNINGS, *(beginning + piece for beginning in ("=", "@") for piece in PIECES)]
    sheet = load_workbook(libreoffice(annotated(tmp_path, texts), "xlsx"))["Ventes"]
    for row, text in enumerate(texts, 2):
        cell = sheet.cell(row, 5)
        assert cell.data_type == "s", text
        assert cell.hyperlink is None, text
        # It writes line ends its own way, and escapes an escape once less.
        expected = kept(text).replace("\r\n", "\n").replace("_x005F_x000D_", "_x000D_")
        assert read(str(cell.value)) == expected
    assert pytest.approx(sheet["D2"].value) == 201
