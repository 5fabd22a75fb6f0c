"""The new sheets: what stands in them, in which order, in both languages, and what Excel is told about them."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from batch.core.since import Since
from batch.core.tables import CHANGES, EFFECTS, OWN_HEADING
from batch.words import LANGUAGES, for_language
from batch.workbook.layout import CALLS, CHOICES, FIRST_ROW, HEADER_ROW, LETTERS, PROBLEMS, REVIEW, Column
from batch.workbook.review import annotation, write_sheets
from tests.workbook.plans import ABOUT, ACCOUNTS, filled, item_id, messages_of, small_plan
from tests.workbook.reviewing import column, row, written


def test_the_sheets_stand_in_their_order_and_review_opens_first(tmp_path: Path) -> None:
    """Summary, Review, Calls, Letters, Problems, About; the name of Review is returned and its sheet is the active one."""
    path = tmp_path / "sheets.xlsx"
    words = for_language("fr")
    name = write_sheets(path, plan=small_plan(), messages={}, about=ABOUT, words=words, problems=())
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["Synthèse", "Revue", "Appels", "Courriers", "Problèmes", "À propos"]
    assert name == "Revue"
    assert workbook.active is workbook["Revue"]


def test_without_a_letter_there_is_no_letters_sheet(tmp_path: Path) -> None:
    """Letters is only there when something is to be printed."""
    mailed = [account for account in ACCOUNTS if account[9] != "letter"]
    path = tmp_path / "sheets.xlsx"
    words = for_language("en")
    write_sheets(path, plan=small_plan(mailed), messages={}, about=ABOUT, words=words, problems=())
    assert load_workbook(path).sheetnames == ["Summary", "Review", "Calls", "Problems", "About"]


def test_review_sorts_by_what_matters(tmp_path: Path) -> None:
    """First what needs approval, then what leaves by itself, then the rest; within each the largest amount asked first."""
    sheet = load_workbook(written(tmp_path))["Revue"]
    keys = [cells[:2] for cells in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert keys == [
        ("411MOREAU", "EUR"), ("411BLANC", "EUR"), ("411LEGRAND", "EUR"), ("411PETIT", "EUR"), ("411ROUX", "EUR"),
        ("411VERT", "USD"), ("411DURAND", "EUR"), ("411NOIR", "EUR"), ("00042", "EUR"), ("411VERT", "EUR"),
    ]  # fmt: skip


def test_a_review_row_tells_the_account(tmp_path: Path) -> None:
    """Money is a number in units, days are dates, the decision is prefilled with the proposal, the digest stands there."""
    plan = small_plan()
    sheet = load_workbook(written(tmp_path, messages=messages_of(plan)))["Revue"]
    at = row(sheet, ("411DURAND", "EUR"))
    codes = (
        "standing",
        "open",
        "overdue",
        "days_late",
        "next_on",
        "decision",
        "standing_code",
        "digest",
        "hold_until",
        "numbers",
    )
    assert [sheet.cell(at, column(sheet, code)).value for code in codes] == [
        "oubli probable", 1234.56, 1000, 21, dt.datetime(2026, 12, 5), "envoyer", "forgetful", "d-411DURAND-EUR", None,
        "FA-RAND-EUR",
    ]  # fmt: skip


def test_bad_faith_is_presumed_in_both_languages(tmp_path: Path) -> None:
    """The word "dishonest" is shown to nobody: the reviewer reads that bad faith is presumed."""
    for language, said in (("fr", "mauvaise foi présumée"), ("en", "bad faith presumed")):
        workbook = load_workbook(written(tmp_path, language))
        sheet = workbook[for_language(language).label("sheets", "review")]
        assert sheet.cell(row(sheet, ("411LEGRAND", "EUR")), column(sheet, "standing", language)).value == said


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    """A customer called =HYPERLINK("x") is shown by that name, on every sheet."""
    workbook = load_workbook(written(tmp_path))
    kinds = {cell.data_type for sheet in workbook for cells in sheet.iter_rows() for cell in cells}
    sheet = workbook["Revue"]
    assert "f" not in kinds
    assert sheet.cell(row(sheet, ("411NOIR", "EUR")), column(sheet, "name")).value == '=HYPERLINK("x")'


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    """What XML cannot hold is dropped, what Excel would decode is kept as it is written, the rest stays."""
    name = "A\x07B\ud800C <&> \ufffe_x0007_"
    accounts = [("411X", "EUR", name, *ACCOUNTS[0][3:])]
    path = tmp_path / "sheets.xlsx"
    write_sheets(path, plan=small_plan(accounts), messages={}, about=ABOUT, words=for_language("fr"), problems=())
    with ZipFile(path) as archive:
        assert (
            '<t xml:space="preserve">ABC &lt;&amp;&gt; _x005F_x0007_</t>'
            in archive.read("xl/worksheets/sheet2.xml").decode()
        )


def test_every_choice_has_a_drop_down_that_refuses_other_words(tmp_path: Path) -> None:
    """Lists hold at most 255 characters and no comma within a word; a wrong word is refused; every cell to type in explains itself."""
    for language in LANGUAGES:
        words = for_language(language)
        offered = {code: [words.label(group, one) for one in codes] for code, (group, codes) in CHOICES.items()}
        assert [word for labels in offered.values() for word in labels if "," in word] == []
        assert [code for code, labels in offered.items() if len(",".join(labels)) > 255] == []
        workbook = load_workbook(written(tmp_path, language))
        for sheet, columns in (("review", REVIEW), ("calls", CALLS)):
            page = workbook[words.label("sheets", sheet)]
            checks = {
                range_boundaries(str(check.sqref))[0] or 0: check for check in page.data_validations.dataValidation
            }
            typed = [code.code for code in columns if code.band == "person"]
            assert sorted(checks) == sorted(column(page, code, language) for code in typed)
            assert all(check.showErrorMessage and check.showInputMessage for check in checks.values())
            assert all(0 < len(check.prompt) <= 255 for check in checks.values())
            for code in set(typed) & set(offered):
                assert checks[column(page, code, language)].formula1 == '"' + ",".join(offered[code]) + '"'


def test_calls_say_who_and_what(tmp_path: Path) -> None:
    """Accounts to call or to settle a dispute with stand on Calls, with phone, talking points and the overdue invoices."""
    sheet = load_workbook(written(tmp_path))["Appels"]
    keys = [cells[0] for cells in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert keys == ["411PETIT", "411ROUX"]
    assert sheet.cell(FIRST_ROW, column(sheet, "phone")).value == "01 23 45 67 89"
    assert (
        sheet.cell(FIRST_ROW, column(sheet, "invoices")).value
        == "FA-ETIT-EUR · 2\u202f600,00\xa0€ · échue le 14/09/2026"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_subject_links_to_its_message(tmp_path: Path, language: str) -> None:
    """On Review and Letters each subject leads to its account's place in preview.html; a row without a message has no link."""
    messages = messages_of(small_plan())
    workbook = load_workbook(written(tmp_path, language, messages))
    linked = set()
    for name in ("review", "letters"):
        sheet = workbook[for_language(language).label("sheets", name)]
        place = column(sheet, "subject", language)
        assert sheet.cell(HEADER_ROW, place).hyperlink is None
        for cells in sheet.iter_rows(min_row=FIRST_ROW):
            link, message = cells[place - 1].hyperlink, messages.get((str(cells[0].value), str(cells[1].value)))
            expected = ("preview.html", message.anchor) if message else None
            assert (link and (link.target, link.location)) == expected
            linked.add(expected)
    assert linked > {None}


