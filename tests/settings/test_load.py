"""relance.toml as people write it: what it changes, where it is found, and what is refused with which words."""

import subprocess
import sys
from pathlib import Path

import pytest

from batch.core.problem import RelanceError
from batch.settings import Settings, load
from batch.words import Words


def written(folder: Path, text: str, **environment: str) -> Settings:
    """Return the settings of a ledger that has this relance.toml beside it."""
    (folder / "relance.toml").write_text(text, encoding="utf-8")
    return load(None, beside=folder / "ledger.xlsx", environment=environment)


def refused(folder: Path, text: str, **environment: str) -> tuple[str, int, str, str]:
    """Return code, line, message and remedy of the refusal of this relance.toml."""
    with pytest.raises(RelanceError) as caught:
        written(folder, text, **environment)
    message, hint = Words("en").problem(caught.value)
    return caught.value.code, caught.value.source.row, message, hint


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """The memory lies beside the ledger, mails go to a folder, the language is French."""
    settings = load(None, beside=tmp_path / "ledger.xlsx", environment={}, working=tmp_path)
    assert settings.path is None
    assert settings.journal_url == f"sqlite:///{tmp_path.as_posix()}/relance.db"
    assert (settings.smtp, settings.outbox, settings.templates) == (None, None, None)
    assert (settings.language, settings.workbook_days) == ("fr", 7)


def test_the_contacts_file_is_meant_from_the_settings_folder(tmp_path: Path) -> None:
    """A relative name lies below the folder of relance.toml, wherever the command is called; "" names none."""
    settings = written(
        tmp_path,
        """
        [ledger]
        contacts = "tiers/clients.xlsx"
        fresh_days = 0
        contact_columns = { phone = "Mobile" }
        """,
    )
    assert Path(settings.reading.contacts) == tmp_path / "tiers" / "clients.xlsx"
    assert (settings.reading.contact_columns, settings.policy.fresh_days) == ({"phone": "Mobile"}, 0)
    plain = load(None, beside=None, environment={}, working=tmp_path / "elsewhere")
    assert (plain.reading.contacts, plain.policy.fresh_days) == ("", 10)


def test_what_is_written_replaces_the_default(tmp_path: Path) -> None:
    """A file needs only what differs; amounts are in major units."""
    settings = written(
        tmp_path,
        """
        [company]
        name = "Menuiserie Dupont"
        email = "compta@dupont.example"
        [ledger]
        currency = "CHF"
        country = "CH"
        columns = { open = "Reste à payer" }
        [messages]
        language = "en"
        [policy]
        tolerance = "12.50"
        buckets = [15, 45]
        hand_over = "agency"
        [policy.steps.formal_notice]
        days_late = 60
        [evidence.promise-broken]
        dishonest = 2
        """,
    )
    assert (settings.company.name, settings.company.email) == ("Menuiserie Dupont", "compta@dupont.example")
    assert (settings.reading.currency, settings.reading.columns) == ("CHF", {"open": "Reste à payer"})
    policy = settings.policy
    assert (policy.tolerance, policy.buckets, policy.gap_days) == (1250, (15, 45), 7)
    assert (policy.country, policy.currency, policy.language) == ("CH", "CHF", "en")
    assert policy.roads["forgetful"][-2:] == ("agency", "court")
    notice = next(step for step in policy.steps if step.code == "formal_notice")
    assert (notice.days_late, notice.written, notice.channel, notice.approval) == (60, 2, "letter", True)
    assert policy.points["promise-broken"] == {"dishonest": 2}
    assert list(policy.holidays) == ["CH"]


def test_amounts_follow_the_currency(tmp_path: Path) -> None:
    """The yen has no minor unit: a tolerance of 500 is 500, and a meeting from 5000 on is 5000."""
    policy = written(tmp_path, '[ledger]\ncurrency = "JPY"\n[policy]\ntolerance = 500').policy
    assert policy.tolerance == 500
    assert next(step.minimum for step in policy.steps if step.code == "meeting") == 5000


