"""From a row of the Review sheet to its message: the link of the subject, followed from the workbook's folder."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from batch.words import for_language
from batch.workbook.layout import FIRST_ROW
from tests.browser import Browser
from tests.jobs.desk import Desk
from tests.workbook.reviewing import column

Links = dict[tuple[str, str], tuple[str, str, str]]


def links_of(workbook: Path) -> Links:
    """Return subject, file and place of the link of each account of the Review sheet that has a subject."""
    sheet = load_workbook(workbook)[for_language("fr").label("sheets", "review")]
    found = {}
    for cells in sheet.iter_rows(min_row=FIRST_ROW):
        subject = cells[column(sheet, "subject") - 1]
        if subject.value:
            assert subject.hyperlink is not None
            key = str(cells[0].value), str(cells[1].value)
            found[key] = (str(subject.value), str(subject.hyperlink.target), str(subject.hyperlink.location))
    return found


def test_every_link_opens_its_message(settled_run: Desk, browser: Browser) -> None:
    """Each subject of the Review sheet leads to a page beside the workbook, which shows the message with that subject."""
    workbook = settled_run.workbook()
    links = links_of(workbook)
    browser.open((workbook.parent / "preview.html").as_uri())

    assert len(links) == browser.run("return messages.length") > 10
    assert {file for _, file, _ in links.values()} == {"preview.html"}
    for (debtor_id, _), (subject, file, place) in list(links.items())[::5]:
        browser.open(f"{(workbook.parent / file).as_uri()}#{place}")
        assert browser.run("return [at('subject').textContent, current.id]") == [subject, debtor_id]


def test_links_survive_libreoffice(desk: Desk, libreoffice: Callable[[Path], Path]) -> None:
    """Saved by LibreOffice, in another folder, each link still leads to the same page and place."""
    before = links_of(desk.workbook())
    saved = libreoffice(desk.workbook())

    after = links_of(saved)

    assert {key: (subject, place) for key, (subject, _, place) in after.items()} == {
        key: (subject, place) for key, (subject, _, place) in before.items()
    }
    pages = {(saved.parent / file.removeprefix("file://")).resolve() for _, file, _ in after.values()}
    assert pages == {(desk.workbook().parent / "preview.html").resolve()}
