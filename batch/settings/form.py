"""The form of relance.toml: its sections, their keys and what each may hold (batch/data/defaults.toml has the values).

A refused value carries the type of what was expected, which `refusals` turns into words; nothing here speaks a language.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from batch.core.policy import BUSINESS, CONSUMER, NEVER_POLICY, PUBLIC
from batch.core.tables import STANDINGS, STEPS
from batch.settings import bank
from batch.settings.patterns import file_name, pay_link
from batch.words import LANGUAGES

HAND_OVER = "hand_over"
DEFAULT_ROAD = "default"
CHANNELS = ("mail", "letter", "call", "dossier", "task")
HAND_OVERS = ("bailiff", "agency", "lawyer")
FALLBACKS = ("call", "letter")
WRITTEN_STEPS = ("courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "formal_notice")
ANCHORS = ("written", "previous", "invoice")
STANDARD = "default"  # how [policy] is named where customers and invoices choose
RESERVED = (NEVER_POLICY, STANDARD)  # policies that are always there
LOGINS = ("password", "google", "microsoft")
HUNDRED = 100
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
MOST_SESSIONS = 16


class Fee(NamedTuple):
    """What a step costs: an amount, or a percentage of the invoice."""

    flat: Decimal = Decimal(0)
    share: Decimal = Decimal(0)


def _one_of(*choices: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError("choice", "not one of the choices", {"choices": choices})
        return value

    return AfterValidator(check)


def _shaped(expected: str, pattern: str) -> AfterValidator:
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise PydanticCustomError("shape", "not of the expected shape", {"expected": expected})
        return value

    return AfterValidator(check)


def _amount(value: object) -> Decimal:
    """Accept "5.00", 5 and 5.0; a comma is refused: "1,500" is one and a half to some, fifteen hundred to others."""
    try:
        amount = Decimal(str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else "no")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != round(amount, 3):
        raise PydanticCustomError("shape", "not an amount", {"expected": "amount"})
    return amount


def _fee(value: object) -> Fee:
    """Accept an amount, or a share of the invoice such as "15 %"."""
    text = str(value).replace("\N{NO-BREAK SPACE}", " ").strip() if isinstance(value, (str, int, float)) else ""
    try:
        return Fee(share=_amount(text.removesuffix("%").strip())) if text.endswith("%") else Fee(flat=_amount(value))
    except PydanticCustomError as error:
        raise PydanticCustomError("shape", "not a fee", {"expected": "fee"}) from error


def _percent(value: object) -> Decimal | None:
    """Accept "12.40", 12.4 and 12, in percent a year; "" is none."""
    if value == "" or value is None:
        return None
    amount = _amount(value)
    if amount != round(amount, 2) or amount > HUNDRED:
        raise PydanticCustomError("shape", "not a percentage", {"expected": "percent"})
    return amount


def _rising(bounds: list[int]) -> list[int]:
    if not bounds or any(later <= earlier for earlier, later in zip([0, *bounds], bounds, strict=False)):
        raise PydanticCustomError("shape", "not rising", {"expected": "rising"})
    return bounds


def _day(value: object) -> dt.date | None:
    """Accept a day as toml writes it, or as text; "" is none."""
    if value == "" or value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise PydanticCustomError("shape", "not a day", {"expected": "day"}) from error


def _window(value: object) -> tuple[dt.time, dt.time] | None:
    """Accept hours of one day such as "08:30-18:00"; "" is none."""
    if value == "" or value is None:
        return None
    if isinstance(value, str) and _HOURS.fullmatch(value):
        opens, closes = map(dt.time.fromisoformat, value.split("-"))
        if opens < closes:
            return opens, closes
    raise PydanticCustomError("shape", "not hours of a day", {"expected": "window"})


# A line ends up in headers of mails: no control character may stand in it.
Line = Annotated[str, _shaped("line", r"[^\x00-\x1f\x7f]*")]
Lines = Annotated[str, _shaped("lines", r"[^\x00-\x09\x0b-\x1f\x7f]*")]
Address = Annotated[str, _shaped("email", r"|[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")]
Country = Annotated[str, _shaped("country", r"[A-Z]{2}")]
Currency = Annotated[str, _shaped("currency", r"[A-Z]{3}")]
Language = Annotated[str, _one_of(*LANGUAGES)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Percent = Annotated[Decimal | None, BeforeValidator(_percent)]
Window = Annotated[tuple[dt.time, dt.time] | None, BeforeValidator(_window)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]
Bounds = Annotated[list[int], AfterValidator(_rising)]
StepCode = Annotated[str, _one_of(*STEPS)]
FeeOrShare = Annotated[Fee, PlainValidator(_fee)]
Template = Annotated[str, _shaped("template", r"[\w-]*")]
Rung = Annotated[str, _one_of(*STEPS, HAND_OVER)]


class Section(BaseModel):
    """A table of relance.toml: unknown keys are refused, types are taken as written."""

    # Built with the whole form, not one by one before it.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class CompanySection(Section):
    """Who is owed."""

    name: Line
    address: Lines
    company_id: Line
    email: Address
    phone: Line
    contact: Line
    iban: Annotated[Line, AfterValidator(bank.iban)]
    bic: Annotated[Line, AfterValidator(bank.bic)]
    website: Line

    @model_validator(mode="after")
    def _one_bank(self) -> Self:
        bank.refuse_strangers(self.iban, self.bic)
        return self


class PaymentSection(Section):
    """How mails make paying easy."""

    link: Annotated[Line, AfterValidator(pay_link)]
    qr: bool


class AttachmentsSection(Section):
    """What goes out with the mails."""

    invoices: Line
    pattern: Annotated[Line, AfterValidator(file_name)]
    steps: list[Annotated[str, _one_of(*WRITTEN_STEPS)]]
    missing: Annotated[str, _one_of("send", "hold")]
    terms: Line
    max_mb: Annotated[int, Field(ge=1, le=50)]


class LedgerSection(Section):
    """How to read the export."""

    sheet: Line
    date_order: Annotated[str, _one_of("", "dmy", "mdy", "ymd")]
    decimal: Annotated[str, _one_of("", ",", ".")]
    currency: Currency
    blank_currency: Annotated[str, _shaped("currency", r"|[A-Z]{3}")]
    country: Country
    terms_days: Count
    end_of_month: Annotated[str, _one_of("after", "before")]
    swapped_dates: Annotated[str, _one_of("", "undo", "keep")]
    stated_on: Day
    fresh_days: Count
    contacts: Line
    columns: dict[str, Line]
    contact_columns: dict[str, Line]
    statuses: dict[str, Annotated[str, _one_of("owed", "paid", "aside", "disputed")]]


class JournalSection(Section):
    """Where the memory is."""

    url: Line


class SmtpSection(Section):
    """The server that mails leave by."""

    host: Annotated[str, _shaped("host", r"[^\s/@:]+|[^\s/@:]*:[^\s/@]*:[^\s/@]*")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    user: Line = ""
    starttls: bool = True
    ca_file: Line = ""
    auth: Annotated[str, _one_of(*LOGINS)] = "password"
    oauth_file: Line = ""
    tenant: Annotated[str, _shaped("line", r"[A-Za-z0-9.-]*")] = ""
    client_id: Line = ""
    authority: Annotated[str, _shaped("https", r"https://[^\s/?#@]+")] = "https://login.microsoftonline.com"
    sessions: Annotated[int, Field(ge=1, le=MOST_SESSIONS)] = 3


class MailSection(Section):
    """How mails leave."""

    outbox: Line
    archive: Line
    reply_to: Address
    cc_self: Address
    bcc_self: Address
    workbook_days: Count
    max: Count
    per_minute: Count
    per_hour: Count
    per_day: Count
    window: Window


class MessagesSection(Section):
    """How mails are worded."""

    language: Language
    templates: Line
    terms_of_sale: bool


class StepSection(Section):
    """One step of the ladder; the fields are those of core.policy.Step."""

    channel: Annotated[str, _one_of(*CHANNELS)] = "mail"
    approval: bool = False
    days_late: int | None = None
    since_contact: Count = 0
    after: Annotated[str, _one_of("", *ANCHORS, *STEPS)] = ""
    after_days: Count = 0
    end_of_month: bool = False
    written: Count = 0
    minimum: Amount = Decimal(0)
    lapses: Count | None = None
    fallback: Annotated[str, _one_of(*FALLBACKS)] = "call"
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
    counted_from: Annotated[str, _one_of("issue", "due")]


class PolicySection(Section):
    """Days, amounts and steps; the scalars are those of core.policy.Policy."""

    gap_days: Count
    tolerance: Amount
    item_tolerance: Amount
    minimum: dict[Currency, Amount]
    classification: bool
    buckets: Bounds
    hand_over: Annotated[str, _one_of(*HAND_OVERS)]
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
    roads: dict[str, list[Rung]]  # the keys of these tables: NAMED below
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


class SettingsFile(Section):
    """The whole of relance.toml, laid over the defaults."""

    company: CompanySection
    payment: PaymentSection
    attachments: AttachmentsSection
    ledger: LedgerSection
    journal: JournalSection
    smtp: SmtpSection | None = None
    mail: MailSection
    messages: MessagesSection
    policy: PolicySection
    policies: dict[str, PolicySection]
    customers: dict[str, str]
    invoices: dict[str, str]
    evidence: dict[str, EvidenceSection]


# The keys of [policy] that speak of a single debtor: what [policies.NAME] may say in another way.
OWN_KEYS = (
    "gap_days", "tolerance", "item_tolerance", "minimum", "classification", "hand_over", "answer_pause", "resend_grace",
    "hard_hand_over", "offer_wait", "courtesy_minimum", "patience_delay", "patience_days", "first_run_hold", "roads", "natures",
    "steps",
)  # fmt: skip

# The tables whose keys are codes: what may stand there.
NAMED = {
    "roads": (DEFAULT_ROAD, *STANDINGS),
    "natures": (BUSINESS, CONSUMER, PUBLIC),
    "steps": STEPS,
}
