"""The policies of OCA's credit control written down in relance.toml, played through eight monthly runs with part payments.

OCA's "2 time policy": 30 days after the due date, end of month; then 60 days after the last reminder, by letter. Its "3 time
policy": 10 days after the due date; 30 days after it, end of month; 10 days after the last reminder, by letter. "No follow".
"""

from functools import cache

from batch.core.plan import Plan
from batch.core.records import Ledger
from tests.core.kit import debtor, item, ledger
from tests.core.playing import moved, play, rules, told

OCA = """
[policy]
classification = false

[policies.two]
roads.default = ["reminder_1", "formal_notice"]
steps.reminder_1 = { days_late = 30, end_of_month = true }
steps.formal_notice = { after = "previous", after_days = 60, approval = false, days_late = 0, written = 0, since_contact = 0 }

[policies.three]
roads.default = ["reminder_1", "reminder_2", "formal_notice"]
steps.reminder_1 = { days_late = 10 }
steps.reminder_2 = { days_late = 30, end_of_month = true, since_contact = 0 }
steps.formal_notice = { after = "previous", after_days = 10, days_late = 0, written = 0, since_contact = 0 }

[customers]
SILENT = "never"
"""
RUNS = ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31")


def book() -> Ledger:
    """Return the ledger: who follows which policy stands in its policy column."""
    items = [
        item("TWO", "A", "2025-12-15", "2026-01-15", 1500, 500),
        item("TWO", "B", "2026-02-20", "2026-03-20", 700),
        item("THREE", "C", "2025-12-05", "2026-01-05", 1000),
        item("CRUMB", "D", "2025-12-05", "2026-01-05", 1000, 4),
        item("OLD", "E", "2025-01-01", "2025-01-31", 500),
        item("PAID", "F", "2025-12-05", "2026-01-05", 800, 0, paid_on="2026-02-10"),
        item("SILENT", "G", "2025-06-01", "2025-06-30", 9000),
        item("NOMAIL", "H", "2025-12-05", "2026-01-05", 600),
        item("STOPPED", "I", "2025-12-05", "2026-01-05", 300),
    ]
    people = [debtor("TWO", policy="two"), *(debtor(name, policy="Three") for name in ("THREE", "CRUMB", "OLD", "PAID")),
              debtor("SILENT", policy="three"), debtor("NOMAIL", policy="three", email="", phone=""),
              debtor("STOPPED", policy="jamais")]  # fmt: skip
    return ledger(items, people, payments=[("A", "2026-04-10", 1000), ("D", "2026-03-15", 996)])


@cache
def runs() -> dict[str, Plan]:
    """Return the eight plans."""
    return play(book(), rules(OCA), RUNS)


def steps(name: str) -> list[str]:
    """Return the step that a debtor takes in each run."""
    return [told(runs()[day], name)[0] for day in RUNS]


def test_two_levels() -> None:
    """A is due on 15 January: 30 days are 14 February, the month's end the 28th, and 60 days later it is 29 April.

    B is due on 20 March: 19 April, so 30 April; 60 days later it is 29 June.
    """
    assert steps("TWO") == ["", "reminder_1", "", "formal_notice", "", "formal_notice", "", ""]
    assert [moved(runs()[day], "TWO") for day in RUNS if moved(runs()[day], "TWO")] == [
        {"A": "reminder_1"}, {"A": "formal_notice", "B": "reminder_1"}, {"B": "formal_notice"},
    ]  # fmt: skip


def test_the_balance_is_asked_for_and_not_the_original_amount() -> None:
    """1,500 in February; after 1,000 were paid in April, 500 and the 700 of the other invoice."""
    assert told(runs()["2026-02-28"], "TWO") == ("reminder_1", 150000, "")
    assert told(runs()["2026-04-30"], "TWO") == ("formal_notice", 120000, "")


def test_three_levels() -> None:
    """Due on 5 January: 10 days are the 15th; 30 days end of month 28 February; 10 days after that reminder 10 March."""
    assert steps("THREE") == ["reminder_1", "reminder_2", "formal_notice", "", "", "", "", ""]


def test_after_the_last_level_a_person_decides() -> None:
    """Nothing is repeated: the line says that every step was taken."""
    assert [told(runs()[day], "THREE")[2] for day in RUNS[3:]] == ["ladder-end"] * 5


def test_an_invoice_due_a_year_ago_takes_one_level_in_each_run() -> None:
    """500 due in January 2025: three runs, level 1, 2 and 3, never two at once."""
    assert steps("OLD") == ["reminder_1", "reminder_2", "formal_notice", "", "", "", "", ""]


def test_below_the_tolerance_nothing_more_is_sent() -> None:
    """996 of 1,000 were paid in March: two reminders before, nothing for the 4.00 that are left."""
    assert steps("CRUMB") == ["reminder_1", "reminder_2", "", "", "", "", "", ""]
    assert told(runs()["2026-03-31"], "CRUMB") == ("", 400, "below-tolerance")


def test_once_paid_nothing_is_sent() -> None:
    """Reminded in January, paid on 10 February."""
    assert steps("PAID") == ["reminder_1", "", "", "", "", "", "", ""]


def test_never_is_never_and_the_row_says_so() -> None:
    """By relance.toml, which goes before the ledger's column, and by the column itself."""
    for name in ("SILENT", "STOPPED"):
        assert [told(runs()[day], name)[::2] for day in RUNS] == [("", "never")] * 8
    reasons = runs()["2026-08-31"].account_steps.set_index("debtor_id")["reason"]
    assert reasons[["SILENT", "STOPPED"]].tolist() == ["never", "never"]


def test_a_mail_without_address_is_a_letter() -> None:
    """The customer without e-mail and telephone gets the same levels on paper."""
    assert steps("NOMAIL") == ["reminder_1", "reminder_2", "formal_notice", "", "", "", "", ""]
    channels = [runs()[day].account_steps.set_index("debtor_id").loc["NOMAIL", "channel"] for day in RUNS[:3]]
    assert channels == ["letter", "letter", "letter"]


def test_nobody_is_judged() -> None:
    """Without classification whoever is late is forgetful, and there are no facts against anybody."""
    assert {standing for plan in runs().values() for standing in plan.standings["standing"]} == {"forgetful"}
    assert all(plan.because.empty for plan in runs().values())
