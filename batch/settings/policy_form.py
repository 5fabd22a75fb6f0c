"""The form of [policy], of [policies.NAME] and of what facts weigh: their keys and what each may hold."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from batch.core.codes import HAND_OVERS, STANDINGS, STEPS
from batch.core.policy import BUSINESS, CONSUMER, NEVER_POLICY, PUBLIC
from batch.settings.values import (
    Amount,
    Bounds,
    Count,
    Currency,
    Fee,
    FeeOrShare,
    Line,
    Percent,
    Section,
    StepCode,
    Template,
    one_of,
)

HAND_OVER = "hand_over"
DEFAULT_ROAD = "default"
CHANNELS = ("mail", "letter", "call", "dossier", "task")
FALLBACKS = ("call", "letter")
ANCHORS = ("written", "previous", "invoice")
STANDARD = "default"  # how [policy] is named where customers and invoices choose
RESERVED = (NEVER_POLICY, STANDARD)  # policies that are always there

# The tables whose keys are codes: what may stand there.
NAMED = {
    "roads": (DEFAULT_ROAD, *STANDINGS),
    "natures": (BUSINESS, CONSUMER, PUBLIC),
    "steps": STEPS,
}

# The keys of [policy] that speak of a single debtor: what [policies.NAME] may say in another way.
OWN_KEYS = (
    "gap_days", "tolerance", "item_tolerance", "minimum", "classification", "hand_over", "answer_pause", "resend_grace",
    "hard_hand_over", "offer_wait", "courtesy_minimum", "patience_delay", "patience_days", "first_run_hold", "roads", "natures",
    "steps",
)  # fmt: skip

Rung = Annotated[str, one_of(*STEPS, HAND_OVER)]


class StepSection(Section):
    """One step of the ladder; the fields are those of core.policy.Step."""

    channel: Annotated[str, one_of(*CHANNELS)] = "mail"
    approval: bool = False
    days_late: int | None = None
    since_contact: Count = 0
    after: Annotated[str, one_of("", *ANCHORS, *STEPS)] = ""
    after_days: Count = 0
    end_of_month: bool = False
    written: Count = 0
    minimum: Amount = Decimal(0)
    lapses: Count | None = None
    fallback: Annotated[str, one_of(*FALLBACKS)] = "call"
    template: Template = ""
    fee: FeeOrShare = Fee()


def _after_due(steps: dict[str, StepSection]) -> dict[str, StepSection]:
    """Refuse a reminder before the due date: only the courtesy notice comes before it."""
    for code, step in steps.items():
        if code != "courtesy" and (step.days_late or 0) < 0:
            raise PydanticCustomError(
                "shape", "before the due date", {"expected": "after-due", "below": (code, "days_late")}
            )
    return steps


class RateSection(Section):
    """One rate a year: a fixed one, or so many points above the ECB's."""

    rate: Percent = None
    ecb_points: Percent = None

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.rate is not None and self.ecb_points is not None:
            raise PydanticCustomError("shape", "two rates", {"expected": "one-rate"})
        return self


class CountrySection(RateSection):
    """What businesses of one country owe for paying late."""

    fixed_sum: Amount = Decimal(0)
    fixed_sum_currency: Currency = "EUR"
    confirmed: bool = False


class ChargingSection(RateSection):
    """What late payers owe beside their invoices; the rates are law and ship as data, a contract's own may stand here."""

    fixed_sum: Amount
    fixed_sum_currency: Currency
    claimed_from: StepCode
    countries: dict[str, CountrySection]


class DiscountSection(Section):
    """The early-payment discount."""

    percent: Percent
    days: Count
    counted_from: Annotated[str, one_of("issue", "due")]


class PolicySection(Section):
    """Days, amounts and steps; the scalars are those of core.policy.Policy."""

    gap_days: Count
    tolerance: Amount
    item_tolerance: Amount
    minimum: dict[Currency, Amount]
    classification: bool
    buckets: Bounds
    hand_over: Annotated[str, one_of(*HAND_OVERS)]
    promise_grace: Count
    cheque_grace: Count
    contestation_days: Count
    poor_ratings: list[Line]
    answer_pause: Count
    resend_grace: Count
    hard_hand_over: Count
    offer_wait: Count
    courtesy_minimum: Amount
    patience_months: Count
    patience_delay: Count
    patience_days: Count
    first_run_hold: Count
    dso_days: Annotated[int, Field(ge=1)]
    lead: Count
    first_points: Count
    charging: ChargingSection
    discount: DiscountSection
    roads: dict[str, list[Rung]]  # the keys of these tables: NAMED
    natures: dict[str, list[StepCode]]
    steps: Annotated[dict[str, StepSection], AfterValidator(_after_due)]


class EvidenceSection(Section):
    """What one fact weighs for or against each standing."""

    forgetful: int = 0
    invoice_lost: int = 0
    in_difficulty: int = 0
    dishonest: int = 0
    hard: bool = False
    family: Line = ""
    delivery: bool = False
