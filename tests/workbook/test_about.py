"""The About sheet: words for people, names for the way back, and workbooks of earlier versions."""

from dataclasses import fields
from pathlib import Path

import pytest
from openpyxl import load_workbook

from batch.core.records import About
from batch.words import LANGUAGES, for_language
from batch.workbook.decisions import read_review
from batch.workbook.layout import MARK
from tests.workbook.plans import ABOUT
from tests.workbook.reviewing import written

NAMES = [field.name for field in fields(About)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_sees_is_in_words(tmp_path: Path, language: str) -> None:
    """Each fact has its label in column A and its value in B; its name stands in a hidden column."""
    words = for_language(language)
    sheet = load_workbook(written(tmp_path, language))[words.label("sheets", "about")]
    rows = [[sheet.cell(row, place).value for place in (1, 3)] for row in range(2, len(NAMES) + 2)]
    assert sheet["A1"].value == MARK
    assert rows == [[words.label("about", name), name] for name in NAMES]
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert hidden == ["C"]


def test_a_workbook_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """Before there were labels, the names stood in column A, with how to use the workbook in D."""
    path = written(tmp_path)
    workbook = load_workbook(path)
    sheet = workbook["À propos"]
    for row, name in enumerate(NAMES, start=2):
        sheet.cell(row, 1).value = name
    sheet.delete_cols(3)
    workbook.save(path)
    assert [sheet.cell(row, 3).value for row in range(2, len(NAMES) + 2)] == [None] * len(NAMES)
    assert read_review(path).about == ABOUT


def test_a_value_that_is_a_name_is_a_value(tmp_path: Path) -> None:
    """A firm may be called "version": what stands for a fact is looked for beside the value only."""
    path = written(tmp_path)
    workbook = load_workbook(path)
    workbook["À propos"]["B4"].value = "version"
    workbook.save(path)
    about = read_review(path).about
    assert (about.company, about.version) == ("version", ABOUT.version)
