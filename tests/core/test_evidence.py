"""Facts about debtors, each with its figures."""

import pytest

from tests.core.kit import item
from tests.core.test_ladder import plan_of


def test_the_mean_delay_is_weighted_by_amount_and_counts_open_invoices() -> None:
    """Paid 140 seven days late and 85 fifty-five days late, 214 open for ten days: 7,795 / 439 = 17.76 days."""
    rows = [
        item("D", "1", "2026-05-01", "2026-06-01", 140, 0, paid_on="2026-06-08"),
        item("D", "2", "2026-05-01", "2026-06-01", 85, 0, paid_on="2026-07-26"),
        item("D", "3", "2026-10-11", "2026-11-10", 214),
    ]
    facts = plan_of(rows, "2026-11-20").evidence.set_index("code")
    assert (facts.loc["habit-late", "n"], facts.loc["habit-late", "m"]) == (2, 2)
    assert facts.loc["habit-late", "days"] == pytest.approx(7795 / 439)


@pytest.mark.parametrize(
    ("delays", "code"),
    [
        ((0, 0, 5), "habit-on-time"),
        ((0, 5, 5), "habit-late"),
        ((0, 5), "habit-short"),
        ((5, 5), "habit-late"),
        ((), "first-invoice"),
    ],
)
def test_what_a_habit_is(delays: tuple[int, ...], code: str) -> None:
    """Most of three in time, most late, too few to tell, none at all."""
    rows = [
        item("D", f"P{n}", f"2026-0{n}-01", f"2026-0{n}-10", 100, 0, paid_on=f"2026-0{n}-{10 + late}")
        for n, late in enumerate(delays, 1)
    ]
    found = plan_of([*rows, item("D", "X", "2026-10-01", "2026-10-31", 100)], "2026-11-20").evidence["code"].tolist()
    assert [one for one in found if one.startswith(("habit", "first"))] == [code]


@pytest.mark.parametrize(("last", "held"), [(8, True), (7, False)])
def test_growing_delays(last: int, held: bool) -> None:  # noqa: FBT001  a table's column
    """Three paid invoices in a row, each later than the one before, the last at least eight days."""
    rows = [
        item("D", f"P{n}", f"2026-0{n}-01", f"2026-0{n}-10", 100, 0, paid_on=f"2026-0{n}-{10 + late}")
        for n, late in enumerate((1, 3, last), 1)
    ]
    found = plan_of([*rows, item("D", "X", "2026-10-01", "2026-10-31", 100)], "2026-11-20").evidence["code"].tolist()
    assert ("delays-growing" in found) == held
