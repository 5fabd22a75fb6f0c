"""The French FEC in the forms that real programs give it, and DATEV batches."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Source
from batch.core.records import Ledger
from batch.ledger import open_book, read, typed_rows
from tests.ledger.kit import codes, days, write_xlsx

HEADINGS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
    "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip
NAME = "123456789FEC20261231.txt"


def entry(
    account: str, debit: str = "0,00", credit: str = "0,00", *, aux: tuple[str, str] = ("", ""), ref: str = "", day: str = "20260115",
    let: str = "", journal: tuple[str, str] = ("VT", "Ventes"), label: str = "Ecriture", name: str = "Compte",
) -> list[str]:  # fmt: skip
    """Return one entry's 18 cells."""
    return [
        *journal,
        "1",
        day,
        account,
        name,
        *aux,
        ref,
        day,
        label,
        debit,
        credit,
        let,
        day if let else "",
        "20261231",
        "",
        "",
    ]


DURAND, PETIT = ("DURAND", "Durand SARL"), ("PETIT", "Petit SA")
BANK = ("BQ", "Banque")
YEAR = [
    entry("411000", "1200,00", aux=DURAND, ref="FA-1", let="A"),
    entry("706000", credit="1000,00", ref="FA-1"),
    entry("445710", credit="200,00", ref="FA-1"),
    entry("512000", "1200,00", day="20260301", journal=BANK),
    entry("411000", credit="1200,00", aux=DURAND, ref="VIR", day="20260301", let="A", journal=BANK),
    entry("411000", "600,00", aux=DURAND, ref="FA-2", day="20260401"),
    entry("706000", credit="600,00", ref="FA-2", day="20260401"),
    entry("411000", "90,00", aux=PETIT, ref="FA-3", day="20260402", let="A"),
    entry("706000", credit="90,00", ref="FA-3", day="20260402"),
    entry("512000", "80,00", day="20260502", journal=BANK),
    entry("411000", credit="80,00", aux=PETIT, ref="CHQ", day="20260502", let="A", journal=BANK),
]


def text_of(
    rows: list[list[str]], separator: str = "\t", end: str = "\r\n", headings: tuple[str, ...] = HEADINGS
) -> str:
    """Return the file's text."""
    return end.join(separator.join(row) for row in [list(headings), *rows]) + end


