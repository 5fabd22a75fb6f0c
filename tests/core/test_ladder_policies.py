"""Policies per customer, group and invoice: who follows which, what it changes, and what is said of a name nobody knows."""

from functools import cache

import pytest

from batch.core.plan import Plan
from tests.core.kit import debtor, event, item, ledger
from tests.core.playing import moved, plan_on, rules, told

POLICIES = """
[policies.patient]
gap_days = 20
tolerance = "50.00"
steps.reminder_1 = { days_late = 10, template = "vip" }

[policies.plain]
classification = false

[policies.end-of-month]
steps.reminder_1 = { days_late = 3, end_of_month = true }

[policies.silent]
steps = []

[customers]
NUMBER = "patient"
"Nom exact" = "patient"
BOTH = "default"

[invoices]
F-NEVER = "never"
F-SOON = "default"
"""
ISSUED, DUE = "2026-02-01", "2026-03-02"
LATE = "2026-03-05"  # three days late
TEN = "2026-03-12"  # ten days late
NOT_RECEIVED = "nous n'avons jamais reçu cette facture"


def of(name: str, number: str = "", amount: float = 100) -> dict[str, object]:
    """Return one invoice of this debtor."""
    return item(name, number or name, ISSUED, DUE, amount)


@cache
def plan(as_of: str) -> Plan:
    """Return the plan of all these debtors on one day."""
    items = [
        of("PLAIN"), of("NUMBER"), of("NAMED"), of("GROUP"), of("BOTH"), of("MONTH"), of("SILENT"), of("UNKNOWN"), of("GROUPSMALL", "", 49),
        of("ITEM", "F-NEVER", 900), of("ITEM", "F-2", 100), of("MIXED", "F-SOON"), of("MIXED", "F-3"), of("LOST"), of("TOLD"),
        of("ACCENT"),
    ]  # fmt: skip
    people = [debtor("GROUP", policy="patient"), debtor("BOTH", policy="patient"), debtor("MONTH", policy=" End-of-Month "),
              debtor("SILENT", policy="silent"), debtor("UNKNOWN", policy="pacient"), debtor("NAMED") | {"name": "Nom exact"},
              debtor("GROUPSMALL", policy="patient"), debtor("MIXED", policy="patient"), debtor("TOLD", policy="plain"),
              debtor("ACCENT", policy="défaut")]  # fmt: skip
    history = [event("2026-03-03", name, "replied", name, note=NOT_RECEIVED) for name in ("LOST", "TOLD")]
    return plan_on(ledger(items, people), rules(POLICIES), as_of, history)


@pytest.mark.parametrize("name", ["NUMBER", "NAMED", "GROUP"])
def test_a_customer_follows_its_policy_by_number_name_or_group(name: str) -> None:
    """Three days late is too early for the patient policy, ten days late is not."""
    assert told(plan(LATE), name)[0] == ""
    assert told(plan(TEN), name)[0] == "reminder_1"


@pytest.mark.parametrize("name", ["PLAIN", "BOTH", "ACCENT"])
def test_default_is_the_policy_itself(name: str) -> None:
    """Without any policy, with "default" in relance.toml over the group, or in the column: reminded on day three."""
    assert told(plan(LATE), name)[0] == "reminder_1"


def test_the_end_of_the_month() -> None:
    """Due on 2 March, three days later is the 5th, moved to the 31st; spaces and capitals in the column do not matter."""
    rows = plan(LATE).account_steps.set_index("debtor_id").loc["MONTH"]
    assert (rows["step"], rows["next_on"].date().isoformat()) == ("", "2026-03-31")


def test_a_policy_without_steps_never_sends_and_says_so() -> None:
    """An empty list of steps is never."""
    assert told(plan(TEN), "SILENT") == ("", 0, "never")


def test_an_invoice_may_have_its_own_policy() -> None:
    """900 of one invoice are never asked for; the other invoice of the customer is reminded for 100."""
    assert told(plan(LATE), "ITEM") == ("reminder_1", 10000, "")
    assert moved(plan(LATE), "ITEM") == {"F-2": "reminder_1"}


