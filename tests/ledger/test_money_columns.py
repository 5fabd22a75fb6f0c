"""Money columns in which a factor of a thousand is possible: never guessed in silence."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError
from batch.ledger.cells.amounts import decide, parse, read_amounts
from tests.ledger.kit import codes, read_csv, read_rows

if TYPE_CHECKING:
    from batch.ledger import Cell

SPACES = [" ", "\u00a0", "\u202f", "\u2009", "\u2007", "'", "’"]


@pytest.mark.parametrize("space", SPACES)
def test_every_space_between_thousands(space: str) -> None:
    """No-break, narrow, thin and figure spaces, and the Swiss apostrophes; not between other groups of figures."""
    assert parse(f"1{space}234{space}567,80", ",") == 123456780
    assert parse(f"12{space}34,56", ",") is None


@pytest.mark.parametrize(
    "text", ["12 %", "12%", "1.5E+15", "1,2E+03", "12 h", "1/2", "#REF!", "12..5", "1,,234.00", "--5", "(5", "5)"]
)
def test_what_is_no_amount(text: str) -> None:
    """Rates and shortened figures are never read as amounts."""
    assert (parse(text, ","), parse(text, ".")) == (None, None)


def test_a_thousandth_is_no_thousand() -> None:
    """0.125 cannot be a hundred and twenty-five: nobody groups figures behind a zero."""
    assert (parse("0.125", ","), parse("0.125", "."), decide({"open": ["0.125"]}, "")) == (
        None,
        13,
        ({"open": "."}, ()),
    )


def ledger_of(*amounts: str) -> str:
    """Write a csv of these balances, tab between the cells."""
    lines = [f"A\tF{place}\t2026-10-31\t{amount}" for place, amount in enumerate(amounts)]
    return "\n".join(["Client\tN° facture\tÉchéance\tSolde", *lines])


def test_a_column_that_mixes_styles_is_said_and_its_strangers_left_out(tmp_path: Path) -> None:
    """Where no cell could be of either style, only those of the rarer style are missing, each named."""
    ledger = read_csv(tmp_path, ledger_of("1.234,56", "12,00", "7,50", "1,234.56"))
    assert (ledger.items["open"].tolist(), codes(ledger)) == (
        [123456, 1200, 750],
        ["AMOUNT-STYLES-MIXED", "AMOUNT-UNREADABLE"],
    )


def test_a_column_that_mixes_styles_is_refused_where_a_cell_could_be_of_either(tmp_path: Path) -> None:
    """1,234 among 1.234,56 and 1,234.56 may be a euro or a thousand; both are named, `decimal` settles it."""
    text = ledger_of("1.234,56", "1.234,57", "1,234.56", "1,234")
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.source.excerpt) == ("DECIMAL-DISPUTED", "1,234")
    assert (refused.value.facts["one"], refused.value.facts["other"]) == (Money(123, "EUR"), Money(123400, "EUR"))
    assert read_csv(tmp_path, text, Reading(decimal=".")).items["open"].tolist() == [123456, 123400]


def test_few_amounts_in_doubt_are_left_out_by_name(tmp_path: Path) -> None:
    """One of forty."""
    ledger = read_csv(tmp_path, ledger_of(*["12,50"] * 38, "1,234.56", "1,234"))
    assert (ledger.items["open"].sum(), ledger.source.left_out) == (38 * 1250, 2)
    assert codes(ledger) == ["AMOUNT-STYLES-MIXED", "AMOUNT-DOUBTFUL", "AMOUNT-UNREADABLE"]


def test_another_columns_mark_does_not_make_thousandths(tmp_path: Path) -> None:
    """Amounts of 12.50 beside balances of 1.234: a thousand or a euro and 23? Refused, and `decimal` settles it."""
    text = "Client\tN° facture\tÉchéance\tMontant TTC\tSolde\nA\tF1\t2026-10-31\t12.50\t1.234\nA\tF2\t2026-10-31\t12.50\t12"
    with pytest.raises(RelanceError) as refused:
        read_csv(tmp_path, text)
    assert (refused.value.code, refused.value.source.heading) == ("DECIMAL-DISPUTED", "Solde")
    assert read_csv(tmp_path, text, Reading(decimal=".")).items["open"].tolist() == [123, 1200]


def test_numbers_that_a_french_excel_made_of_an_american_csv(tmp_path: Path) -> None:
    """1,234 became 1.234 and 1,234.56 stayed text: a thousandth of the balance is refused, `decimal` settles it."""
    table: list[list[Cell]] = [["Client", "N° facture", "Échéance", "Solde"]]
    cells: list[Cell] = [1.234, 950.0, "1,234.56", "12.50"]
    table += [["A", f"F{place}", "2026-10-31", cell] for place, cell in enumerate(cells)]
    with pytest.raises(RelanceError) as refused:
        read_rows(tmp_path, table)
    assert (refused.value.code, refused.value.facts["n"]) == ("AMOUNTS-HALF-TURNED", 1)
    assert read_rows(tmp_path, table, Reading(decimal=".")).items["open"].tolist() == [123, 95000, 123456, 1250]


def test_amounts_with_more_decimals_than_the_currency_are_rounded_and_counted(tmp_path: Path) -> None:
    """33.3333 is; 230.0700000000002 is only a binary fraction, and three decimals are right in dinars."""
    table: list[list[Cell]] = [["Client", "N° facture", "Échéance", "Solde", "Devise"]]
    cells: list[tuple[Cell, str]] = [(33.3333, "EUR"), (230.0700000000002, "EUR"), (12.345, "TND"), (100.0, "EUR")]
    table += [["A", f"F{place}", "2026-10-31", cell, code] for place, (cell, code) in enumerate(cells)]
    ledger = read_rows(tmp_path, table)
    assert ledger.items["open"].tolist() == [3333, 23007, 12345, 10000]
    assert [(problem.code, problem.facts["n"], problem.source.row) for problem in ledger.problems] == [
        ("AMOUNT-ROUNDED", 1, 2)
    ]


FORMS = {
    ",": (" ", "\u00a0", "\u202f", "\u2009", ".", "'", ""),
    ".": (",", " ", "'", "’", ""),
}
AROUND = ["{}", "{} €", "€ {}", "{}\u00a0EUR", "EUR {}"]
NEGATIVE = ["-{}", "−{}", "({})", "{}-", "- {}"]


@given(
    st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=20), st.sampled_from([",", "."]), st.integers(0, 4),
    st.sampled_from(AROUND), st.sampled_from(NEGATIVE),
)  # fmt: skip
def test_any_column_of_cents_in_any_form_reads_back_the_same(
    column: list[int], decimal: str, form: int, around: str, negative: str
) -> None:
    """Two decimals settle the mark by elimination over the column: nothing is assumed and no cent is lost."""
    mark = FORMS[decimal][form]

    def write(minor: int) -> str:
        whole = f"{abs(minor) // 100:,}".replace(",", mark)
        text = f"{whole}{decimal}{abs(minor) % 100:02}"
        return around.format(negative.format(text) if minor < 0 else text)

    cells: list[Cell] = [write(minor) for minor in column]
    decided, assumed = decide({"open": cells}, "")
    read = read_amounts(cells, decided["open"])
    assert (decided, assumed, read.minor.tolist(), read.unreadable) == ({"open": decimal}, (), column, ())


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    st.lists(st.sampled_from([",", "."]), min_size=12, max_size=12),
)
def test_mixed_styles_never_read_otherwise_in_silence(column: list[int], marks: list[str]) -> None:
    """Whatever style each cell has, it is read as written or not at all."""
    texts: list[Cell] = [
        f"{minor // 100:,}.{minor % 100:02}".translate({44: 44 if mark == "." else 46, 46: 46 if mark == "." else 44})
        for minor, mark in zip(column, marks, strict=False)
    ]
    decided, _ = decide({"open": texts}, "")
    read = read_amounts(texts, decided["open"])
    assert all(minor == wanted for minor, wanted, given in zip(read.minor, column, read.given, strict=True) if given)
