"""The bytes of a text file → rows of texts: what every program and system writes, and what would lose rows is refused."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger import Cell, open_book, read
from tests.ledger.kit import HEADINGS
from tests.ledger.test_kinds import refusal

TEXT = "Client;Échéance;Solde €\nÉlan & Cœur;30/11/2026;120\nNoël SA;15/12/2026;80\n"
ROWS = [["Client", "Échéance", "Solde €"], ["Élan & Cœur", "30/11/2026", "120"], ["Noël SA", "15/12/2026", "80"]]


def rows_of(folder: Path, content: bytes, name: str = "ledger.csv") -> list[list[Cell]]:
    """Return the rows of a file with these bytes."""
    path = folder / name
    path.write_bytes(content)
    return open_book(path).sheets[0].rows


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "cp1252",
        "iso8859-15",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("name", ["ledger.csv", "ledger.xls"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str, name: str) -> None:
    """The same cells in the same rows: with mark or without, however the lines end, whatever the file is called."""
    if end == "\r\r\n" and encoding.startswith(("utf-16", "utf-32")):
        pytest.skip("written by programs that know one byte a sign only")
    assert rows_of(tmp_path, TEXT.replace("\n", end).encode(encoding), name) == ROWS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Solde;120 \x80", "120 €"),  # Windows
        (b"Solde;120 \xa4", "120 €"),  # ISO 8859-15: the same byte is ¤ on Windows' page
        (b"Soci\xe9t\xe9;C\x9cur", "Cœur"),
        (b"Soci\xe9t\xe9;C\xbdur", "Cœur"),
        (b"Soci\xe9t\xe9;L\x92Atelier", "L’Atelier"),
        (b"Soci\xe9t\xe9;\x8akoda", "Škoda"),
        (b"Soci\x82t\x82;Ch\x83teau \x85 c\x93t\x82", "Château à côté"),  # DOS
        (b"Soci\x8et\x8e;Ch\x89teau \x88 c\x99t\x8e", "Château à côté"),  # old Macintosh
    ],
)
def test_the_page_is_chosen_by_the_bytes_that_differ(tmp_path: Path, content: bytes, expected: str) -> None:
    """Of pages with 256 signs the one wins under which the bytes are letters and marks of a ledger."""
    assert rows_of(tmp_path, content)[0][1] == expected


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "#TYPE System.Management.Automation.PSCustomObject"])
def test_a_line_for_other_programs_stands_above_the_table(tmp_path: Path, first: str) -> None:
    """It is row 1 of the file, as in every editor, and the ledger under it is read."""
    path = tmp_path / "ledger.csv"
    path.write_text(f"{first}\n{HEADINGS}\n411A;Aulne;FA-1;30/09/2026;30/10/2026;100,00;40,00\n", encoding="utf-8-sig")
    items = read(open_book(path), Reading()).items
    assert (items["open"].tolist(), items["source_row"].tolist()) == ([4000], [3])


def test_quoted_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    """A note of two lines is one cell, also when a separator stands in it once; a quotation mark is written twice."""
    text = 'Client;Note;Solde;Jour\r\nAulne;"rappel;\r\nle 12 ""novembre""";1;2\r\n'
    assert rows_of(tmp_path, text.encode())[1] == ["Aulne", 'rappel;\r\nle 12 "novembre"', "1", "2"]


def test_a_quotation_mark_left_open_would_swallow_rows(tmp_path: Path) -> None:
    """Two rows would become the text of a cell, and their amounts would be missing from the total: refused, with the row."""
    lines = ["Client;Note;Solde", "Aulne;ok;10", 'Bouleau;"rappel;20', "Cèdre;ok;30", 'Érable;fin";40', "Frêne;ok;50"]
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RelanceError) as refused:
        open_book(path)
    assert (refused.value.code, refused.value.source.row) == ("TEXT-DAMAGED", 3)


@pytest.mark.parametrize("content", [b"\0\0\0\0", b"\xff\xfe", b"\r\n\r\n", b"\xef\xbb\xbf  "])
def test_nothing_but_blanks_is_empty(tmp_path: Path, content: bytes) -> None:
    """Marks, zeros and line ends are no content."""
    (tmp_path / "ledger.csv").write_bytes(content)
    assert refusal(tmp_path / "ledger.csv") == "EMPTY-FILE"


def test_a_device_is_not_read(tmp_path: Path) -> None:
    """What is no file may never end."""
    link = tmp_path / "ledger.csv"
    try:
        link.symlink_to("/dev/zero")
    except OSError:
        pytest.skip("no links here")
    assert refusal(link) in {"FILE-UNREADABLE", "FILE-MISSING"}
