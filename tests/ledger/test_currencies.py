"""The currency of each item: by column, sign, heading, number format, settings; two without any way to tell are said."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.core.records import Ledger
from batch.ledger import open_book, read
from batch.ledger.cells.formats import currencies_of_cells, currency_of_format, is_1904
from tests.ledger.kit import codes, days, read_csv, write_xlsx

EURO, DOLLAR, PLAIN = "#,##0.00 [$€-40C]", '"$"#,##0.00', "#,##0.00"


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("#,##0.00 [$€-40C]", "EUR"), ('_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-', "EUR"), (r"#,##0.00\ €", "EUR"),
        ('"$"#,##0.00', "USD"), ("[$$-409]#,##0.00", "USD"), ("[$$-1009]#,##0.00", "CAD"), ("[$$-C09]#,##0.00", "AUD"),
        ('_-* #,##0.00 "USD"', "USD"), ("[$CHF-807] #,##0.00", "CHF"), ("[$fr.-807]#,##0.00", "CHF"), ("[$£-809]#,##0.00", "GBP"),
        ("#,##0.00 [$kr-41D]", "SEK"), ("[$USD] #,##0.00", "USD"), ("#,##0.00", ""), ("General", ""), ("[Red]#,##0.00", ""),
        ("[$-40C]#,##0.00", ""), ("0.00%", ""), ('0" jours"', ""), ("dd/mm/yyyy", ""), ('#,##0.00;[Red]-#,##0.00 "€"', ""),
    ],
)  # fmt: skip
def test_the_currency_that_a_number_format_shows(code: str, currency: str) -> None:
    """By sign, by code, by the country behind a shared sign; colours, countries without sign and units are none."""
    assert currency_of_format(code, "EUR") == currency


def test_a_bare_dollar_is_the_settings_own() -> None:
    """Where the settings speak of Australian dollars, so do the cells."""
    assert currency_of_format(DOLLAR, "AUD") == "AUD"


def formatted(folder: Path, formats: list[str], reading: Reading | None = None) -> Ledger:
    """Read a workbook of one item per number format, 100.00 each."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Client", "N° facture", "Échéance", "Solde"])
    for place, form in enumerate(formats):
        sheet.append([f"C{place}", f"F{place}", "2026-10-31", 100.0])
        sheet.cell(place + 2, 4).number_format = form
    path = folder / "formats.xlsx"
    book.save(path)
    return read(open_book(path), reading or Reading())


def test_several_currencies_in_one_column_by_format(tmp_path: Path) -> None:
    """Each row in its own; a row without any is taken in the settings' currency, and that is said."""
    ledger = formatted(tmp_path, [EURO, DOLLAR, "[$£-809]#,##0.00", PLAIN])
    assert (ledger.items["currency"].tolist(), codes(ledger)) == (
        ["EUR", "USD", "GBP", "EUR"],
        ["CURRENCY-BY-FORMAT", "CURRENCY-PARTLY"],
    )


def test_one_currency_by_format_speaks_for_the_column(tmp_path: Path) -> None:
    """All cells in dollars; the settings' own currency needs no word."""
    ledger = formatted(tmp_path, [DOLLAR, DOLLAR])
    assert (ledger.items["currency"].tolist(), codes(ledger)) == (["USD", "USD"], ["CURRENCY-BY-FORMAT"])
    ledger = formatted(tmp_path, [EURO, PLAIN])
    assert (ledger.items["currency"].tolist(), ledger.problems) == (["EUR", "EUR"], ())


def test_a_currency_far_down_is_found(tmp_path: Path) -> None:
    """The last of 3,000 rows: the whole column is looked at, not its beginning."""
    ledger = formatted(tmp_path, [PLAIN] * 2999 + [DOLLAR])
    assert ledger.items["currency"].tolist()[-1] == "USD"
    assert codes(ledger) == ["CURRENCY-BY-FORMAT", "CURRENCY-PARTLY"]


def test_a_column_of_currencies_goes_before_the_formats(tmp_path: Path) -> None:
    """What the export says outright is believed."""
    path = write_xlsx(
        tmp_path,
        {"L": [["Client", "N° facture", "Échéance", "Solde", "Devise"], ["A", "F1", "2026-10-31", 1.0, "CHF"]]},
    )
    book = load_workbook(path)
    book["L"]["D2"].number_format = DOLLAR
    book.save(path)
    assert read(open_book(path), Reading()).items["currency"].tolist() == ["CHF"]