def test_the_file_is_found_beside_the_ledger_then_in_the_working_folder(tmp_path: Path) -> None:
    """Beside the ledger comes first; a named file comes before both."""
    ledgers, working, named = tmp_path / "ledgers", tmp_path / "working", tmp_path / "other.toml"
    for folder in (ledgers, working):
        folder.mkdir()
    (working / "relance.toml").write_text('[company]\nname = "Working"')
    ledger = ledgers / "ledger.xlsx"
    assert load(None, beside=ledger, environment={}, working=working).company.name == "Working"
    (ledgers / "relance.toml").write_text('[company]\nname = "Beside"')
    assert load(None, beside=ledger, environment={}, working=working).company.name == "Beside"
    named.write_text('[company]\nname = "Named"')
    settings = load(named, beside=ledger, environment={}, working=working)
    assert (settings.company.name, settings.path) == ("Named", named)
    assert settings.journal_url == f"sqlite:///{tmp_path.as_posix()}/relance.db"


def test_the_environment_wins(tmp_path: Path) -> None:
    """RELANCE_JOURNAL and RELANCE_LANGUAGE go before what is written; the password comes from nowhere else."""
    settings = written(
        tmp_path,
        '[journal]\nurl = "mine.db"\n[smtp]\nhost = "smtp.dupont.example"\nuser = "compta"',
        RELANCE_JOURNAL="postgresql+psycopg://team@db.example/relance",
        RELANCE_LANGUAGE="en",
        RELANCE_SMTP_PASSWORD="s3same",  # noqa: S106  an invented one
    )
    assert settings.journal_url == "postgresql+psycopg://team@db.example/relance"
    assert (settings.language, settings.policy.language) == ("en", "en")
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.starttls, settings.smtp.password) == (587, True, "s3same")
    assert "s3same" not in repr(settings)


def test_a_journal_may_be_named_as_a_file(tmp_path: Path) -> None:
    """A name without :// is a file in the settings' folder, and so is a relative SQLite URL."""
    expected = f"sqlite:///{tmp_path.as_posix()}/memory/one.db"
    assert written(tmp_path, '[journal]\nurl = "memory/one.db"').journal_url == expected
    assert written(tmp_path, '[journal]\nurl = "sqlite:///memory/one.db"').journal_url == expected


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """A typing error is refused with its line and the key that was meant, in the same section or another."""
    code, row, message, hint = refused(tmp_path, "[policy]\ngap_day = 3")
    assert (code, row) == ("SETTINGS-KEY", 2)
    assert message == "There is no setting “policy.gap_day”."
    assert hint == "Did you mean policy.gap_days?"
    assert refused(tmp_path, '[policy]\nlanguage = "en"')[3] == "Did you mean messages.language?"
    assert refused(tmp_path, "[policy.steps.reminder_3]\ndays_late = 30")[3].startswith(
        "Did you mean policy.steps.reminder_"
    )
    assert refused(tmp_path, "[evidence.promises-broken]\ndishonest = 1")[3] == "Did you mean evidence.promise-broken?"


def test_an_unknown_key_without_a_near_one_lists_what_may_stand_there(tmp_path: Path) -> None:
    """Where nothing is near, the section's keys are listed."""
    assert refused(tmp_path, "[journal]\nxyz = 3")[3] == "What may stand here: url."


def test_a_password_in_the_file_is_refused(tmp_path: Path) -> None:
    """Secrets come from the environment only, and the refusal does not repeat them."""
    code, row, message, hint = refused(tmp_path, '[smtp]\nhost = "smtp.dupont.example"\npassword = "s3same"')
    assert (code, row) == ("SETTINGS-SECRET", 3)
    assert "RELANCE_SMTP_PASSWORD" in hint
    assert "s3same" not in message + hint


