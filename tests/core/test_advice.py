"""What would avoid the next unpaid invoice: each advice, and when it is not given."""

import datetime as dt
from dataclasses import replace

from batch.core.plan import Plan, make_plan
from batch.core.policy import Discount, Policy
from batch.core.records import Ledger
from tests.core.kit import debtor, events, item, ledger, policy

DAY = dt.date(2026, 11, 20)
LATE = ("2026-09-01", "2026-10-01")  # issued and due: fifty days late


def plan(read: Ledger, chosen: Policy | None = None) -> Plan:
    """Return the plan of a ledger without history."""
    return make_plan(read, events([]), chosen or policy(), DAY, first_run=False)


def given(read: Ledger, code: str, chosen: Policy | None = None) -> list[tuple[str, int, int, float]]:
    """Return debtor, n, m and days of each advice of this code."""
    rows = plan(read, chosen).advice
    rows = rows[rows["code"] == code]
    return list(rows[["debtor_id", "n", "m", "days"]].round(1).itertuples(index=False, name=None))


def paid_late(days: int, terms: int = 30) -> list[dict[str, object]]:
    """Return three invoices of 100.00 paid so many days late, and one that is due tomorrow."""
    start = dt.date(2026, 3, 1)
    due, paid = (start + dt.timedelta(days=terms)).isoformat(), (start + dt.timedelta(days=terms + days)).isoformat()
    old = [item("D", str(n), start.isoformat(), due, 100, 0, paid_on=paid) for n in range(3)]
    return [*old, item("D", "open", "2026-10-22", "2026-11-21", 100)]


def test_a_discount_is_worth_offering_to_who_pays_a_little_late() -> None:
    """Ten days late on average: yes; nine: not worth it; not where one is offered already."""
    assert given(ledger(paid_late(10)), "offer-discount") == [("D", 3, 3, 10.0)]
    assert given(ledger(paid_late(9)), "offer-discount") == []
    offered = replace(policy(), discount=Discount(200, 10))
    assert given(ledger(paid_late(10)), "offer-discount", offered) == []


def test_long_delays_on_long_terms_ask_for_shorter_ones() -> None:
    """Thirty days late with 60, 60, 60 and 30 days to pay: terms of 52 days on average can be shortened; 30 days cannot."""
    assert given(ledger(paid_late(30, terms=60)), "shorten-terms") == [("D", 52, 3, 30.0)]
    assert given(ledger(paid_late(30)), "shorten-terms") == []
    assert given(ledger(paid_late(29, terms=60)), "shorten-terms") == []


def test_invoices_that_leave_late_are_to_be_sent_sooner() -> None:
    """Two invoices that left eight days after their date; seven days are in order, and without such days nothing is said."""
    for days, expected in (("2026-09-09", [("D", 2, 2, 8.0)]), ("2026-09-08", [])):
        read = ledger([item("D", number, *LATE, 100, sent_on=days) for number in "12"])
        assert given(read, "bill-sooner") == expected
    assert given(ledger([item("D", number, *LATE, 100) for number in "12"]), "bill-sooner") == []


def test_an_invoice_far_above_the_usual_is_billed_in_stages() -> None:
    """Three invoices of 100.00 were paid: one of 300.00 is three times the usual, one of 299.00 is not."""
    for amount, expected in ((300, [("D", 3)]), (299, [])):
        read = ledger([*paid_late(0)[:3], item("D", "big", *LATE, amount)])
        rows = plan(read).advice
        rows = rows[rows["code"] == "stage-invoices"]
        assert list(rows[["debtor_id", "n"]].itertuples(index=False, name=None)) == expected
        assert rows["item_id"].str.contains("big").all()


def test_addresses_are_asked_for_where_others_have_one() -> None:
    """One late customer of two has no postal address: it is named. Where none has, it is said once, of the file."""
    rows = [item("A", "1", *LATE, 100), item("B", "2", *LATE, 100)]
    named = ledger(rows, [debtor("A", address="1 rue Neuve"), debtor("B")])
    assert given(named, "ask-address") == [("B", 0, 0, 0.0)]
    assert given(named, "add-addresses") == []
    assert given(ledger(rows), "ask-address") == []
    assert given(ledger(rows), "add-addresses") == [("", 2, 0, 0.0)]


def test_terms_of_sale_are_advised_until_the_settings_say_that_they_go_out() -> None:
    """One line for the whole file, and none when nothing is late."""
    late, soon = ledger([item("D", "1", *LATE, 100)]), ledger([item("D", "1", "2026-11-01", "2026-12-01", 100)])
    assert given(late, "attach-terms") == [("", 1, 0, 0.0)]
    assert given(late, "attach-terms", replace(policy(), terms_of_sale=True)) == []
    assert given(soon, "attach-terms") == []


def test_a_credit_limit_is_a_rating_headed_as_one() -> None:
    """1,000.01 open against a limit of 1 000,00: passed; 1,000.00 is within it; a rating headed otherwise is no limit."""
    for still_open, heading, expected in ((1000.01, "Plafond", 1), (1000, "Plafond", 0), (1000.01, "Cotation", 0)):
        read = ledger([item("D", "1", *LATE, still_open)], [debtor("D", rating="1 000,00")])
        read = replace(read, source=replace(read.source, columns=(("rating", "F", heading),)))
        assert len(given(read, "credit-limit")) == expected
