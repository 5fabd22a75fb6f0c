"""Files made to stop, swell or mislead a reader → a refusal by name, and this process goes on."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from batch.core.problem import RelanceError, Source
from batch.ledger import open_book
from batch.ledger.files.apart import Limits, read_apart
from batch.ledger.files.apart.memory import from_ps
from tests.ledger import old_files
from tests.ledger.kit import write_xlsx
from tests.ledger.old_files import changed, write_zip
from tests.ledger.test_kinds import refusal

SHEET = "xl/worksheets/sheet1.xml"
ROW = b'<row r="2"><c r="A2" t="n"><v>1</v></c></row>'
MEGA = 1_000_000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Return an ordinary workbook of two rows, to be tampered with."""
    return write_xlsx(tmp_path, {"Ouvert": [["Client"], [1]]})


def far(path: Path, *places: str) -> Path:
    """Write a workbook with cells at these places only."""
    book = Workbook()
    for place in places:
        book.worksheets[0][place] = 1
    book.save(path)
    return path


@pytest.mark.parametrize(
    "places", [("A1", "XFD1048576"), ("A1", "XFD40000"), ("Z1048576", "A1"), ("XFD1", "A1048576"), ("A1", "CV100000")]
)
def test_cells_far_apart_are_refused_before_reading(tmp_path: Path, places: tuple[str, ...]) -> None:
    """A few kilobytes would unfold to millions of empty cells."""
    assert refusal(far(tmp_path / "far.xlsx", *places)) == "TOO-LARGE"


def test_a_cell_that_lies_about_its_row(workbook: Path) -> None:
    """The reader goes by the cell's own reference: the row around it may say 2."""
    lying = b'<row r="2"><c r="XFD99999" t="n"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>'
    assert refusal(changed(workbook, {SHEET: (ROW, lying)})) == "TOO-LARGE"