def test_without_messages_there_is_no_link(tmp_path: Path) -> None:
    """A run that writes no message leaves no relationship to a page either."""
    with ZipFile(written(tmp_path)) as archive:
        assert [name for name in archive.namelist() if b"preview.html" in archive.read(name)] == []


def test_problems_link_to_their_cell(tmp_path: Path) -> None:
    """The gravest comes first; its place is a link inside the workbook, also where the sheet's name has an apostrophe."""
    sheet = load_workbook(written(tmp_path))["Problèmes"]
    place = sheet.cell(FIRST_ROW, column(sheet, "place"))
    assert sheet.cell(FIRST_ROW, 1).value == "erreur"
    assert place.value == "Ouvert d'été, F47"
    assert place.hyperlink is not None
    assert (place.hyperlink.location, place.hyperlink.target) == ("'Ouvert d''été'!F47", None)


def test_summary_has_two_native_charts_on_its_own_cells(tmp_path: Path) -> None:
    """Ageing and standings are charts that a spreadsheet draws from the tables beneath them."""
    with ZipFile(written(tmp_path)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2
    assert all("Synthèse" in chart and "barChart" in chart for chart in charts)


def test_summary_says_what_changed_since_the_last_sending(tmp_path: Path) -> None:
    """Two invoices brought 280.00, and of 900.00 reminded 280.00 came in, 31 %; without anything before, neither is there."""
    effects = [{"step": "reminder_1", "currency": "EUR", "items": 3, "open": 90000, "paid": 1, "collected": 28000}]
    changes = [{"code": "collected", "currency": "EUR", "items": 2, "amount": 28000}]
    since = Since(dt.date(2026, 11, 13), filled(CHANGES, changes), filled(EFFECTS, effects))
    path, words = tmp_path / "later.xlsx", for_language("fr")
    write_sheets(path, plan=replace(small_plan(), since=since), messages={}, about=ABOUT, words=words, problems=())
    sheet = load_workbook(path)["Synthèse"]
    cells = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert ["Depuis le 13/11/2026", "Ce qu'ont donné les relances depuis le 13/11/2026"] in cells
    assert ["encaissé, en tout ou en partie", "EUR", 2, 280, "relance 1", 3, 900, 280, 28000 / 90000] in cells
    before = load_workbook(written(tmp_path))["Synthèse"]
    assert not any("Depuis le" in str(cell.value) for row in before.iter_rows() for cell in row)


def test_what_matters_most_comes_first(tmp_path: Path) -> None:
    """What a person must approve, the most overdue first; then what leaves by itself; then the rest."""
    first = {who: at for at, (who, *_) in enumerate(ACCOUNTS)}
    reversed_accounts = sorted(ACCOUNTS, key=lambda account: -first[account[0]])
    path = tmp_path / "sheets.xlsx"
    plan = small_plan(reversed_accounts)
    write_sheets(path, plan=plan, messages={}, about=ABOUT, words=for_language("fr"), problems=())
    sheet = load_workbook(path)["Revue"]
    assert [cells[0] for cells in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)] == [
        "411MOREAU", "411BLANC", "411LEGRAND", "411PETIT", "411ROUX",  # 7,500, 7,400, 5,200, 2,600, 640 overdue
        "411VERT", "411DURAND",  # 2,500 and 1,000, no approval needed
        "411NOIR", "00042", "411VERT",  # 900, 450 and nothing overdue, no step
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_prints_on_landscape_pages(tmp_path: Path, language: str) -> None:
    """A4 landscape, fitted to the width of the page (two side by side for Review and Calls), headings repeated, pages numbered."""
    words = for_language(language)
    workbook = load_workbook(written(tmp_path, language))
    wide = {"summary": 1, "review": 2, "calls": 2, "letters": 1, "problems": 1, "about": 1}
    assert workbook.sheetnames == [words.label("sheets", code) for code in wide]
    for code, pages in wide.items():
        sheet = workbook[words.label("sheets", code)]
        page = sheet.page_setup
        assert (page.orientation, int(page.paperSize or 0), page.fitToHeight) == ("landscape", 9, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.oddFooter is not None
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, page.fitToWidth or 1) == (True, pages)
        assert sheet.oddFooter.right.text == "&P / &N"
        assert sheet.print_area
        if code not in {"summary", "about"}:
            assert sheet.print_title_rows == f"$1:${HEADER_ROW}"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """Written twice, the file is the same: no clock is in it."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    assert written(first).read_bytes() == written(second).read_bytes()


@pytest.mark.parametrize("columns", [REVIEW, CALLS, LETTERS, PROBLEMS])
def test_no_two_headings_are_the_same(columns: tuple[Column, ...]) -> None:
    """A heading, in either language, stands for one column of its sheet: reading back relies on it."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for one in columns:
            found.setdefault(for_language(language).label("headings", one.code).casefold(), set()).add(one.code)
    assert {heading: codes for heading, codes in found.items() if len(codes) > 1} == {}


def test_annotation_has_a_row_for_each_item() -> None:
    """Open items say where they stand and why; a settled one has its key and the word for paid; headings carry our mark."""
    columns = annotation(small_plan(), for_language("en"))
    assert all(heading.startswith(OWN_HEADING) for heading in columns.headings)
    assert len(columns.headings) == len(columns.widths) == len(columns.kinds)
    assert columns.rows[5] == (
        item_id("411DURAND", "EUR"), 21, "1 to 30 days", "probably forgot", "courtesy notice", "reminder 1",
        "Overdue by 21 days: reminder 1",
    )  # fmt: skip
    assert columns.rows[60] == ("411DURAND|invoice|FA-1|2026-01-31|1", None, "paid", None, None, None, None)
