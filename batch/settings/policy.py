"""The checked sections of relance.toml → core.policy values."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from batch.core.policy import Charging, Company, Policy, Reading, Step
from batch.core.tables import STANDINGS, minor_units
from batch.settings import shipped
from batch.settings.calendars import YEARS, holidays_for
from batch.settings.form import DEFAULT_ROAD, HAND_OVER, EvidenceSection, PolicySection, SettingsFile

SCALARS = (
    "gap_days", "promise_grace", "cheque_grace", "answer_pause", "resend_grace", "hard_hand_over", "offer_wait", "patience_months",
    "patience_delay", "patience_days", "first_run_hold", "dso_days", "lead", "first_points",
)  # fmt: skip
POINTS = ("forgetful", "invoice_lost", "in_difficulty", "dishonest")


def company(file: SettingsFile) -> Company:
    """Return whose ledger it is."""
    return Company(**file.company.model_dump())


def reading(file: SettingsFile, home: Path) -> Reading:
    """Return what the settings say about the export; the contacts file is meant from the settings' folder."""
    written = file.ledger.model_dump(exclude={"fresh_days"})
    contacts = str(home / Path(file.ledger.contacts).expanduser()) if file.ledger.contacts else ""
    return Reading(**written | {"contacts": contacts})


def policy(file: SettingsFile, language: str, years: range = YEARS) -> Policy:
    """Return all that steers a run, with the holidays of the settings' own country."""
    section, ledger = file.policy, file.ledger
    return Policy(
        steps=_steps(section, ledger.currency),
        roads=_roads(section),
        natures={nature: tuple(steps) for nature, steps in section.natures.items()},
        points=_points(file.evidence),
        hard_facts=frozenset(code for code, fact in file.evidence.items() if fact.hard),
        delivery_facts=frozenset(code for code, fact in file.evidence.items() if fact.delivery),
        words=shipped.words(),
        charging=_charging(section),
        holidays=holidays_for([ledger.country], years),
        country=ledger.country,
        language=language,
        currency=ledger.currency,
        fresh_days=ledger.fresh_days,
        buckets=tuple(section.buckets),
        tolerance=_minor(section.tolerance, ledger.currency),
        courtesy_minimum=_minor(section.courtesy_minimum, ledger.currency),
        **{name: getattr(section, name) for name in SCALARS},
    )


def _steps(section: PolicySection, currency: str) -> tuple[Step, ...]:
    return tuple(
        Step(code=code, **step.model_dump(exclude={"minimum"}), minimum=_minor(step.minimum, currency))
        for code, step in section.steps.items()
    )


def _roads(section: PolicySection) -> dict[str, tuple[str, ...]]:
    """Return the ladder of every standing and the default one, with the chosen hand-over in its place."""
    chosen = {
        standing: tuple(section.hand_over if rung == HAND_OVER else rung for rung in road)
        for standing, road in section.roads.items()
    }
    return {standing: chosen.get(standing, chosen[DEFAULT_ROAD]) for standing in (DEFAULT_ROAD, *STANDINGS)}


def _points(facts: Mapping[str, EvidenceSection]) -> dict[str, dict[str, int]]:
    return {
        code: {standing: weight for standing in POINTS if (weight := getattr(fact, standing))}
        for code, fact in facts.items()
    }


def _charging(section: PolicySection) -> Charging:
    charging = section.charging
    return Charging(
        **shipped.rates(),
        fixed_sum=_minor(charging.fixed_sum, charging.fixed_sum_currency),
        fixed_sum_currency=charging.fixed_sum_currency,
        claimed_from=charging.claimed_from,
        last_verified=shipped.last_verified(),
    )


def _minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units, decimals that the currency does not have rounded."""
    return round(amount.scaleb(minor_units(currency)))
