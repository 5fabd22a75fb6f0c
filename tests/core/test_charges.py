"""Late interest and the fixed sum, to the cent."""

import datetime as dt

import pandas as pd
import pytest

from batch.core.aging import age
from batch.core.charges import charge
from batch.core.policy import Charging, Rate
from tests.core.kit import item, ledger, policy


def interest(  # noqa: D103  the one row of CHARGES of a one-item ledger
    amount: float, due: str, as_of: str, *, still_open: float | None = None, paid: tuple[tuple[str, str, float], ...] = (),
    charging: Charging | None = None, nature: str = "business", notice: str = "", currency: str = "EUR",
) -> "pd.Series[int]":  # fmt: skip
    read = ledger([item("D", "1", "2026-01-01", due, amount, still_open, currency=currency)], payments=paid)
    day = dt.date.fromisoformat(as_of)
    noticed = pd.Series({read.items["item_id"][0]: pd.Timestamp(notice)} if notice else {}, dtype="datetime64[s]")
    aged = age(read.items, day, (30, 60, 90))
    natures = pd.Series({"D": nature}, dtype="str")
    return charge(read.items, aged, read.payments, natures, noticed, charging or policy().charging, day).iloc[0]


def flat(percent: float) -> Charging:
    """Return one rate for ever, and no fixed sum."""
    return Charging(business=(Rate(dt.date(2000, 1, 1), round(percent * 100)),), fixed_sum=0)


def test_part_payment_and_change_of_half_year() -> None:
    """199.73 + 3.40 + 130.45 = 333.58, rounded once, plus 40.00: ten thousand due 1 May, four thousand paid 1 July."""
    row = interest(10_000, "2026-05-01", "2026-09-03", still_open=6_000, paid=(("1", "2026-07-01", 4_000),))
    assert (row["interest"], row["fixed_sum"], row["estimated"]) == (33358, 4000, False)


@pytest.mark.parametrize(("percent", "days", "cents"), [(0, 20, 0), (10, 15, 41), (8, 20, 44)])
def test_simple_interest_on_a_hundred(percent: float, days: int, cents: int) -> None:
    """100.00 at 10 % for 15 days is 0.41, at 8 % for 20 days 0.44 (days/365)."""
    as_of = (dt.date(2026, 3, 1) + dt.timedelta(days=days)).isoformat()
    assert interest(100, "2026-03-01", as_of, charging=flat(percent))["interest"] == cents


def test_the_first_day_late_is_the_first_day_of_interest() -> None:
    """One day late at 36.5 % on 1,000.00 is 1.00."""
    assert interest(1000, "2026-03-01", "2026-03-02", charging=flat(36.5))["interest"] == 100


def test_part_payments_without_dates_are_said_to_be_estimated() -> None:
    """Interest then runs on the open amount only: 600 at 36.5 % for 10 days is 6.00."""
    row = interest(1000, "2026-03-01", "2026-03-11", still_open=600, charging=flat(36.5))
    assert (row["interest"], row["estimated"]) == (600, True)


def test_consumers_owe_the_legal_rate_from_the_formal_notice_and_no_fixed_sum() -> None:
    """10,000.00 at 2.75 % for 73 days from the notice is 55.00; without a notice nothing (code civil 1231-6)."""
    row = interest(10_000, "2026-03-01", "2026-11-20", nature="consumer", notice="2026-09-08")
    silent = interest(10_000, "2026-03-01", "2026-11-20", nature="consumer")
    assert (row["interest"], row["fixed_sum"]) == (5500, 0)
    assert (silent["interest"], silent["fixed_sum"]) == (0, 0)


def test_public_bodies_keep_the_rate_of_the_half_year_in_which_interest_began() -> None:
    """Due 30 June 2026: interest begins on 1 July at 2.40 + 8 = 10.40 %; due 29 June it stays at 2.15 + 8 = 10.15 %."""
    later = interest(36_500, "2026-06-30", "2026-07-10", nature="public")["interest"]
    sooner = interest(36_500, "2026-06-29", "2026-07-09", nature="public")["interest"]
    assert (later, sooner) == (10400, 10150)


def test_the_fixed_sum_is_in_euro() -> None:
    """A dollar invoice carries no sum of 40 euro."""
    assert interest(100, "2026-03-01", "2026-03-11", currency="USD")["fixed_sum"] == 0


def test_a_contract_rate_can_be_followed_over_a_paid_part() -> None:
    """Paid-on day minus due day is what the paid part bears: 400 for 5 days and 600 for 10 at 36.5 % are 2.00 + 6.00."""
    row = interest(
        1000, "2026-03-01", "2026-03-11", still_open=600, paid=(("1", "2026-03-06", 400),), charging=flat(36.5)
    )
    assert row["interest"] == 800
