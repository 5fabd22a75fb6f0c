"""After a sending: a copy of the reviewed workbook with one more column on Review, all else as the person left it."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from batch.core.problem import RelanceError
from batch.words import for_language
from batch.workbook.decisions import Reviewed, read_review
from batch.workbook.layout import HEADER_ROW, REVIEW, letter_of
from batch.workbook.sent import sent_path, write_sent
from tests.workbook.plans import ABOUT, messages_of, small_plan
from tests.workbook.reviewing import Typed, column, reviewed_file, row, written

DURAND, LEGRAND, VERT = ("411DURAND", "EUR"), ("411LEGRAND", "EUR"), ("411VERT", "USD")
OUTCOMES = {
    DURAND: "envoyé le 20/11/2026 à 10:42",
    LEGRAND: "=resté : vous avez choisi « attendre »",
    VERT: "refusé par le serveur : 550 <boîte pleine> & fermée",
    ("411INCONNU", "EUR"): "n'est pas dans ce classeur",
}
TYPED: Typed = {DURAND: {"promise_date": dt.date(2026, 12, 4), "note": "à suivre"}, LEGRAND: {"decision": "attendre"}}


def told(path: Path) -> dict[tuple[str, str], str]:
    """Return what the new column says, by account."""
    sheet = load_workbook(path)["Revue"]
    place = column(sheet, "sent")
    assert not sheet.column_dimensions[letter_of(place)].hidden
    places = column(sheet, "debtor_id"), column(sheet, "currency"), place
    rows = ([cells[at - 1] for at in places] for cells in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return {(str(who), str(currency)): str(text) for who, currency, text in rows if text}


def same(first: Reviewed, second: Reviewed) -> bool:
    """Tell whether two workbooks say the same."""
    rows = [[(one.sheet, one.key, one.cells) for one in reviewed.typed] for reviewed in (first, second)]
    return first.decisions.equals(second.decisions) and first.events.equals(second.events) and rows[0] == rows[1]


def digests(path: Path) -> dict[str, str]:
    """Return the digest of each part of a workbook."""
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_other_part_is_the_same(tmp_path: Path, language: str) -> None:
    """Only Review, the styles and the filter's name differ; the reviewed workbook is not touched; both read the same."""
    path = written(tmp_path, language, messages_of(small_plan()))
    before, target = path.read_bytes(), sent_path(path, language)
    write_sent(path, target, OUTCOMES, language)
    old, new = digests(path), digests(target)
    changed = {name for name in old if old[name] != new[name]}
    assert (list(new), path.read_bytes()) == (list(old), before)
    assert changed == {"xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/workbook.xml"}
    assert same(read_review(path), read_review(target))
    assert read_review(target).about == read_review(path).about


def test_the_column_tells_what_became_of_each_account(tmp_path: Path) -> None:
    """Words stay words, also such as begin like a formula; accounts without an outcome have an empty cell; sorting takes all along."""
    path = reviewed_file(tmp_path, TYPED)
    target = tmp_path / "copy.xlsx"
    write_sent(path, target, OUTCOMES, "fr")
    assert told(target) == {key: text for key, text in OUTCOMES.items() if key[0] != "411INCONNU"}
    sheet = load_workbook(target)["Revue"]
    assert sheet.cell(row(sheet, LEGRAND), column(sheet, "sent")).data_type == "s"
    assert str(sheet.auto_filter.ref).startswith(f"A{HEADER_ROW}:AF")
    assert same(read_review(path), read_review(target))
    assert len(read_review(target).events) == 1


def test_sorted_filtered_and_with_columns_put_in(tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    """Each outcome stands on its account's row wherever it is now, also in a workbook that LibreOffice saved, and opens there."""
    path = reviewed_file(tmp_path, TYPED)
    workbook = load_workbook(path)
    sheet = workbook["Revue"]
    body = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    for number, values in enumerate(sorted(body, key=lambda values: str(values[2])), start=HEADER_ROW + 1):
        for at, value in enumerate(values, start=1):
            sheet.cell(number, at).value = value
        sheet.row_dimensions[number].hidden = number % 2 == 0
    sheet.insert_cols(5)
    sheet["E3"] = "Mon avis"
    workbook.move_sheet("Revue", 2)
    workbook.save(path)
    expected = {key: text for key, text in OUTCOMES.items() if key[0] != "411INCONNU"}
    for number, reviewed in enumerate((path, libreoffice(path, "xlsx"))):
        target = tmp_path / f"copy {number}.xlsx"
        write_sent(reviewed, target, OUTCOMES, "fr")
        assert told(target) == expected
        assert same(read_review(reviewed), read_review(target))
    assert told(libreoffice(target, "xlsx")) == expected


def test_a_second_sending_has_a_column_of_its_own(tmp_path: Path) -> None:
    """A copy that is sent again gets another column, with a number, and a name of its own; nothing is overwritten."""
    path = written(tmp_path)
    first = sent_path(path, "fr")
    write_sent(path, first, OUTCOMES, "fr")
    again = sent_path(path, "fr")
    write_sent(first, again, {DURAND: "déjà envoyé"}, "fr")
    assert (first.name, again.name) == ("sheets_fr-envoyes.xlsx", "sheets_fr-envoyes-2.xlsx")
    sheet = load_workbook(again)["Revue"]
    assert [cell.value for cell in sheet[HEADER_ROW]][-2:] == ["Envoyé", "Envoyé (2)"]
    assert read_review(again).about == ABOUT
    with pytest.raises(FileExistsError):
        write_sent(path, first, OUTCOMES, "fr")


def test_without_a_review_sheet_nothing_is_written(tmp_path: Path) -> None:
    """A workbook that lost its Review sheet is refused by name, and no file is left."""
    workbook = load_workbook(written(tmp_path))
    del workbook["Revue"]
    workbook.save(tmp_path / "lost.xlsx")
    with pytest.raises(RelanceError, match="REVIEW-MISSING"):
        write_sent(tmp_path / "lost.xlsx", tmp_path / "copy.xlsx", OUTCOMES, "fr")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lost.xlsx", "sheets_fr.xlsx"]


def test_the_heading_is_no_column_that_is_read() -> None:
    """No column of Review that is read back is called so, in either language."""
    for language in ("fr", "en"):
        words = for_language(language)
        assert words.label("headings", "sent") not in {words.label("headings", one.code) for one in REVIEW}