@pytest.mark.parametrize(
    "cells",
    [
        b'<x:row r="2"><x:c r="XFD1048576" t="n"><x:v>1</x:v></x:c></x:row>',
        b"<row r='2'><c r='XFD1048576' t='n'><v>1</v></c></row>",
        b'<row r="2"><c t="n" r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_far_cells_in_another_spelling_are_read_apart(workbook: Path, cells: bytes) -> None:
    """What is not written in the ordinary way is left to a child with limits, which ends; here nothing swells."""
    path = changed(workbook, {SHEET: (ROW, cells)})
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[SHEET] = parts[SHEET].replace(
        b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    )
    assert refusal(write_zip(path, parts)) in {"READING-TOO-BIG", "TOO-LARGE"}


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/media/image1.png", "xl/embeddings/inner.zip"])
def test_a_part_that_unpacks_to_far_too_much(workbook: Path, part: str) -> None:
    """150 MB of blanks take 150 KB in the file; whatever the part is called, it is refused by what it declares."""
    blanks = b" " * MEGA
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as package:
        if part in package.namelist():
            part = part.replace("1.xml", "2.xml").replace("Strings.xml", "Strings2.xml")
        with package.open(part, "w", force_zip64=True) as writer:
            for _ in range(150):
                writer.write(blanks)
    assert refusal(workbook) == "TOO-LARGE"


def test_a_part_that_declares_less_than_it_holds(workbook: Path) -> None:
    """The declared size is what is unpacked, and then the checksum is wrong: no reader gets to the rest."""
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b" " * 5 * MEGA)
    content = workbook.read_bytes()
    assert content.count((5 * MEGA).to_bytes(4, "little")) == 2
    workbook.write_bytes(content.replace((5 * MEGA).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert refusal(workbook) == "WORKBOOK-DAMAGED"


def test_parts_that_share_their_bytes(workbook: Path) -> None:
    """A zip whose many parts all point at the same bytes declares more than the file holds."""
    with zipfile.ZipFile(workbook, "a") as package:
        first = package.infolist()[0]
        for number in range(40):
            copy = zipfile.ZipInfo(f"xl/copy{number}.xml")
            copy.header_offset, copy.CRC, copy.compress_type = first.header_offset, first.CRC, first.compress_type
            copy.compress_size, copy.file_size = workbook.stat().st_size, first.file_size
            package.filelist.append(copy)
        package._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001  the list of parts is written anew
    assert refusal(workbook) == "WORKBOOK-DAMAGED"


def test_thousands_of_parts(workbook: Path) -> None:
    """Ten thousand parts are no workbook."""
    with zipfile.ZipFile(workbook, "a") as package:
        for number in range(10_001):
            package.writestr(f"xl/p{number}", b"")
    assert refusal(workbook) == "TOO-LARGE"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part(workbook: Path, part: str, encoding: str) -> None:
    """A few lines of definitions unfold to thousands of millions of laughs; a comment before them hides nothing."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    comment = f"<!-- <worksheet> {'-.' * MEGA} -->"
    text = f'<?xml version="1.0"?>{comment}<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]><w>&l9;</w>'
    assert refusal(changed(workbook, {}, {part: text.encode(encoding)})) == "XML-ENTITIES"


def test_entities_in_an_xml_spreadsheet(tmp_path: Path) -> None:
    """The same in a workbook that is one XML file."""
    path = old_files.write_office_xml(tmp_path / "ledger.xml", "O", [["x"]])
    text = path.read_text(encoding="utf-8").replace("<Workbook", '<!DOCTYPE w [<!ENTITY l0 "ha">]><Workbook', 1)
    path.write_text(text, encoding="utf-8")
    assert refusal(path) == "XML-ENTITIES"


def test_paths_that_lead_out_of_the_file(workbook: Path) -> None:
    """A sheet that is said to lie outside is not looked for there; parts with such names are never written anywhere."""
    outside = {"../../evil.xml": b"<evil/>", "/etc/evil.xml": b"<evil/>", "xl\\..\\evil.xml": b"<evil/>"}
    relations = "xl/_rels/workbook.xml.rels"
    path = changed(workbook, {relations: (b"/xl/worksheets/sheet1.xml", b"/../../etc/passwd")}, outside)
    assert refusal(path) == "WORKBOOK-DAMAGED"
    assert sorted(each.name for each in workbook.parent.iterdir()) == ["ledger.xlsx"]


def write_repeated(folder: Path) -> Path:
    """Write a workbook with one shared text of 30 KB in 40,000 cells."""
    path = write_xlsx(folder, {"Ouvert": [["Client"], [1]]})
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(2, 40_002))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[SHEET] = parts[SHEET].replace(ROW, rows)
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
        % (b"x" * 30_000)
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    return write_zip(path, parts)


def write_far(folder: Path) -> Path:
    """Write a workbook whose two cells lie in opposite corners, in a spelling that only the child looks at."""
    path = write_xlsx(folder, {"Ouvert": [["Client"], [1]]})
    return changed(path, {SHEET: (ROW, b'<row r="2"><c t="n" r="XFD1048576"><v>1</v></c></row>')})


def test_one_long_text_in_every_cell(tmp_path: Path) -> None:
    """The texts would take 1.2 GB: the child's limit ends it."""
    assert refusal(write_repeated(tmp_path)) == "READING-TOO-BIG"


def test_an_old_workbook_whose_sectors_go_in_a_circle(tmp_path: Path) -> None:
    """1 KiB whose list of sectors points at itself: some readers collect it for ever."""
    content = bytearray(old_files.ole({"Workbook": b"x" * 5000}))
    content[512 + 8 : 512 + 12] = (2).to_bytes(4, "little")  # sector 2 is followed by sector 2
    (tmp_path / "loop.xls").write_bytes(content)
    assert refusal(tmp_path / "loop.xls") in {"READING-TOO-BIG", "READING-TOO-LONG", "WORKBOOK-DAMAGED"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a;" * 2_000_000 + "\n" + "b\n" * 5000, "TOO-LARGE"),
        ("<table>" * 20_000 + "<tr><td>x", ""),
        ("<table><tr>" + "<td colspan=1000>x" * 20_000, "TOO-LARGE"),
        ("<table><tr><td rowspan=9999 colspan=1000>" + "<tr>" * 90_000 + "<td>x", "TOO-LARGE"),
    ],
)
def test_texts_and_pages_that_would_unfold(tmp_path: Path, text: str, code: str) -> None:
    """One wide line above many short ones, cells that span more than there is, tables in tables in tables."""
    (tmp_path / "ledger.xls").write_text(text, encoding="utf-8")
    if code:
        assert refusal(tmp_path / "ledger.xls") == code
    else:
        assert [sheet.rows for sheet in open_book(tmp_path / "ledger.xls").sheets] == [[["x"]]]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a page that takes some seconds and some hundred MB to read."""
    path = tmp_path / "ledger.html"
    path.write_text("<table>" + "<tr><td>a<td>b<td>c" * 60_000, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(seconds=0.5, memory=2000 * MEGA, output=900 * MEGA, cells=9 * MEGA), "READING-TOO-LONG"),
        (Limits(seconds=100, memory=10 * MEGA, output=900 * MEGA, cells=9 * MEGA), "READING-TOO-BIG"),
        (Limits(seconds=100, memory=2000 * MEGA, output=100_000, cells=9 * MEGA), "READING-TOO-BIG"),
        (Limits(seconds=100, memory=2000 * MEGA, output=900 * MEGA, cells=1000), "TOO-LARGE"),
    ],
)
def test_each_limit_ends_the_child(large: Path, limits: Limits, code: str) -> None:
    """Time, memory, output and cells each end in their own words."""
    with pytest.raises(RelanceError) as refused:
        read_apart(large, "html", limits, Source(file=large.name))
    assert refused.value.code == code


@pytest.mark.parametrize("watched", [memory for memory in ("ps", "system") if sys.platform != "win32"])
def test_memory_is_watched_where_the_system_sets_no_limit(
    large: Path, monkeypatch: pytest.MonkeyPatch, watched: str
) -> None:
    """Some systems (macOS) take the limit and do not keep it: the parent's own look, by ps too, ends a child that swells."""
    script = Path(__file__).parents[2] / "batch" / "ledger" / "files" / "apart" / "child.py"
    unlimited = large.with_name("child.py")
    text = script.read_text(encoding="utf-8").replace("    _limit(int(memory), int(output))\n", "")
    unlimited.write_text(text.replace("Path(__file__)", f"Path({str(script)!r})"), encoding="utf-8")
    monkeypatch.setattr("batch.ledger.files.apart.CHILD", unlimited)
    if watched == "ps":
        monkeypatch.setattr("batch.ledger.files.apart.memory_of", lambda process: from_ps(process.pid))
    limits = Limits(seconds=100, memory=10 * MEGA, output=900 * MEGA, cells=9 * MEGA)
    with pytest.raises(RelanceError) as refused:
        read_apart(large, "html", limits, Source(file=large.name))
    assert refused.value.code == "READING-TOO-BIG"


def test_a_child_that_dies_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No end of its output, no sheets; what it had written is not taken for the file."""
    dying = tmp_path / "child.py"
    dying.write_text(
        'import os\nprint(\'{"sheet":"A","hidden":false,"width":1}\', flush=True)\nos.abort()', encoding="utf-8"
    )
    monkeypatch.setattr("batch.ledger.files.apart.CHILD", dying)
    with pytest.raises(RelanceError) as refused:
        read_apart(tmp_path / "x.xls", "first", Limits.of(1000, 1000, 1000), Source(file="x.xls"))
    assert refused.value.code == "WORKBOOK-DAMAGED"


MEASURED = """
import resource, sys
from pathlib import Path
from batch.core.problem import RelanceError
from batch.ledger import open_book
try:
    open_book(Path(sys.argv[1]))
except RelanceError as refused:
    print(refused.code)
unit = 1 if sys.platform == "darwin" else 1024
print(max(resource.getrusage(who).ru_maxrss * unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system tells a process's memory in another way")
@pytest.mark.parametrize("write", [write_repeated, write_far])
def test_the_whole_takes_less_than_500_mb(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    """The larger of the reading process and its child, as the system counts them."""
    command = [sys.executable, "-c", MEASURED, str(write(tmp_path))]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, timeout=60).stdout.split()
    assert said[0] in {"TOO-LARGE", "READING-TOO-BIG"}
    assert int(said[1]) < 500 * MEGA
