"""What other systems settle, as policies in relance.toml: Tryton, metasfresh, Kill Bill, Lago, ERPNext, Invoice Ninja."""

import datetime as dt

import pytest

from tests.core.kit import debtor, event, item, ledger
from tests.core.playing import as_sent, moved, plan_on, play, rules, told


def days(first: int, second: int, third: int, gap: int, anchor: str = "days_late") -> str:
    """Return a policy of three written steps at so many days, with so many days between two contacts."""
    timed = (f"days_late = {n}" if anchor == "days_late" else f'after = "{anchor}", after_days = {n}, days_late = 0'
             for n in (first, second, third))  # fmt: skip
    one, two, three = timed
    return f"""
[policy]
classification = false
gap_days = {gap}
roads.default = ["reminder_1", "reminder_2", "formal_notice"]
steps.reminder_1 = {{ {one} }}
steps.reminder_2 = {{ {two}, since_contact = 0 }}
steps.formal_notice = {{ {three}, since_contact = 0, written = 0, approval = false }}
"""


TRYTON = days(5, 20, 40, 7)
DUE = "2026-03-02"
ONE = ledger([item("D", "1", "2026-02-01", DUE, 100)])
LEVEL_1 = event("2026-03-07", "D", "sent", "1", "reminder_1")


@pytest.mark.parametrize(
    ("as_of", "history", "step"),
    [
        ("2026-03-06", [], ""),
        ("2026-03-07", [], "reminder_1"),
        ("2026-04-01", [], "reminder_1"),
        ("2026-04-01", [LEVEL_1, event("2026-03-20", "D", "held", "1")], ""),
        ("2026-04-01", [LEVEL_1, event("2026-03-20", "D", "held", "1"), event("2026-03-25", "D", "released", "1")], "reminder_2"),
        ("2026-04-21", [], "reminder_1"),
    ],
)  # fmt: skip
def test_tryton_levels(as_of: str, history: list[dict[str, object]], step: str) -> None:
    """Steps at 5, 20 and 40 days: day 4 nothing, day 5 level 1; day 30 unsent still level 1; blocked nothing; unblocked level 2.

    First seen on day 50: level 1, never three levels in one day.
    """
    assert told(plan_on(ONE, rules(TRYTON), as_of, history), "D")[0] == step


def test_tryton_paid_is_over() -> None:
    """After level 1 the invoice is paid: nothing is proposed."""
    paid = ledger([item("D", "1", "2026-02-01", DUE, 100, 0, paid_on="2026-03-10")])
    assert told(plan_on(paid, rules(TRYTON), "2026-04-01", [LEVEL_1]), "D")[0] == ""


FEES = """
[policy]
classification = false
roads.default = ["reminder_1", "reminder_2"]
steps.reminder_1 = { days_late = 5, fee = "10.00" }
steps.reminder_2 = { days_late = 20, since_contact = 0, fee = "15 %" }
"""


def test_tryton_a_fee_once_per_invoice_and_level_and_none_on_a_fee() -> None:
    """10 flat at level 1, 15 % of 100 at level 2: 110.00, then 125.00; the same after as many runs as one likes."""
    plans = play(ONE, rules(FEES), ["2026-03-07", "2026-03-07", "2026-03-14", "2026-03-22", "2026-03-23", "2026-04-20"])
    assert [plan.charges["fees"].tolist() for plan in plans.values()] == [[1000], [1000], [2500], [2500], [2500]]
    again = [LEVEL_1, {**LEVEL_1, "at": LEVEL_1["at"]}, event("2026-03-22", "D", "sent", "1", "reminder_2")]
    assert plan_on(ONE, rules(FEES), "2026-04-20", again).charges["fees"].tolist() == [2500]


@pytest.mark.parametrize(
    ("days_late", "rate", "fee", "interest", "claim"),
    [(15, "10.00", "10.00", 41, 11041), (20, "8.00", "20.00", 44, 12044)],
)
def test_erpnext_interest_and_a_fee(days_late: int, rate: str, fee: str, interest: int, claim: int) -> None:
    """100.00, 15 days late at 10 % with a fee of 10.00: 110.41; 20 days at 8 % with 20.00: 120.44."""
    charging = f'[policy.charging]\nrate = "{rate}"\nfixed_sum = "0"\n'
    policy = f'[policy]\nroads.default = ["reminder_1"]\nsteps.reminder_1 = {{ days_late = 5, fee = "{fee}" }}\n'
    day = (dt.date.fromisoformat(DUE) + dt.timedelta(days=days_late)).isoformat()
    [charge] = plan_on(ONE, rules(policy + charging), day).charges.to_dict("records")
    assert charge["interest"] == interest
    assert 10000 + charge["interest"] + charge["fixed_sum"] + charge["fees"] == claim