def read_fec(
    folder: Path, text: str, name: str = NAME, encoding: str = "utf-8", reading: Reading | None = None
) -> Ledger:
    """Read a FEC written here."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read(open_book(path), reading or Reading())


def test_open_items_by_lettering(tmp_path: Path) -> None:
    """Two lettered groups, of which the second leaves 10 of residual; one invoice never lettered; other accounts ignored."""
    ledger = read_fec(tmp_path, text_of(YEAR))
    items = ledger.items
    assert items["number"].tolist() == ["FA-1", "VIR", "FA-2", "FA-3", "CHQ"]
    assert items["open"].tolist() == [0, 0, 60000, 1000, 0]
    assert items["source_row"].tolist() == [2, 6, 7, 9, 12]
    assert (days(ledger, "issued")[2], days(ledger, "due")[2]) == ("2026-04-01", "2026-05-01")
    assert days(ledger, "paid_on") == ["2026-03-01", "2026-03-01", "", "", "2026-05-02"]
    assert ledger.debtors[["debtor_id", "name"]].to_numpy().tolist() == [list(DURAND), list(PETIT)]
    read_problem, unbalanced = (
        next(p for p in ledger.problems if p.code == code) for code in ("FEC-READ", "LETTERING-UNBALANCED")
    )
    assert read_problem.facts == {"n": 5, "others": 6, "siren": "123456789", "closing": dt.date(2026, 12, 31)}
    assert unbalanced.facts == {"n": 1, "amount": Money(1000, "EUR"), "customer": "PETIT", "lettering": "A"}


@pytest.mark.parametrize("separator", ["\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("form", ["plain", "trailing", "padded", "zeros", "capitals", "latin", "mark"])
def test_the_forms_of_the_file(tmp_path: Path, separator: str, end: str, form: str) -> None:
    """Separators, line ends, a trailing separator, cells filled with blanks or zeros, capitals, encodings: the same items."""
    headings: tuple[str, ...] = HEADINGS
    rows, encoding = [list(row) for row in YEAR], "utf-8"
    if form == "trailing":
        rows = [[*row, ""] for row in rows]
    if form == "padded":
        rows = [[f" {cell:<20}" for cell in row] for row in rows]
    if form == "zeros":
        rows = [[*row[:11], *(cell.zfill(13) for cell in row[11:13]), *row[13:]] for row in rows]
    if form == "capitals":
        headings = tuple(heading.upper() for heading in HEADINGS)
    if form in {"latin", "mark"}:
        encoding = "iso8859-15" if form == "latin" else "utf-8-sig"
        rows[5][10] = "Facture n° 2 été"
    ledger = read_fec(tmp_path, text_of(rows, separator, end, headings), encoding=encoding)
    assert ledger.items["number"].tolist() == ["FA-1", "VIR", "FA-2", "FA-3", "CHQ"]
    assert ledger.items["open"].tolist() == [0, 0, 60000, 1000, 0]
    assert codes(ledger) == ["FEC-READ", "DUE-DATE-COMPUTED", "LETTERING-UNBALANCED"]


def test_one_amount_and_its_side(tmp_path: Path) -> None:
    """Montant and Sens in the place of Debit and Credit; a debit below zero takes back an earlier one."""
    headings = (*HEADINGS[:11], "Montant", "Sens", *HEADINGS[13:])
    rows = [
        [*row[:11], row[11] if row[12] == "0,00" else row[12], "D" if row[12] == "0,00" else "C", *row[13:]]
        for row in YEAR
    ]
    reversed_ = [entry("411000", aux=DURAND, ref="FA-2", day="20260410"), entry("706000", ref="FA-2", day="20260410")]
    for row, amount, side in zip(reversed_, ("-100,00", "-100,00"), "DC", strict=True):
        row[11:13] = [amount, side]
    ledger = read_fec(tmp_path, text_of([*rows, *reversed_], "|", headings=headings))
    assert ledger.items["open"].tolist() == [0, 0, 50000, 1000, 0, 0]
    assert "ENTRIES-UNBALANCED" not in codes(ledger)


def test_customers_in_the_account_itself(tmp_path: Path) -> None:
    """Without auxiliary account 4110xxxx is the customer; 411000 for somebody unnamed is said."""
    rows = [
        entry("41100012", "100,00", ref="FA-1", name="Garage du Pont"),
        entry("41100013", "50,00", ref="FA-2", name="Moulin"),
        entry("411000", "7,00", ref="FA-3", name="Clients divers"),
        entry("706000", credit="157,00"),
    ]
    ledger = read_fec(tmp_path, text_of(rows))
    assert ledger.debtors[["debtor_id", "name"]].to_numpy().tolist() == [
        ["41100012", "Garage du Pont"], ["41100013", "Moulin"], ["411000", "Clients divers"],
    ]  # fmt: skip
    assert next(p.facts for p in ledger.problems if p.code == "CUSTOMERS-UNNAMED") == {"n": 1}


def test_no_lettering_at_all_is_allocated_oldest_first(tmp_path: Path) -> None:
    """1,280 paid on 1,200 and 690: said as a warning; a due date follows the terms of relance.toml."""
    rows = [[*row[:13], "", "", *row[15:]] for row in YEAR]
    ledger = read_fec(tmp_path, text_of(rows), reading=Reading(terms_days=45))
    assert ledger.items["open"].tolist() == [0, 0, 60000, 1000, 0]
    assert days(ledger, "due")[2] == "2026-05-16"
    assert "CREDITS-OLDEST-FIRST" in codes(ledger)


def test_doubtful_customers_and_bills_are_marked(tmp_path: Path) -> None:
    """416 says so in the note, 413 is paid by bill of exchange, 4117 is withheld; 419 and 401 are no customers."""
    rows = [
        entry("416000", "100,00", aux=DURAND, ref="FA-1", name="Clients douteux"),
        entry("413000", "50,00", aux=DURAND, ref="LCR-1"),
        entry("411700", "30,00", aux=DURAND, ref="RG-1", name="Clients - retenues de garantie"),
        entry("419100", credit="80,00", aux=DURAND),
        entry("401000", credit="100,00"),
    ]
    items = read_fec(tmp_path, text_of(rows)).items
    assert items[["note", "payment_mode", "retention"]].to_numpy().tolist() == [
        ["Clients douteux", "", False], ["", "bill_of_exchange", False], ["", "", True],
    ]  # fmt: skip


def test_quotation_marks_in_labels_are_letters(tmp_path: Path) -> None:
    """A label that begins with one swallows no line."""
    rows = [list(row) for row in YEAR]
    rows[0][10], rows[5][10] = '"Chez Paul', '17" de façade'
    assert len(read_fec(tmp_path, text_of(rows)).items) == 5


@pytest.mark.parametrize(
    ("place", "label"), [(10, "Facture | avril"), (10, "a|b|c"), (7, "Durand | Fils"), (10, "Lot 12|2024")]
)
def test_a_separator_in_a_label_is_mended(tmp_path: Path, place: int, label: str) -> None:
    """Only one reading fits: the amounts are those of the entry, and the row is said."""
    rows = [list(row) for row in YEAR]
    rows[5][place] = label
    ledger = read_fec(tmp_path, text_of(rows, "|"))
    assert ledger.items["open"].tolist() == [0, 0, 60000, 1000, 0]
    (said,) = [problem for problem in ledger.problems if problem.code == "FEC-ROWS-MENDED"]
    assert (said.source, said.facts) == (Source(NAME, "", 7), {"n": 1})
    assert ledger.source.left_out == 0


def test_a_line_break_in_a_label_is_mended(tmp_path: Path) -> None:
    """Both halves are one entry again."""
    rows = [list(row) for row in YEAR]
    rows[5][10] = "Facture\navril"
    ledger = read_fec(tmp_path, text_of(rows))
    assert ledger.items["open"].tolist() == [0, 0, 60000, 1000, 0]
    assert "FEC-ROWS-MENDED" in codes(ledger)


def test_a_row_beyond_repair_is_left_out_and_counted(tmp_path: Path) -> None:
    """An account that is none: an error names the row, and the file no longer balances."""
    rows = [list(row) for row in YEAR]
    rows[5][4] = "clients"
    ledger = read_fec(tmp_path, text_of(rows))
    assert [(p.code, p.source.row) for p in ledger.problems if p.code.startswith("FEC-ROW")] == [("FEC-ROW-BROKEN", 7)]
    assert "ENTRIES-UNBALANCED" in codes(ledger)
    assert (ledger.source.rows, ledger.source.left_out, ledger.items["open"].sum()) == (5, 1, 1000)


def test_a_foreign_currency_is_not_that_of_the_amounts(tmp_path: Path) -> None:
    """Debit is in the currency of the books; Montantdevise and Idevise only tell of another."""
    rows = [list(row) for row in YEAR]
    rows[5][16:] = ["660,00", "USD"]
    ledger = read_fec(tmp_path, text_of(rows))
    assert ledger.items["currency"].unique().tolist() == ["EUR"]
    assert next(p.facts for p in ledger.problems if p.code == "FEC-FOREIGN") == {"n": 1}


def test_a_fec_without_customers_is_refused(tmp_path: Path) -> None:
    """What accounts are looked for is said."""
    with pytest.raises(RelanceError) as refused:
        read_fec(tmp_path, text_of([entry("512000", "1,00"), entry("706000", credit="1,00")]))
    assert (refused.value.code, refused.value.facts) == ("NO-CUSTOMER-ACCOUNTS", {"n": 2, "accounts": "411, 413, 416"})


@pytest.mark.parametrize("broken", [False, True])
def test_written_as_a_plain_sheet_it_is_read_back_the_same(tmp_path: Path, *, broken: bool) -> None:
    """Also when a row had to be mended."""
    rows = [list(row) for row in YEAR]
    rows[5][10] = "Facture | avril" if broken else "Facture"
    path = tmp_path / NAME
    path.write_text(text_of(rows, "|"), encoding="utf-8")
    before = read(book := open_book(path), Reading())
    sheet = typed_rows(book, before)
    assert sheet[1][9] == dt.date(2026, 1, 15)
    after = read(open_book(write_xlsx(tmp_path, {"FEC": sheet})), Reading())
    for name in ("items", "debtors", "payments"):
        first, second = getattr(before, name), getattr(after, name)
        gone = ["source_sheet"] if name == "items" else []
        pd.testing.assert_frame_equal(first.drop(columns=gone), second.drop(columns=gone))


MOVEMENT = st.tuples(
    st.sampled_from([DURAND, PETIT]),
    st.integers(1, 28),
    st.integers(1, 500_000),
    st.booleans(),
    st.sampled_from(["", "A", "B"]),
)


@given(st.lists(MOVEMENT, min_size=1, max_size=15), st.sampled_from(["\t", "|"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_booked_the_balances_are_those_of_the_accounts(
    tmp_path: Path, drawn: list[tuple[tuple[str, str], int, int, bool, str]], separator: str
) -> None:
    """Each customer owes debits less credits, in cents."""
    rows: list[list[str]] = []
    sums: dict[str, int] = {}
    for aux, day, cents, owes, let in drawn:
        text = f"{cents // 100},{cents % 100:02}"
        sides = (text, "0,00") if owes else ("0,00", text)
        rows.append(entry("411000", *sides, aux=aux, day=f"202603{day:02}", let=let, ref="VT"))
        rows.append(entry("706000", *reversed(sides), day=f"202603{day:02}"))
        sums[aux[0]] = sums.get(aux[0], 0) + (cents if owes else -cents)
    assert read_fec(tmp_path, text_of(rows, separator)).items.groupby("debtor_id")["open"].sum().to_dict() == sums


EXTF = '"EXTF";700;21;"Buchungsstapel";9;20260306102500000;;"XY";"";"";1001;456;20260101;4;20260101;20261231;"Lot";"";1;;0;"EUR"'
BATCH = "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);Belegdatum;Belegfeld 1;Buchungstext"


def test_a_datev_batch_gives_its_customers(tmp_path: Path) -> None:
    """Konto on its side, Gegenkonto on the other; day and month of the batch's year; both sides may be customers."""
    path = tmp_path / "EXTF_Buchungsstapel.csv"
    rows = """1190,00;"S";"EUR";10001;8400;1502;"RE-1";"Rechnung"
        190,00;"S";"EUR";1200;10001;0103;"RE-1";"Zahlung"
        50,00;"H";"";10002;1200;2803;"Z-9";"Zahlung"
        30,00;"S";"";10002;10001;2903;"U-1";"Umbuchung"
        99,00;"S";"";1200;8400;2903;"";"Barverkauf\""""
    path.write_bytes("\r\n".join([EXTF, BATCH, *(row.strip() for row in rows.splitlines())]).encode("cp1252"))
    ledger = read(open_book(path), Reading())
    items = ledger.items
    assert items["debtor_id"].tolist() == ["10001", "10001", "10002", "10002", "10001"]
    assert items["amount"].tolist() == [119000, -19000, -5000, 3000, -3000]
    assert days(ledger, "issued") == ["2026-02-15", "2026-03-01", "2026-03-28", "2026-03-29", "2026-03-29"]
    assert items.groupby("debtor_id")["open"].sum().to_dict() == {"10001": 97000, "10002": -2000}
    assert items["source_row"].tolist() == [3, 4, 5, 6, 6]


def test_other_files_of_datev_are_refused_by_name(tmp_path: Path) -> None:
    """Master data are no entries."""
    path = tmp_path / "EXTF_Stammdaten.csv"
    path.write_text(
        EXTF.replace("21;", "16;", 1).replace("Buchungsstapel", "Debitoren/Kreditoren")
        + "\nKonto;Name\n10000;Durand\n",
        encoding="utf-8",
    )
    with pytest.raises(RelanceError) as refused:
        read(open_book(path), Reading())
    assert (refused.value.code, refused.value.facts["kind"]) == ("DATEV-OTHER", "Debitoren/Kreditoren")
