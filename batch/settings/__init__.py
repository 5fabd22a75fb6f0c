"""relance.toml, laid over the shipped defaults → one frozen Settings; what it says and does not mean is refused by name.

Looked for in this order: the file that was named, beside the ledger, in the working directory; without one the defaults hold.
Variables of the environment win: RELANCE_JOURNAL, RELANCE_LANGUAGE; RELANCE_SMTP_PASSWORD and
RELANCE_SMTP_CLIENT_SECRET are the places for secrets, beside the system's keyring (delivery/passwords).
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from batch.core.policy import Company, Policy, Reading
from batch.settings import named, refusals, shipped
from batch.settings import policy as policies
from batch.settings.calendars import YEARS, holidays_for
from batch.settings.form import SettingsFile, SmtpSection
from batch.settings.keys import known_keys, unknown_key
from batch.words import LANGUAGES

__all__ = ["FILE_NAME", "Pace", "Settings", "Smtp", "holidays_for", "load", "load_for"]

FILE_NAME = "relance.toml"
JOURNAL_NAME = "relance.db"
OAUTH_NAMES = {"google": "google-token.json", "microsoft": "microsoft-token.json"}


@dataclass(frozen=True)
class Smtp:
    """The server that mails leave by; starttls False means TLS from the first byte. The password is never shown."""

    host: str
    port: int
    user: str
    starttls: bool
    ca_file: Path | None
    sessions: int  # connections at the same time
    password: str = field(repr=False)
    auth: str = "password"  # password, google, microsoft
    oauth_file: Path = Path()  # google: as yagmail writes it; microsoft: what a signed-in person allowed
    authority: str = ""  # microsoft: with the tenant
    client_id: str = ""
    client_secret: str = field(default="", repr=False)  # "": as the keyring has it, else a person signs in


@dataclass(frozen=True)
class Pace:
    """How fast mails may leave through a server, all calls together, 0 = as fast as it takes them, and at which hours."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0
    window: tuple[dt.time, dt.time] | None = None  # local time


@dataclass(frozen=True)
class Settings:
    """All that relance.toml and the environment say."""

    company: Company
    reading: Reading
    policy: Policy
    language: str
    journal_url: str  # a SQLAlchemy URL
    templates: Path | None  # None: the shipped wordings
    smtp: Smtp | None  # None: mails go to the outbox
    outbox: Path | None  # folder of .eml files; None: the job chooses
    archive: Path | None  # folder for a copy of each mail that a server took; None: no copies
    pace: Pace
    workbook_days: int  # an older reviewed workbook needs a fresh ledger
    mail_max: int  # more mails in one call need a second word; 0: any number
    path: Path | None  # the relance.toml that was read; None: the defaults


def load(
    config: Path | None,
    *,
    beside: Path | None,
    environment: Mapping[str, str],
    working: Path | None = None,
    years: range = YEARS,
) -> Settings:
    """Return the settings for a ledger (`beside`: the ledger's file or its folder).

    `config` names the file; without it, relance.toml is looked for beside the ledger and in `working`. `years` bounds the
    holidays. Raises RelanceError SETTINGS-… when the file is missing, is no TOML, or says what has no meaning.
    """
    near = _folder(beside)
    path = _find(config, near, working)
    home = path.parent.absolute() if path else (near or working or Path()).absolute()
    file = _read(path)
    language = environment.get("RELANCE_LANGUAGE") or file.messages.language
    if language not in LANGUAGES:
        raise refusals.refuse_value("RELANCE_LANGUAGE", language, refusals.one_of(LANGUAGES))
    return Settings(
        company=policies.company(file),
        reading=policies.reading(file, home),
        policy=policies.policy(file, language, home, years),
        language=language,
        journal_url=_journal(environment.get("RELANCE_JOURNAL") or file.journal.url, home),
        templates=_below(home, file.messages.templates),
        smtp=_smtp(file.smtp, home, environment),
        outbox=_below(home, file.mail.outbox),
        archive=_below(home, file.mail.archive),
        pace=Pace(file.mail.per_minute, file.mail.per_hour, file.mail.per_day, file.mail.window),
        workbook_days=file.mail.workbook_days,
        mail_max=file.mail.max,
        path=path.absolute() if path else None,
    )


class Asked(Protocol):
    """What a command on a ledger was asked."""

    @property
    def ledger(self) -> Path:
        """The export."""

    @property
    def config(self) -> Path | None:
        """The settings that were named."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of the environment."""

    @property
    def working(self) -> Path:
        """The working directory."""


def load_for(asked: Asked, first: dt.date, last: dt.date) -> Settings:
    """Return the settings for a ledger and days from `first` to `last`, with the holidays around them; raises as `load` does."""
    return load(
        asked.config,
        beside=asked.ledger,
        environment=asked.environment,
        working=asked.working,
        years=range(first.year - 1, last.year + 2),
    )


def _folder(ledger: Path | None) -> Path | None:
    return ledger if ledger is None or ledger.is_dir() else ledger.parent


def _find(config: Path | None, *folders: Path | None) -> Path | None:
    if config is not None:
        if not config.exists():
            raise refusals.not_found(config)
        return config
    return next((path for folder in folders if folder and (path := folder / FILE_NAME).is_file()), None)


def _read(path: Path | None) -> SettingsFile:
    """Return the checked file laid over the defaults."""
    defaults = shipped.read_toml("defaults.toml") | {"evidence": shipped.read_toml("evidence.toml")}
    written, given = _parse(path) if path else (refusals.Written(None, ""), {})
    known = known_keys(defaults["evidence"])
    if foreign := unknown_key(given, known):
        raise refusals.bad_key(foreign, written, known)
    given = named.in_full(given, written)
    try:
        return SettingsFile.model_validate(named.laid_over(defaults, given))
    except ValidationError as refused:
        raise refusals.bad_value(refused, written) from None


def _parse(path: Path) -> tuple[refusals.Written, dict[str, object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as refused:
        why = "UTF-8" if isinstance(refused, UnicodeDecodeError) else refused.strerror or type(refused).__name__
        raise refusals.unreadable(path, why) from None
    try:
        return refusals.Written(path, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as refused:
        raise refusals.bad_syntax(path, refused) from None


def _journal(written: str, home: Path) -> str:
    """Return the journal's URL; a file's name, or a relative SQLite URL, is meant from the settings' folder."""
    if "://" in written and (not written.startswith("sqlite:///") or written.endswith(":memory:")):
        return written
    name = written.removeprefix("sqlite:///") or JOURNAL_NAME
    return f"sqlite:///{(home / Path(name).expanduser()).as_posix()}"


def _below(home: Path, written: str) -> Path | None:
    return home / Path(written).expanduser() if written else None


def _smtp(section: SmtpSection | None, home: Path, environment: Mapping[str, str]) -> Smtp | None:
    if section is None:
        return None
    for needed in ("tenant", "client_id", "user") if section.auth == "microsoft" else ():
        if not getattr(section, needed):
            raise refusals.needed(f"smtp.{needed}")
    return Smtp(
        host=section.host,
        port=section.port,
        user=section.user,
        starttls=section.starttls,
        ca_file=_below(home, section.ca_file),
        sessions=section.sessions,
        password=environment.get("RELANCE_SMTP_PASSWORD", ""),
        auth=section.auth,
        oauth_file=home / Path(section.oauth_file or OAUTH_NAMES.get(section.auth, "")).expanduser(),
        authority=f"{section.authority}/{section.tenant}",
        client_id=section.client_id,
        client_secret=environment.get("RELANCE_SMTP_CLIENT_SECRET", ""),
    )
