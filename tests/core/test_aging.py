"""Days late, buckets and balances, as of any day."""

import datetime as dt

import pandas as pd
import pytest

from batch.core.aging import age, as_they_stood, bucket_names, totals
from tests.core.kit import cents, item, ledger

AS_OF = dt.date(2026, 11, 20)
BOUNDS = (30, 60, 90)


def test_buckets_are_named_by_their_bounds() -> None:
    """Three bounds make five buckets."""
    assert bucket_names(BOUNDS) == ("not_due", "1-30", "31-60", "61-90", "90+")


@pytest.mark.parametrize(
    ("due", "days_late", "overdue", "bucket"),
    [
        ("2026-11-25", -5, False, "not_due"),
        ("2026-11-20", 0, False, "not_due"),
        ("2026-11-19", 1, True, "1-30"),
        ("2026-10-21", 30, True, "1-30"),
        ("2026-10-20", 31, True, "31-60"),
        ("2026-09-21", 60, True, "31-60"),
        ("2026-09-20", 61, True, "61-90"),
        ("2026-08-22", 90, True, "61-90"),
        ("2026-08-21", 91, True, "90+"),
    ],
)
def test_due_today_is_not_late_and_a_bound_belongs_to_its_bucket(
    due: str,
    days_late: int,
    *,
    overdue: bool,
    bucket: str,
) -> None:
    """Day 1 is the day after the due date; 30 is in the first bucket, 31 in the second."""
    aged = age(ledger([item("D", "1", "2026-01-01", due, 100)]).items, AS_OF, BOUNDS).iloc[0]
    assert (aged["days_late"], aged["overdue"], aged["bucket"]) == (days_late, overdue, bucket)


def test_credits_are_set_off_and_in_no_bucket() -> None:
    """Seven invoices of 100 and a credit of 150 make a balance of 550."""
    rows = [item("D", str(n), "2026-09-01", "2026-10-01", 100) for n in range(7)]
    aged = age(ledger([*rows, item("D", "C", "2026-10-05", "2026-10-05", -150)]).items, AS_OF, BOUNDS)
    account = totals(aged).iloc[0]
    assert account[["open", "overdue", "unallocated"]].tolist() == [55000, 70000, -15000]
    assert aged.loc[aged["kind"] == "credit_note", "bucket"].tolist() == [""]


def test_two_currencies_are_two_accounts() -> None:
    """Euro and dollar are never added up."""
    rows = [
        item("D", "1", "2026-09-01", "2026-10-01", 149),
        item("D", "2", "2026-09-01", "2026-10-01", 120, currency="USD"),
    ]
    accounts = totals(age(ledger(rows).items, AS_OF, BOUNDS))
    assert accounts[["currency", "overdue"]].to_numpy().tolist() == [["EUR", 14900], ["USD", 12000]]


def test_what_was_issued_later_is_not_known_yet() -> None:
    """An as-of date in the past forgets later invoices and later money."""
    rows = [item("D", "1", "2026-11-20", "2026-12-20", 100), item("D", "2", "2026-11-21", "2026-12-21", 50),
            item("D", "P", "2026-11-21", "2026-11-21", -30, kind="payment")]  # fmt: skip
    known = as_they_stood(ledger(rows).items, ledger(rows).payments, AS_OF)
    assert known["number"].tolist() == ["1"]


@pytest.mark.parametrize(("paid_on", "still_open"), [("2026-11-20", 0), ("2026-11-21", 10000)])
def test_what_was_settled_later_is_open_again(paid_on: str, still_open: int) -> None:
    """At the end of the as-of day, a payment of that day counts and one of the next day does not."""
    rows = [item("D", "1", "2026-09-01", "2026-10-01", 100, 0, paid_on=paid_on)]
    known = as_they_stood(ledger(rows).items, ledger(rows).payments, AS_OF)
    assert known["open"].tolist() == [still_open]


def test_a_dated_part_payment_after_the_day_is_added_back() -> None:
    """Of 100, 30 were paid before and 50 after: 70 were open that day."""
    read = ledger(
        [item("D", "1", "2026-09-01", "2026-10-01", 100, 20)],
        payments=[("1", "2026-10-05", 30), ("1", "2026-12-01", 50)],
    )
    assert as_they_stood(read.items, read.payments, AS_OF)["open"].tolist() == [cents(70)]


def test_a_partly_paid_invoice_counts_with_its_balance() -> None:
    """1,500 with 1,000 paid is 500 everywhere."""
    account = totals(age(ledger([item("D", "1", "2026-09-01", "2026-10-01", 1500, 500)]).items, AS_OF, BOUNDS)).iloc[0]
    assert account[["open", "overdue"]].tolist() == [50000, 50000]


def test_an_empty_ledger_ages_to_nothing() -> None:
    """Nothing open is no error."""
    items = ledger([item("D", "1", "2026-09-01", "2026-10-01", 100, 0, paid_on="2026-10-01")]).items
    assert totals(age(items, AS_OF, BOUNDS)).empty
    assert isinstance(age(items, AS_OF, BOUNDS), pd.DataFrame)


def test_without_issue_days_what_is_not_yet_due_is_open_all_the_same() -> None:
    """A file of due dates alone says nothing of when its invoices were issued: one due next month is open today."""
    alone = ledger([item("D", "F1", "2026-11-01", "2026-11-01", 100), item("D", "F2", "2026-12-24", "2026-12-24", 50)])
    stood = as_they_stood(alone.items, alone.payments, AS_OF)
    assert stood["number"].tolist() == ["F1", "F2"]
