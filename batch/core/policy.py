"""The values that steer the stream: steps, evidence points, word lists, rates, calendars, thresholds.

`settings` makes one frozen Policy from the shipped data and relance.toml; no room reads a file for them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

BUSINESS, CONSUMER, PUBLIC = "business", "consumer", "public"


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: when it may be taken, by which channel, and whether a person must approve it.

    All conditions must hold. `after` names what `after_days` count from ("" = nothing), `end_of_month` moves the day that
    `days_late` and `after_days` give to the end of its month, `written` is how many written reminders must have been sent,
    `minimum` and `fee` are in minor units of the account's currency. A fee falls due once per invoice and step.
    """

    code: str
    channel: str = "mail"  # mail, letter, call, dossier, task
    approval: bool = False  # True: a person must approve
    days_late: int | None = None  # inclusive; negative = days before the due date
    since_contact: int = 0  # days since the last contact with the debtor, inclusive
    after: str = ""  # written, previous (the item's own last step), invoice (its date), or the code of an earlier step
    after_days: int = 0
    end_of_month: bool = False
    written: int = 0
    minimum: int = 0
    lapses: int | None = None  # days after which an untaken call or meeting no longer holds up the ladder
    fallback: str = "call"  # where no mail can go: call (once, where there is a number, else letter) or letter
    template: str = ""  # the wording, "" = the one named after the step
    fee: int = 0
    fee_share: int = 0  # basis points of the invoice's amount, never of a fee


@dataclass(frozen=True)
class Words:
    """Meanings and the patterns that carry them (regular expressions on lower-cased, unaccented text)."""

    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rate:
    """A rate in hundredths of a percent that holds from a day on (1240 = 12.40 %)."""

    since: dt.date
    basis_points: int


@dataclass(frozen=True)
class Abroad:
    """What businesses and public bodies of one country owe for paying late, as the settings say it."""

    rates: tuple[Rate, ...] = ()  # by half-year, or one for ever
    fixed_sum: int = 0  # minor units of fixed_sum_currency, per late invoice
    fixed_sum_currency: str = "EUR"
    confirmed: bool = False  # a person says that this is that country's law, or their contract


@dataclass(frozen=True)
class Charging:
    """Late interest and fixed sum: French values by nature of the debtor, and those of other countries by setting."""

    business: tuple[
        Rate, ...
    ] = ()  # ECB + 10, or the contract's above its floor, by half-year (code de commerce L441-10 II)
    public: tuple[Rate, ...] = ()  # ECB + 8, fixed at the half-year in which interest began (CCP R2192-31)
    consumer: tuple[Rate, ...] = ()  # legal rate, professional creditor (code civil 1231-6), from the formal notice
    fixed_sum: int = 4000  # minor units of fixed_sum_currency, per late invoice, never for consumers
    fixed_sum_currency: str = "EUR"
    claimed_from: str = "formal_notice"  # the first step that claims them
    last_verified: dt.date | None = None  # last day of the last verified half-year
    countries: Mapping[str, Abroad] = field(default_factory=dict)  # ISO 3166 alpha-2 → its own rules


@dataclass(frozen=True)
class Discount:
    """The early-payment discount (escompte) that customers are offered; 0 basis points: none."""

    basis_points: int = 0  # 200 = 2.00 % off what is open
    days: int = 0
    before_due: bool = False  # paid so many days before the due day at the latest, else so many days after issue

    def last_day(self, issued: dt.date, due: dt.date) -> dt.date:
        """Return the last day on which an invoice can be paid with the discount."""
        return due - dt.timedelta(days=self.days) if self.before_due else issued + dt.timedelta(days=self.days)


@dataclass(frozen=True)
class Company:
    """Whose ledger it is: what letters and mails say about the creditor; "" = not given, the sentence is left out."""

    name: str = ""
    address: str = ""  # lines separated by newlines
    company_id: str = ""  # SIREN
    email: str = ""  # the sender and where answers go
    phone: str = ""
    contact: str = ""  # who signs
    iban: str = ""  # without spaces
    bic: str = ""
    website: str = ""
    payment_link: str = ""  # pattern of an https address, its fields those of settings.patterns.LINK_FIELDS
    reply_to: str = ""  # where answers go; "" = email
    copy_to: str = ""  # its own address for a copy of every mail
    blind_copy_to: str = ""  # the same, unseen
    payment_code: bool = True  # a code to scan beside the bank account