def test_an_invoices_policy_goes_before_its_customers() -> None:
    """A patient customer with one invoice under the default policy: on day three that one alone moves, both are asked for."""
    assert told(plan(LATE), "MIXED") == ("reminder_1", 20000, "")
    assert moved(plan(LATE), "MIXED") == {"F-SOON": "reminder_1"}


def test_the_tolerance_is_that_of_the_policy() -> None:
    """49 is under the 50 of the patient policy."""
    assert told(plan(TEN), "GROUPSMALL") == ("", 4900, "below-tolerance")


def test_a_name_that_no_policy_has_stops_its_customers_and_is_said_once() -> None:
    """A "pacient" in the column: nothing leaves, and a problem names the policies there are."""
    assert told(plan(TEN), "UNKNOWN")[::2] == ("", "policy-unknown")
    found = [problem for problem in plan(TEN).problems if problem.code == "POLICY-UNKNOWN"]
    assert [problem.facts for problem in found] == [
        {"name": "pacient", "n": 1, "known": ["end-of-month", "never", "patient", "plain", "silent"]}
    ]


def test_where_there_are_no_policies_the_column_means_something_else() -> None:
    """A column of another system's groups changes nothing; "never" means never everywhere."""
    book = ledger([of("A"), of("B")], [debtor("A", policy="Groupe 3"), debtor("B", policy="NEVER")])
    found = plan_on(book, rules(""), LATE)
    assert (told(found, "A")[0], told(found, "B")[2]) == ("reminder_1", "never")
    assert "POLICY-UNKNOWN" not in [problem.code for problem in found.problems]


def test_days_alone_for_one_group() -> None:
    """The same answer, "never received": judged, the invoice is sent again; under days alone it pauses like any other answer."""
    assert told(plan(TEN), "LOST")[0] == "resend_invoice"
    assert told(plan(TEN), "TOLD")[0] == "reminder_1"
    assert told(plan(LATE), "TOLD")[2] == "answer-pause"
    assert plan(LATE).standings.set_index("debtor_id").loc["TOLD", "standing"] == "forgetful"


def test_the_wording_that_a_policy_names() -> None:
    """Patient customers get their own template on day ten; the others have none but the step's."""
    named = plan(TEN).templates
    assert named[("GROUP", "EUR")] == "vip"
    assert ("PLAIN", "EUR") not in named


def test_the_gap_is_that_of_the_policy() -> None:
    """Twenty days between two contacts with patient customers, seven with the others."""
    sent = [event("2026-03-12", name, "sent", name, "reminder_1") for name in ("GROUP", "PLAIN")]
    book = ledger([of("GROUP"), of("PLAIN")], [debtor("GROUP", policy="patient")])
    one, other = (plan_on(book, rules(POLICIES), day, sent) for day in ("2026-03-31", "2026-04-01"))
    assert (told(one, "GROUP")[2], told(one, "PLAIN")[0]) == ("gap", "reminder_2")
    assert told(other, "GROUP")[0] == "reminder_2"


def test_insolvency_that_was_recorded_stops_days_alone_too() -> None:
    """Without judgement no claim is proposed, but no reminder goes to an insolvent customer either."""
    book = ledger([of("D")])
    found = plan_on(book, rules("[policy]\nclassification = false"), TEN, [event("2026-03-06", "D", "insolvency")])
    assert told(found, "D")[::2] == ("", "insolvency")


@pytest.mark.parametrize(("left", "step"), [(0.99, ""), (1.00, "reminder_1")])
def test_a_crumb_takes_no_step_of_its_own(left: float, step: str) -> None:
    """An invoice with 0.99 left never sets the tone: the formal notice it would be due stays away; from 1.00 on it counts."""
    history = [event("2026-03-05", "D", "sent", "1", "reminder_1"), event("2026-03-20", "D", "sent", "1", "reminder_2")]
    rows = [item("D", "1", ISSUED, DUE, 100, left), item("D", "2", ISSUED, "2026-04-20", 500)]
    found = plan_on(ledger(rows), rules(""), "2026-04-25", history)
    assert moved(found, "D") == ({"1": "formal_notice"} if step else {}) | {"2": "reminder_1"}
