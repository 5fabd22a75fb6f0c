"""Money columns in every writing → exact minor units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.ledger.cells.amounts import currency_of, decide, parse, read_amounts, to_minor


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [
        ("1 234,56", ",", 123456),
        ("1\u00a0234,56", ",", 123456),
        ("1\u202f234\u202f567,80", ",", 123456780),
        ("1.234,56", ",", 123456),
        ("1234,5", ",", 123450),
        ("1 234", ",", 123400),
        ("1,234.56", ".", 123456),
        ("1'234.56", ".", 123456),
        ("12,34,567.00", ".", 123456700),
        ("230.0700000000002", ".", 23007),
        ("(1 234,56)", ",", -123456),
        ("1 234,56-", ",", -123456),
        ("-1 234,56", ",", -123456),
        ("−12,00", ",", -1200),
        ("$(250.00)", ".", -25000),
        ("-$250.00", ".", -25000),
        ("€ 1 234,00", ",", 123400),
        ("1 234,00 €", ",", 123400),
        ("EUR 12,50", ",", 1250),
        ("12,50 eur", ",", 1250),
        ("-", ",", 0),
        ("0,00", ",", 0),
        (",50", ",", 50),
        ("1,005", ",", 101),
        ("1,004", ",", 100),
        ("1 234,56", ".", None),
        ("1,234.56", ",", None),
        ("1 234,5O", ",", None),
        ("12 34,56", ",", None),
        ("1.23.456,00", ",", 12345600),
        ("30 jours", ",", None),
        ("FAC 100", ",", None),
        ("", ",", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, decimal: str, minor: int | None) -> None:
    """Spaces of all kinds, signs before and behind, brackets, currencies; what is no amount is None."""
    assert parse(text, decimal) == minor


def test_units_other_than_cents() -> None:
    """Yen have no decimals, dinars three."""
    assert (parse("1 234", ",", 0), parse("1,234", ",", 3), parse("1234,5", ",", 0)) == (1234, 1234, 1235)


@pytest.mark.parametrize(
    ("columns", "asked", "decided", "assumed"),
    [
        ({"open": ["1 234,56", "12,00"]}, "", {"open": ","}, ()),
        ({"open": ["1,234.56", "12"]}, "", {"open": "."}, ()),
        ({"open": ["1,234", "12"], "amount": ["1,234.00", "12"]}, "", {"open": ".", "amount": "."}, ()),
        ({"open": ["1,234", "12"]}, "", {"open": "."}, ("open",)),
        ({"open": ["1.234", "12"]}, "", {"open": ","}, ("open",)),
        ({"open": ["1,234", "12"]}, ",", {"open": ","}, ()),
        ({"open": ["1234", "12"]}, "", {"open": ","}, ()),
        ({"open": [12.5, 3.0, ""]}, "", {"open": ","}, ()),
        ({"open": ["1,50", "2,50", "3.50"]}, "", {"open": ","}, ()),
    ],
)
def test_the_decimal_mark_is_decided_by_elimination_over_the_column(
    columns: dict[str, list[str | float]], asked: str, decided: dict[str, str], assumed: tuple[str, ...]
) -> None:
    """Other columns help; 1,234 alone is taken as a thousand, and that is said."""
    assert decide(columns, asked) == (decided, assumed)


def test_binary_fractions_are_rounded_to_the_cent() -> None:
    """Excel's 230.0700000000002 is 230.07; half a cent goes away from zero, as Excel shows it."""
    floats = np.array([230.0700000000002, 0.1 + 0.2, 2.675, -2.675, 1.005, 4503599627370.49, np.nan])
    assert to_minor(floats, 2).tolist() == [23007, 30, 268, -268, 101, 450359962737049, 0]


def test_a_column_of_mixed_cells() -> None:
    """Numbers and texts side by side; blanks are no amount, letters and dates are unreadable."""
    read = read_amounts([12.5, "1 000,00", "", "N/A", "-", "abc", True, 10**20], ",")
    assert read.minor.tolist() == [1250, 100000, 0, 0, 0, 0, 0, 0]
    assert read.given.tolist() == [True, True, False, False, True, False, False, False]
    assert read.unreadable == (5, 6, 7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$1,200.00", "USD"),
        ("1 200,00 €", "EUR"),
        ("CHF 12.00", "CHF"),
        ("(£5.00)", "GBP"),
        ("12,00", ""),
        ("12 TTC", ""),
    ],
)
def test_the_currency_beside_an_amount(text: str, code: str) -> None:
    """A sign or an ISO code; other words are none."""
    assert currency_of(text) == code


WRITINGS = {
    ",": ("{whole},{part:02d}", " ", "\u202f", "."),
    ".": ("{whole}.{part:02d}", ",", "'", " "),
}


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from([",", "."]),
    st.integers(1, 3),
    st.sampled_from(["-{}", "({})", "{}-"]),
)
def test_every_amount_survives_being_written(minor: int, decimal: str, mark: int, negative: str) -> None:
    """Written with any thousands mark and any minus, the same cents are read back."""
    form = WRITINGS[decimal]
    whole = f"{abs(minor) // 100:,}".replace(",", form[mark])
    written = form[0].format(whole=whole, part=abs(minor) % 100)
    assert parse(negative.format(written) if minor < 0 else written, decimal) == minor