@pytest.mark.parametrize(
    ("text", "row", "message", "hint"),
    [
        ("[policy]\ngap_days = -1", 2, "The setting “policy.gap_days” cannot be -1.", "It takes a whole number, at least 0."),
        ('[policy]\ngap_days = "7"', 2, 'The setting “policy.gap_days” cannot be "7".', "It takes a whole number."),
        ("[policy]\ngap_days = true", 2, "The setting “policy.gap_days” cannot be true.", "It takes a whole number."),
        ('[policy]\nhand_over = "baillif"', 2, 'The setting “policy.hand_over” cannot be "baillif".',
         'It takes one of "bailiff", "agency", "lawyer".'),
        ('[policy]\ntolerance = "5,00"', 2, 'The setting “policy.tolerance” cannot be "5,00".',
         'It takes an amount such as "5.00", with a point and nothing between thousands.'),
        ("[policy]\nbuckets = [30, 30]", 2, "The setting “policy.buckets” cannot be [30, 30].",
         "It takes rising numbers of days, such as [30, 60, 90]."),
        ("policy = 3", 1, "The setting “policy” cannot be 3.", "It takes a section with keys of its own."),
        ('[policy.roads]\ndefault = ["reminder_9"]', 2, 'The setting “policy.roads.default” cannot be "reminder_9".', None),
        ('[company]\nname = "A\\nBcc: x"', 2, 'The setting “company.name” cannot be "A\\nBcc: x".', "It takes a text of a single line."),
        ('[ledger]\ncountry = "France"', 2, 'The setting “ledger.country” cannot be "France".',
         'It takes a country in two capital letters, such as "FR".'),
    ],
)  # fmt: skip
def test_a_bad_value_says_what_is_allowed(tmp_path: Path, text: str, row: int, message: str, hint: str | None) -> None:
    """Each refusal names the key, what was written, its line, and what the key takes."""
    code, at, told, remedy = refused(tmp_path, text)
    assert (code, at, told) == ("SETTINGS-VALUE", row, message)
    assert hint is None or remedy == hint


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    """A section [smtp] without its host cannot be used."""
    assert refused(tmp_path, "[smtp]\nport = 25")[:3] == ("SETTINGS-NEEDED", 1, "The setting “smtp.host” is missing.")


def test_a_server_s_name_holds_no_port(tmp_path: Path) -> None:
    """A port behind the name would be looked for as part of it; an address of the newer kind has colons of its own."""
    code, row, _, remedy = refused(tmp_path, '[smtp]\nhost = "smtp.dupont.example:587"')
    assert (code, row) == ("SETTINGS-VALUE", 2)
    assert "port = 587" in remedy
    (tmp_path / "relance.toml").write_text('[company]\nemail = "a@b.example"\n[smtp]\nhost = "::1"', encoding="utf-8")
    chosen = load(tmp_path / "relance.toml", beside=None, environment={}, working=tmp_path)
    assert chosen.smtp is not None
    assert chosen.smtp.host == "::1"


def test_a_language_without_words_is_refused(tmp_path: Path) -> None:
    """The variable of the environment is named, with the languages there are."""
    assert refused(tmp_path, "", RELANCE_LANGUAGE="de")[2:] == (
        'The setting “RELANCE_LANGUAGE” cannot be "de".',
        'It takes one of "fr", "en".',
    )


