"""Policies in relance.toml: what is taken over, the short forms, and what is refused with which words."""

from pathlib import Path

import pytest

from batch.core.policy import Policy, Step
from tests.settings.test_load import refused, written


def step(policy: Policy, code: str) -> Step:
    """Return one step of a policy."""
    return next(step for step in policy.steps if step.code == code)


def test_a_policy_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    """What [policy] changes holds in [policies.NAME] too, until it says otherwise itself."""
    policy = written(
        tmp_path,
        """
        [policy]
        gap_days = 9
        steps.reminder_1.days_late = 4
        [policies.patient]
        steps.reminder_1 = { channel = "letter", end_of_month = true }
        [policies.quick]
        gap_days = 3
        """,
    ).policy
    patient, quick = policy.called("patient"), policy.called("quick")
    assert (policy.gap_days, patient.gap_days, quick.gap_days) == (9, 9, 3)
    first = step(patient, "reminder_1")
    assert (first.days_late, first.channel, first.end_of_month) == (4, "letter", True)
    assert (patient.points, patient.roads) == (policy.points, policy.roads)
    assert policy.called("") is policy


def test_a_list_of_steps_is_the_ladder_of_everybody(tmp_path: Path) -> None:
    """These steps in this order, whatever the standing; the hand-over is the one chosen; an empty list is never."""
    policy = written(
        tmp_path, '[policy]\nhand_over = "agency"\nsteps = ["reminder_1", "hand_over"]\n[policies.no]\nsteps = []'
    ).policy
    assert set(policy.roads.values()) == {("reminder_1", "agency")}
    assert (policy.never, policy.called("no").never, policy.called("never").never) == (False, True, True)


def test_a_default_road_replaces_every_other_road(tmp_path: Path) -> None:
    """Whoever leaves out the formal notice means it for bad faith too."""
    policy = written(tmp_path, '[policy.roads]\ndefault = ["reminder_1"]').policy
    assert set(policy.roads.values()) == {("reminder_1",)}
    both = written(tmp_path, '[policy.roads]\ndefault = ["reminder_1"]\ndishonest = ["formal_notice"]').policy
    assert both.roads["dishonest"] == ("formal_notice",)


@pytest.mark.parametrize(
    ("fee", "flat", "share"), [('"10.00"', 1000, 0), ("10", 1000, 0), ('"15 %"', 0, 1500), ('"2.5%"', 0, 250)]
)
def test_a_fee_is_an_amount_or_a_share(tmp_path: Path, fee: str, flat: int, share: int) -> None:
    """10.00 is a thousand cents; 15 % are 1500 hundredths of a percent."""
    found = step(written(tmp_path, f"[policy.steps.reminder_2]\nfee = {fee}").policy, "reminder_2")
    assert (found.fee, found.fee_share) == (flat, share)


def test_without_a_word_there_is_no_fee_and_no_minimum(tmp_path: Path) -> None:
    """The shipped policy charges nothing for reminding."""
    policy = written(tmp_path, "").policy
    assert {(step.fee, step.fee_share) for step in policy.steps} == {(0, 0)}
    assert (dict(policy.minimum), policy.item_tolerance, policy.classification, policy.never) == ({}, 100, True, False)


def test_a_minimum_by_currency(tmp_path: Path) -> None:
    """In the minor units of each: 150.00 euro, 20,000 yen."""
    policy = written(tmp_path, '[policy]\nminimum = { EUR = "150.00", JPY = 20000 }').policy
    assert dict(policy.minimum) == {"EUR": 15000, "JPY": 20000}


def test_customers_and_invoices_choose(tmp_path: Path) -> None:
    """The name "default" is [policy] itself."""
    policy = written(
        tmp_path,
        '[policies.vip]\n[customers]\n411DURAND = "vip"\n"Durand SARL" = "never"\n[invoices]\n"FA.1" = "default"',
    ).policy
    assert dict(policy.customers) == {"411DURAND": "vip", "Durand SARL": "never"}
    assert dict(policy.invoices) == {"FA.1": ""}


@pytest.mark.parametrize(
    ("text", "row", "message", "hint"),
    [
        ('[policies.vip]\n[customers]\n"411.D" = "vpi"', 3, 'The setting “customers.411.D” cannot be "vpi".',
         'It takes one of "never", "default", "vip".'),
        ('[invoices]\nF1 = "nie"', 2, 'The setting “invoices.F1” cannot be "nie".', 'It takes one of "never", "default".'),
        ("[policies.never]\ngap_days = 3", 1, 'The setting “policies.never” cannot be "never".',
         'It takes another name: "never", "default" are always there.'),
        ("[policy]\ngap_days = 7\n[policies.vip]\ngap_days = -7", 4, "The setting “policies.vip.gap_days” cannot be -7.",
         "It takes a whole number, at least 0."),
        ('[policies.vip]\nsteps = ["reminder_9"]', 2, 'The setting “policies.vip.steps” cannot be "reminder_9".', None),
        ("[policies.vip]\nsteps.reminder_1 = { days_late = -3 }", 2,
         "The setting “policies.vip.steps.reminder_1.days_late” cannot be -3.",
         "It takes a number from 0 on: only the courtesy notice may leave before the due date."),
        ('[policy.steps.call]\nfee = "10,00"', 2, 'The setting “policy.steps.call.fee” cannot be "10,00".',
         'It takes an amount such as "10.00", or a share of the invoice such as "15 %".'),
        ('[policy.steps.call]\ntemplate = "../call"', 2, 'The setting “policy.steps.call.template” cannot be "../call".',
         'It takes the name of a template without its folder and ending, such as "vip".'),
        ('[policy]\nminimum = { eur = "1.00" }', 2, 'The setting “policy.minimum.eur” cannot be "eur".',
         'It takes a currency in three capital letters, such as "EUR".'),
        ('[policy.steps.call]\nafter = "before"', 2, 'The setting “policy.steps.call.after” cannot be "before".', None),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, row: int, message: str, hint: str | None) -> None:
    """Each refusal names the key, its line in the policy it stands in, and what may stand there."""
    code, at, said, remedy = refused(tmp_path, text)
    assert (code, at, said) == ("SETTINGS-VALUE", row, message)
    assert hint is None or remedy == hint


def test_an_unknown_key_of_a_policy(tmp_path: Path) -> None:
    """A typing error names the key that was meant; what cannot differ by customer is not a key of a policy."""
    assert refused(tmp_path, "[policies.vip]\ngap_day = 3")[3] == "Did you mean policies.vip.gap_days?"
    assert refused(tmp_path, "[policies.vip]\nsteps.reminder_3 = {}")[3].startswith(
        "Did you mean policies.vip.steps.reminder_"
    )
    assert refused(tmp_path, "[policies.vip]\nbuckets = [30]")[3] == "Did you mean policy.buckets?"