def test_consumers_bear_no_fee() -> None:
    """What recovery costs stays with the creditor (code des procédures civiles d'exécution, L111-8)."""
    person = ledger([item("D", "1", "2026-02-01", DUE, 100)], [debtor("D", nature="consumer")])
    assert plan_on(person, rules(FEES), "2026-03-22").charges["fees"].tolist() == [0]


def test_no_fee_unless_the_policy_has_one() -> None:
    """The default policy asks for none."""
    assert plan_on(ONE, rules(""), "2026-03-07").charges["fees"].tolist() == [0]


METASFRESH = days(10, 20, 30, 10)


def test_metasfresh_sequence() -> None:
    """25 days late without level 1: level 1 and not level 2; only what was sent counts, not what was refused or skipped."""
    history = [event("2026-03-12", "D", kind, "1", "reminder_1") for kind in ("refused", "skipped")]
    assert told(plan_on(ONE, rules(METASFRESH), "2026-03-27"), "D")[0] == "reminder_1"
    assert told(plan_on(ONE, rules(METASFRESH), "2026-03-27", history), "D")[0] == "reminder_1"


@pytest.mark.parametrize(("as_of", "step"), [("2012-02-05", ""), ("2012-02-10", ""), ("2012-02-11", "reminder_2")])
def test_metasfresh_gap_of_ten_days(as_of: str, step: str) -> None:
    """Level 1 on 1 February 2012: on the 5th no, on the 11th yes."""
    book = ledger([item("D", "1", "2011-12-01", "2012-01-01", 100)])
    sent = [event("2012-02-01", "D", "sent", "1", "reminder_1")]
    assert told(plan_on(book, rules(METASFRESH), as_of, sent), "D")[0] == step


@pytest.mark.parametrize(
    ("grace", "step"), [("", "reminder_1"), ("2026-03-26", "reminder_1"), ("2026-03-27", ""), ("2026-03-28", "")]
)
def test_metasfresh_grace_date(grace: str, step: str) -> None:
    """No grace date: yes; until the day before the run: yes; until the run itself or later: no."""
    book = ledger([item("D", "1", "2026-02-01", DUE, 100, hold_until=grace)])
    assert told(plan_on(book, rules(METASFRESH), "2026-03-27"), "D")[0] == step


def test_kill_bill_paying_the_oldest_never_skips_the_softer_step() -> None:
    """Steps at 5, 7 and 11 days after the invoice; the first one, reminded twice, is paid: the other starts with step 1."""
    book = ledger([item("D", "X", "2026-03-01", "2026-03-01", 100, 0, paid_on="2026-03-09"),
                   item("D", "Y", "2026-03-06", "2026-03-06", 100)])  # fmt: skip
    plans = play(book, rules(days(5, 7, 11, 1, "invoice")),
                 ["2026-03-05", "2026-03-06", "2026-03-08", "2026-03-12", "2026-03-13", "2026-03-17"])  # fmt: skip
    assert [moved(plan, "D") for plan in plans.values()] == [
        {}, {"X": "reminder_1"}, {"X": "reminder_2"}, {"Y": "reminder_1"}, {"Y": "reminder_2"}, {"Y": "formal_notice"},
    ]  # fmt: skip


LAGO = days(3, 10, 20, 0).replace("[policy]", '[policy]\nminimum = { EUR = "150.00", USD = "100.00" }')


@pytest.mark.parametrize(("euros", "step", "blocked"), [(149.99, "", "below-minimum"), (150, "reminder_1", "")])
def test_lago_a_minimum_for_each_currency(euros: float, step: str, blocked: str) -> None:
    """EUR under its minimum of 150 stays, USD 120 over its minimum of 100 leaves."""
    book = ledger([item("D", "1", "2026-02-01", DUE, euros), item("D", "2", "2026-02-01", DUE, 120, currency="USD")])
    plan = plan_on(book, rules(LAGO), "2026-03-05")
    assert told(plan, "D")[::2] == (step, blocked)
    assert told(plan, "D", "USD") == ("reminder_1", 12000, "")