def test_bad_syntax_names_the_line(tmp_path: Path) -> None:
    """A file that is no TOML is refused with the line at which reading stopped."""
    code, row, message, _ = refused(tmp_path, '[company]\nname = "Dupont"\nemail = compta@dupont.example\n')
    assert (code, row) == ("SETTINGS-SYNTAX", 3)
    assert "line 3" in message


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """A wrong --config is never silently replaced by the defaults."""
    with pytest.raises(RelanceError) as caught:
        load(tmp_path / "absent.toml", beside=None, environment={})
    assert caught.value.code == "SETTINGS-NOT-FOUND"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file saved as Windows text says so instead of showing broken names."""
    (tmp_path / "relance.toml").write_bytes('[company]\nname = "Société"'.encode("cp1252"))
    with pytest.raises(RelanceError) as caught:
        load(None, beside=tmp_path / "ledger.xlsx", environment={})
    assert (caught.value.code, caught.value.facts["why"]) == ("SETTINGS-UNREADABLE", "UTF-8")


def test_every_refusal_has_its_words_in_both_languages(tmp_path: Path) -> None:
    """What a refusal says is complete in French, too."""
    with pytest.raises(RelanceError) as caught:
        written(tmp_path, "[policy]\ngap_day = 3")
    assert Words("fr").problem(caught.value) == (
        "Le réglage «\N{NO-BREAK SPACE}policy.gap_day\N{NO-BREAK SPACE}» n'existe pas.",
        "Vouliez-vous écrire policy.gap_days\N{NO-BREAK SPACE}?",
    )


def test_what_a_fact_weighs_is_a_setting(tmp_path: Path) -> None:
    """Points, hardness and family of one fact are laid over the shipped ones, key by key; the other facts keep theirs."""
    written_policy = written(
        tmp_path,
        """
        [policy]
        contestation_days = 15
        poor_ratings = ["7", "8"]
        [evidence.poor-rating]
        in_difficulty = 5
        dishonest = 1
        [evidence.late-dispute]
        hard = false
        [evidence.others-paid-meanwhile]
        family = "money"
        """,
    ).policy
    shipped = load(None, beside=None, environment={}).policy
    assert written_policy.points == {**shipped.points, "poor-rating": {"in_difficulty": 5, "dishonest": 1}}
    assert written_policy.hard_facts == shipped.hard_facts - {"late-dispute"}
    assert written_policy.families["others-paid-meanwhile"] == "money"
    assert written_policy.families["orders-while-late"] == shipped.families["orders-while-late"] == "trade"
    assert (written_policy.contestation_days, written_policy.poor_ratings) == (15, ("7", "8"))
    assert (shipped.contestation_days, shipped.delivery_facts) == (0, written_policy.delivery_facts)


def test_accounts_without_a_password(tmp_path: Path) -> None:
    """Microsoft needs tenant and client_id, Google a file; the application's secret comes from the environment and is not shown."""
    section = '[smtp]\nhost = "smtp.example"\nuser = "a@b.example"\nauth = "microsoft"\n'
    code, _, message, _ = refused(tmp_path, section)
    assert (code, message) == ("SETTINGS-NEEDED", "The setting “smtp.tenant” is missing.")
    settings = written(
        tmp_path,
        f'{section}tenant = "b.example"\nclient_id = "c-1"\n',
        RELANCE_SMTP_CLIENT_SECRET="app-s3cret",  # noqa: S106  no real one
    )
    assert settings.smtp is not None
    assert settings.smtp.authority == "https://login.microsoftonline.com/b.example"
    assert (settings.smtp.client_secret, settings.smtp.oauth_file.parent) == ("app-s3cret", tmp_path)
    assert "app-s3cret" not in repr(settings)
    code, *_ = refused(tmp_path, f'{section}client_secret = "app-s3cret"\n')
    assert code == "SETTINGS-SECRET"
    code, *_ = refused(tmp_path, f'{section}authority = "http://login.example"\n')
    assert code == "SETTINGS-VALUE"


def test_where_mails_are_filed(tmp_path: Path) -> None:
    """In archive/ beside the settings, unless another folder is named; "" files nothing."""
    assert written(tmp_path, "").archive == tmp_path / "archive"
    assert written(tmp_path, '[mail]\narchive = "sent/mails"\n').archive == tmp_path / "sent" / "mails"
    assert written(tmp_path, '[mail]\narchive = ""\n').archive is None


def test_settings_are_read_without_tables() -> None:
    """Reading relance.toml, and saying what is wrong with it, does not wait for pandas."""
    program = "import sys, batch.settings; print([name for name in ('numpy', 'pandas') if name in sys.modules])"
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