@dataclass(frozen=True)
class Reading:
    """What relance.toml says about the export; "" = found out from the file."""

    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # canonical field → heading in the file
    date_order: str = ""  # dmy, mdy, ymd
    decimal: str = ""  # "," or "."
    currency: str = "EUR"  # where the file names none
    blank_currency: str = ""  # of rows that name none, beside rows that do; "" = found out, and said
    country: str = "FR"  # where the file names none
    terms_days: int = 30  # where the file has no due date
    end_of_month: str = (
        "after"  # "45 jours fin de mois": the month's end after the days, or before them (core.calendar)
    )
    swapped_dates: str = ""  # true dates beside texts that Excel could not turn: undo (day and month back), keep
    stated_on: dt.date | None = None  # the day on which an aged balance was drawn up, where the file does not say it
    as_of: dt.date | None = None  # of several closing dates in one table the last one up to this day; None = the newest
    statuses: Mapping[str, str] = field(default_factory=dict)  # status in the file → owed, paid, aside, disputed
    contacts: str = ""  # path of the second file, about the customers; "" = none
    contact_columns: Mapping[str, str] = field(default_factory=dict)  # field → heading in that file


@dataclass(frozen=True)
class Attachments:
    """Which files go out with the messages; "" = none. Paths are whole."""

    invoices: str = ""  # the folder that holds the invoices
    pattern: str = "{number}.pdf"  # of a file below it; also {debtor_id} and {company}
    steps: frozenset[str] = frozenset()  # the steps whose messages have attachments
    hold: bool = False  # True: a message waits while one of its files is missing
    terms: str = ""  # the terms of sale, one file for all
    max_bytes: int = 10_000_000  # all files of one mail as they travel


DEFAULT_POLICY, NEVER_POLICY = "", "never"


@dataclass(frozen=True)
class Policy:
    """Everything that steers one run.

    `named` are the policies that customers, groups or invoices may follow instead, each one whole; what is no matter of a
    single debtor (evidence, rates, buckets) is the same in all of them.
    """

    steps: tuple[Step, ...] = ()
    roads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # standing → ladder of step codes
    natures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # nature → steps never taken
    points: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # evidence code → standing → points
    hard_facts: frozenset[str] = frozenset()
    families: Mapping[str, str] = field(default_factory=dict)  # hard fact → its family; those of one family count once
    delivery_facts: frozenset[str] = frozenset()
    lead: int = 2  # how far a harder standing must lead
    first_points: int = 1  # what forgetful starts with
    words: Words = field(default_factory=Words)
    charging: Charging = field(default_factory=Charging)
    discount: Discount = field(default_factory=Discount)
    attachments: Attachments = field(default_factory=Attachments)
    terms_of_sale: bool = False  # they go out with the invoices: no need to advise it
    holidays: Mapping[str, frozenset[dt.date]] = field(default_factory=dict)  # country → days
    country: str = "FR"
    language: str = "fr"
    currency: str = "EUR"
    buckets: tuple[int, ...] = (30, 60, 90)
    tolerance: int = 500  # minor units: nothing is sent for less
    item_tolerance: int = 100  # minor units: an invoice with less left open takes no step, it is only listed
    minimum: Mapping[str, int] = field(
        default_factory=dict
    )  # currency → minor units an account must owe before anything is sent
    classification: bool = (
        True  # False: the ladder follows days alone; no standing but current and forgetful, no side roads
    )
    never: bool = False  # True: nothing is ever sent
    gap_days: int = 7  # between two contacts with one debtor, inclusive
    promise_grace: int = 3  # business days after a promised date
    cheque_grace: int = 10  # days a cheque that was announced may take
    contestation_days: int = 0  # after its issue, an invoice may be disputed for so many days; 0 = no such period
    poor_ratings: tuple[str, ...] = ()  # ratings of the contacts file that are poor, whatever their case and accents
    answer_pause: int = 7  # days an answer without a date pauses the debtor
    resend_grace: int = 10  # days after an invoice was sent again
    hard_hand_over: int = 8  # days after the formal notice before bad faith is handed over
    offer_wait: int = 10  # days an unanswered plan offer holds up the ladder
    courtesy_minimum: int = 50000  # minor units, or a habit of paying late
    patience_months: int = 24  # a customer known that long …
    patience_delay: int = 5  # … whose mean delay is under this …
    patience_days: int = 4  # … gets these days more before the first reminder
    first_run_hold: int = 60  # empty journal: items later than this are prefilled hold
    dso_days: int = 90  # period of the DSO figure
    fresh_days: int = (
        10  # a ledger whose newest entry is older than so many days is not sent without a word; 0 = any age
    )
    named: Mapping[str, "Policy"] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)  # debtor_id or exact name → name of its policy
    invoices: Mapping[str, str] = field(default_factory=dict)  # number → name of its policy

    def called(self, name: str) -> "Policy":
        """Return the policy of that name; the one that holds where none is named for "" and for a name that is not known."""
        return self.named.get(name, self)

    @property
    def least_tolerance(self) -> int:
        """The smallest amount that any of the policies asks for."""
        return min(policy.tolerance for policy in (self, *self.named.values()))