def test_lago_the_counters_are_separate() -> None:
    """Dollars were reminded on the 5th; when euros pass their minimum they start with their own first step."""
    book = ledger([item("D", "1", "2026-02-01", DUE, 149), item("D", "2", "2026-02-01", DUE, 120, currency="USD"),
                   item("D", "3", "2026-03-06", "2026-03-08", 1)])  # fmt: skip
    plans = play(book, rules(LAGO), ["2026-03-05", "2026-03-12"])
    assert [told(plan, "D")[0] for plan in plans.values()] == ["", "reminder_1"]
    assert [told(plan, "D", "USD")[0] for plan in plans.values()] == ["reminder_1", "reminder_2"]


def test_erpnext_amounts() -> None:
    """100 paid 99.99 leaves 0.01 in the balance and no reminder; 100 and 85 ask for 185; money of tomorrow does not count yet."""
    items = [item("CENT", "1", "2026-02-01", DUE, 100, 0.01), item("TWO", "2", "2026-02-01", DUE, 100),
             item("TWO", "3", "2026-02-01", DUE, 85), item("LATER", "4", "2026-02-01", DUE, 100, 0, paid_on="2026-03-28")]  # fmt: skip
    plan = plan_on(ledger(items, payments=[("4", "2026-03-28", 100)]), rules(TRYTON), "2026-03-27")
    assert plan.accounts.set_index("debtor_id")["open"].to_dict() == {"CENT": 1, "LATER": 10000, "TWO": 18500}
    assert told(plan, "CENT") == ("", 1, "below-tolerance")
    assert told(plan, "TWO") == ("reminder_1", 18500, "")
    assert told(plan, "LATER") == ("reminder_1", 10000, "")


def test_erpnext_instalments_stand_for_themselves() -> None:
    """30, 50 and 20 % of an invoice of 100, 40 paid: the second instalment has 40 open and is reminded, the third is not due."""
    book = ledger([item("D", "1", "2026-01-10", "2026-02-10", 30, 0, paid_on="2026-02-10"),
                   item("D", "1", "2026-01-10", DUE, 50, 40), item("D", "1", "2026-01-10", "2026-04-10", 20)])  # fmt: skip
    plan = plan_on(book, rules(TRYTON), "2026-03-27")
    assert told(plan, "D") == ("reminder_1", 4000, "")
    assert plan.accounts["open"].tolist() == [6000]


def test_one_message_in_the_tone_of_its_highest_step_and_seven_rows() -> None:
    """Five invoices at the last step, one at the second, one at the first: one letter, each row by its own step."""
    old, newer = [f"A{n}" for n in range(5)], ["B", "C"]
    items = [*(item("D", n, "2026-01-01", "2026-01-31", 100) for n in old), item("D", "B", "2026-02-01", "2026-02-20", 100),
             item("D", "C", "2026-02-01", DUE, 100)]  # fmt: skip
    history = [*(event("2026-02-10", "D", "sent", n, "reminder_1") for n in old),
               *(event("2026-02-24", "D", "sent", n, "reminder_2") for n in old),
               event("2026-02-28", "D", "sent", "B", "reminder_1")]  # fmt: skip
    plan = plan_on(ledger(items), rules(TRYTON), "2026-03-13", history)
    assert told(plan, "D") == ("formal_notice", 70000, "")
    assert moved(plan, "D") == dict.fromkeys(old, "formal_notice") | {"B": "reminder_2", "C": "reminder_1"}
    assert sorted(newer) == sorted(set(moved(plan, "D")) - set(old))


def test_a_proposal_that_nobody_sent_comes_again() -> None:
    """Planned every day for a week and never sent: always the same first step."""
    plans = [plan_on(ONE, rules(TRYTON), f"2026-03-{day:02}") for day in range(9, 14)]
    assert {told(plan, "D")[0] for plan in plans} == {"reminder_1"}
    assert len(as_sent(plans[0])) == 1


def test_invoice_ninja_a_missed_day_is_caught_up() -> None:
    """Due on 4 January, reminder after seven days, no run until the 21st: sent on the 21st."""
    book = ledger([item("D", "1", "2025-12-05", "2026-01-04", 100)])
    assert told(plan_on(book, rules(days(7, 20, 40, 7)), "2026-01-21"), "D")[0] == "reminder_1"
