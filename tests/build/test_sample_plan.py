"""A first run of the sample ledger: every debtor comes out as its entry says, from the file alone."""

import datetime as dt
from pathlib import Path

import pytest

from batch import ledger, settings
from batch.core.codes import STANDINGS
from batch.core.plan import Plan, make_plan
from batch.core.tables import EVENTS
from tests.build.sample_lines import read_debtors

SAMPLE = Path(__file__).resolve().parents[2] / "sample_ledger.xlsx"
AS_OF = dt.date(2026, 11, 20)
STEPS_SHOWN = {
    "courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "call", "meeting", "solve_dispute",
    "formal_notice", "bailiff", "claim",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return the plan of a first run with the default settings."""
    place = tmp_path_factory.mktemp("nowhere")
    chosen = settings.load(None, beside=place / SAMPLE.name, environment={}, working=place)
    read = ledger.read(ledger.open_book(SAMPLE), chosen.reading)
    return make_plan(read, EVENTS.empty(), chosen.policy, AS_OF, first_run=True)


def test_each_debtor_has_the_standing_and_step_of_its_entry(plan: Plan) -> None:
    """Comments, reminder columns and payment habits of the file are all the evidence; who owes nothing has no line."""
    steps = plan.account_steps.merge(plan.standings, on="debtor_id")
    actual = {
        (debtor, currency): (standing, step)
        for debtor, currency, standing, step in zip(
            steps["debtor_id"], steps["currency"], steps["standing"], steps["step"], strict=True
        )
    }
    expected = {
        (debtor["account"], currency): (standing, step)
        for debtor in read_debtors()
        for currency, (standing, step) in debtor["expected"].items()
        if debtor["why"] != "everything is paid"
    }
    assert actual == expected


def test_every_standing_and_nearly_every_step_occurs(plan: Plan) -> None:
    """Who tries Relance on the sample sees all that it can propose on a first run."""
    assert set(plan.standings["standing"]) == set(STANDINGS)
    assert set(plan.account_steps["step"]) - {""} == STEPS_SHOWN


def test_what_keeps_a_reminder_back(plan: Plan) -> None:
    """Each reason not to send occurs: too soon, covered, too small, promised, planned, too early, an old first contact."""
    reasons = plan.account_steps.set_index("debtor_id")["reason"]
    kept = ("411TRANSP", "411BOULAN", "411AGENCE", "411DECORS", "411PRESSI", "411VOILES", "411FERMES")
    assert [reasons[debtor] for debtor in kept] == [
        "gap", "credits-cover", "below-tolerance", "promise-running", "plan-in-force", "not-yet", "first-contact-old",
    ]  # fmt: skip


def test_the_two_mistakes_are_shown(plan: Plan) -> None:
    """The two rows that cannot be read are named with their cells; nothing else is wrong with the file."""
    found = [(problem.code, problem.source.column, problem.source.excerpt) for problem in plan.problems]
    assert found == [("AMOUNT-UNREADABLE", "N", "1 234,5O"), ("DATE-UNREADABLE", "L", "31/11/2026")]
