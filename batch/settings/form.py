"""The form of relance.toml: its sections, their keys and what each may hold (batch/data/defaults.toml has the values)."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from batch.settings import bank
from batch.settings.patterns import file_name, pay_link
from batch.settings.policy_form import EvidenceSection, PolicySection
from batch.settings.values import (
    Address,
    Count,
    Country,
    Currency,
    Day,
    Language,
    Line,
    Lines,
    Section,
    Window,
    one_of,
    shaped,
)

WRITTEN_STEPS = ("courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "formal_notice")
LOGINS = ("password", "google", "microsoft")
MOST_SESSIONS = 16


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
    steps: list[Annotated[str, one_of(*WRITTEN_STEPS)]]
    missing: Annotated[str, one_of("send", "hold")]
    terms: Line
    max_mb: Annotated[int, Field(ge=1, le=50)]


class LedgerSection(Section):
    """How to read the export."""

    sheet: Line
    date_order: Annotated[str, one_of("", "dmy", "mdy", "ymd")]
    decimal: Annotated[str, one_of("", ",", ".")]
    currency: Currency
    blank_currency: Annotated[str, shaped("currency", r"|[A-Z]{3}")]
    country: Country
    terms_days: Count
    end_of_month: Annotated[str, one_of("after", "before")]
    swapped_dates: Annotated[str, one_of("", "undo", "keep")]
    stated_on: Day
    fresh_days: Count
    contacts: Line
    columns: dict[str, Line]
    contact_columns: dict[str, Line]
    statuses: dict[str, Annotated[str, one_of("owed", "paid", "aside", "disputed")]]


class JournalSection(Section):
    """Where the memory is."""

    url: Line


class SmtpSection(Section):
    """The server that mails leave by."""

    host: Annotated[str, shaped("host", r"[^\s/@:]+|[^\s/@:]*:[^\s/@]*:[^\s/@]*")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    user: Line = ""
    starttls: bool = True
    ca_file: Line = ""
    auth: Annotated[str, one_of(*LOGINS)] = "password"
    oauth_file: Line = ""
    tenant: Annotated[str, shaped("line", r"[A-Za-z0-9.-]*")] = ""
    client_id: Line = ""
    authority: Annotated[str, shaped("https", r"https://[^\s/?#@]+")] = "https://login.microsoftonline.com"
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
