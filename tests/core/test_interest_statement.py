"""The interest of an item written out: by segment, day by day, adding up to the charged figure."""

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.aging import age, as_they_stood
from batch.core.charges import charge, day_by_day, segments, tariff_names
from batch.core.records import Ledger
from tests.core.kit import debtor, item, ledger, policy

NO_NOTICE = pd.Series(dtype="datetime64[s]")


def both(
    read: Ledger, as_of: str, noticed: pd.Series = NO_NOTICE, opened: pd.Series | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return CHARGES and INTEREST of a ledger."""
    day = dt.date.fromisoformat(as_of)
    items = as_they_stood(read.items, read.payments, day)
    aged, names = age(items, day, (30, 60, 90)), tariff_names(read.debtors, policy())
    given_to_both = (items, aged, read.payments, names, noticed, policy().charging, day, opened)
    return charge(*given_to_both), segments(*given_to_both)


def shown(parts: pd.DataFrame) -> list[tuple[str, str, int, int, int, int]]:
    """Return each segment as first day, last day, principal, days, basis points and interest."""
    columns = ["first", "last", "principal", "days", "basis_points", "interest"]
    texts = parts[columns].astype({"first": "str", "last": "str"})
    return list(texts.itertuples(index=False, name=None))


CHECK = (
    [item("D", "1", "2026-04-01", "2026-05-01", 10_000, 6_000)],
    [("1", "2026-07-01", 4_000.0)],
)


def test_the_trades_own_example_by_segment() -> None:
    """10,000.00 due 1 May, 4,000.00 paid 1 July: 60 days 199.73, one day 3.40, 64 days 130.45, together 333.58."""
    charges, parts = both(ledger(CHECK[0], payments=CHECK[1]), "2026-09-03")
    assert shown(parts) == [
        ("2026-05-02", "2026-06-30", 1_000_000, 60, 1215, 19973),
        ("2026-07-01", "2026-07-01", 1_000_000, 1, 1240, 340),
        ("2026-07-02", "2026-09-03", 600_000, 64, 1240, 13045),
    ]
    assert charges["interest"].tolist() == [33358]


def test_the_trades_own_example_day_by_day() -> None:
    """125 days; each of the first 60 bears 3.32 or 3.33 and together they make 199.73, all days 333.58."""
    _, parts = both(ledger(CHECK[0], payments=CHECK[1]), "2026-09-03")
    days = day_by_day(parts)
    assert len(days) == 125
    assert set(days["interest"][:60]) == {332, 333}
    assert (days["interest"][:60].sum(), days["interest"].sum()) == (19973, 33358)
    assert days["day"].diff()[1:].eq(pd.Timedelta(days=1)).all()


def test_interest_stops_on_the_day_proceedings_are_opened() -> None:
    """Opened on 1 July (L622-28): 60 days at 12.15 % and one at 12.40 %, 203.12 together; payments since change nothing, later invoices go on."""
    items = [*CHECK[0], item("D", "2", "2026-07-10", "2026-07-20", 1_000)]
    for day in ("2026-07-01", "2026-06-30"):
        opened = pd.Series({"D": pd.Timestamp(day)}).astype("datetime64[s]")
        read = ledger(items, payments=[("1", "2026-07-15", 4_000.0)])
        charges, parts = both(read, "2026-08-01", opened=opened)
        one, two = charges["interest"].tolist()
        assert one == (20312 if day == "2026-07-01" else 19973)
        assert two == 408  # 12 days at 12.40 % on 1,000.00
        assert parts.groupby("item_id")["interest"].sum().tolist() == [one, two]
        assert parts["principal"].tolist() == [1_000_000] * (2 if day == "2026-07-01" else 1) + [100_000]


def test_public_bodies_keep_one_rate_in_one_segment() -> None:
    """Due 29 June 2026, interest began at 10.15 %: the first of July changes nothing, ten days of 36,500.00 are 101.50."""
    read = ledger([item("D", "1", "2026-06-01", "2026-06-29", 36_500)], [debtor("D", nature="public")])
    _, parts = both(read, "2026-07-09")
    assert shown(parts) == [("2026-06-30", "2026-07-09", 3_650_000, 10, 1015, 10150)]


def test_what_bears_no_interest_has_no_lines() -> None:
    """A consumer without a formal notice, and an invoice due today."""
    read = ledger([item("D", "1", "2026-03-01", "2026-04-01", 100)], [debtor("D", nature="consumer")])
    today = ledger([item("D", "1", "2026-03-01", "2026-04-01", 100)])
    assert both(read, "2026-09-01")[1].empty
    assert both(today, "2026-04-01")[1].empty
    assert day_by_day(both(today, "2026-04-01")[1]).empty


def test_a_payment_before_the_due_day_bears_nothing() -> None:
    """400 of 1,000 paid ten days early: only 600 bear interest, from the day after the due day."""
    read = ledger([item("D", "1", "2026-07-01", "2026-08-01", 1_000, 600)], payments=[("1", "2026-07-22", 400)])
    _, parts = both(read, "2026-08-11")
    assert [(row[2], row[3]) for row in shown(parts)] == [(60_000, 10)]


invoices = st.tuples(
    st.integers(0, 900),
    st.integers(1, 10**9),
    st.lists(st.tuples(st.integers(-30, 900), st.integers(1, 30)), max_size=4),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(invoices, min_size=1, max_size=5), st.sampled_from(["business", "public"]))
def test_segments_and_days_always_add_up_to_the_charge(
    rows: list[tuple[int, int, list[tuple[int, int]]]], nature: str
) -> None:
    """Whatever was paid when: the lines of an item sum to its rounded interest, and each is within a cent of its exact value."""
    start = dt.date(2024, 1, 1)
    items, payments = [], []
    for number, (due, amount, paid) in enumerate(rows):
        parts = [(start + dt.timedelta(days=due + after), amount * share // 200) for after, share in paid]
        known = sum(part for _, part in parts)
        due_on = (start + dt.timedelta(days=due)).isoformat()
        items.append(item("D", str(number), "2023-12-01", due_on, amount / 100, (amount - known) / 100))
        payments += [(str(number), at.isoformat(), part / 100) for at, part in parts]
    charges, lines = both(ledger(items, [debtor("D", nature=nature)], payments), "2026-11-20")
    owed = charges.set_index("item_id")["interest"]
    owed = owed[owed > 0]
    assert lines.groupby("item_id")["interest"].sum().reindex(owed.index).tolist() == owed.tolist()
    days = day_by_day(lines)
    assert days.groupby("item_id")["interest"].sum().reindex(owed.index).tolist() == owed.tolist()
    assert ((lines["interest"] - lines["weight"] / 3_650_000).abs() < 1 + 1e-6).all()