def test_a_sheet_written_with_prefixes_is_read_too(tmp_path: Path) -> None:
    """Some programs write <x:c s="1" r="D2">."""
    formatted(tmp_path, [DOLLAR])
    other = tmp_path / "prefixed.xlsx"
    with ZipFile(tmp_path / "formats.xlsx") as old, ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                for tag in (b"c", b"v", b"row", b"sheetData", b"is", b"t"):
                    text = text.replace(b"<" + tag + b" ", b"<x:" + tag + b" ").replace(
                        b"<" + tag + b">", b"<x:" + tag + b">"
                    )
                    text = text.replace(b"</" + tag + b">", b"</x:" + tag + b">")
                text = text.replace(
                    b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                )
            new.writestr(name, text)
    assert currencies_of_cells(other, "Sheet", {"open_balance": "D"}, "EUR") == {"open_balance": {2: "USD"}}


def test_what_is_no_package_shows_nothing(tmp_path: Path) -> None:
    """A file that went away or is damaged is another door's business."""
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no zip")
    assert (currencies_of_cells(broken, "L", {"amount": "A"}, "EUR"), is_1904(broken), is_1904(tmp_path / "gone")) == (
        {},
        False,
        False,
    )


HEAD = "Client;N° facture;Échéance;Solde"


def test_signs_beside_some_amounts_only_are_said(tmp_path: Path) -> None:
    """Dollars on one row, nothing on the other: taken as dollars too, and counted; a zero needs no currency."""
    ledger = read_csv(tmp_path, f"{HEAD}\nA;F1;2026-10-31;$12.50\nA;F2;2026-10-31;7.50\nA;F3;2026-10-31;0.00")
    assert ledger.items["currency"].tolist() == ["USD"] * 3
    assert [(problem.code, problem.facts["n"]) for problem in ledger.problems] == [("CURRENCY-PARTLY", 1)]


def test_a_row_in_two_currencies_is_left_out(tmp_path: Path) -> None:
    """Amount in dollars, balance in euros: no one can tell what is owed."""
    text = (
        "Client;N° facture;Échéance;Montant TTC;Solde\nA;F1;2026-10-31;12,50 $;12,50 €\nB;F2;2026-10-31;5,00 €;5,00 €"
    )
    ledger = read_csv(tmp_path, text)
    assert (ledger.items["number"].tolist(), codes(ledger)) == (["F2"], ["CURRENCY-DISPUTED"])


def test_headings_in_two_currencies_are_a_question(tmp_path: Path) -> None:
    """Montant USD beside Solde EUR: the settings name the column that counts, and the other is not read."""
    text = "Client;N° facture;Échéance;Montant TTC USD;Solde EUR\nA;F1;2026-10-31;12,50;11,50"
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.facts["field"]) == ("CURRENCY-HEADINGS", "amount")
    ledger = read_csv(tmp_path, text, Reading(columns={"amount": "Solde EUR"}))
    assert (ledger.items["currency"].tolist(), ledger.items["open"].tolist()) == (["EUR"], [1150])


def test_blank_cells_of_a_currency_column_are_said(tmp_path: Path) -> None:
    """Blank means the settings' own where others name dollars."""
    ledger = read_csv(tmp_path, f"{HEAD};Devise\nA;F1;2026-10-31;1,00;USD\nA;F2;2026-10-31;1,00;")
    assert (ledger.items["currency"].tolist(), codes(ledger)) == (["USD", "EUR"], ["CURRENCY-PARTLY"])


@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF"])
@pytest.mark.parametrize("rows", [";1,00;USD\nA;F2;2026-10-31;1,00;", ";1,00 $;\nA;F2;2026-10-31;1,00;"])
def test_what_blanks_mean_is_said_in_the_settings(tmp_path: Path, rows: str, currency: str) -> None:
    """Whether a column names the others or a sign beside the amounts: then nothing is said of them."""
    headings = f"{HEAD};Devise" if "USD" in rows else f"{HEAD};Agence"
    ledger = read_csv(tmp_path, f"{headings}\nA;F1;2026-10-31{rows}", Reading(blank_currency=currency))
    assert (ledger.items["currency"].tolist(), codes(ledger)) == (["USD", currency], [])


def test_bare_day_numbers_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    """True dates come right from the reader; 44884 without a date format is 20 November 2026 there, and four years less a day in others."""
    path = write_xlsx(tmp_path, {"L": [HEAD.split(";"), ["A", "F1", 44884, 1.0]]})
    assert days(read(open_book(path), Reading()), "due") == ["2022-11-19"]
    other = tmp_path / "mac.xlsx"
    book = load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(other)
    assert is_1904(other)
    assert days(read(open_book(other), Reading()), "due") == ["2026-11-20"]
