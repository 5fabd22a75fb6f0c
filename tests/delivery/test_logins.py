"""How an account logs in: certificates always hold, tokens are shown as servers ask for them and fetched anew before they end."""

import datetime as dt
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Message
from batch.delivery.compose import Mail, compose
from batch.delivery.connection import Account, Connection
from batch.delivery.postman import Kind, SmtpPostman
from batch.delivery.tokens import Bearer, Token
from tests.mailserver import HOST, USER, Office, Papers, mail_server

TOKEN, LATER = "eyJ-first.token", "eyJ-second.token"


def account(office: Office, certificates: Papers, *, starttls: bool = True, bearer: Bearer | None = None) -> Account:
    """Return the account that the office knows."""
    ca = str(certificates.authority)
    return Account(HOST, office.port, USER, "right", starttls, ca, "retours@alpha.example", bearer)


def mail() -> Mail:
    """Return a reminder."""
    message = Message("411D", "EUR", "reminder_1", "fr", "FA-1", "Bonjour\n", "", "d")
    return compose(
        message, company=Company(name="Alpha", email="compta@alpha.example"), recipient="compta@durand.example",
        message_id="<relance.1@alpha.example>", at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip


def refusal(account: Account) -> RelanceError:
    """Return why a login fails."""
    connection = Connection(account, 10)
    with pytest.raises(RelanceError) as refused:
        connection.open()
    connection.close()
    return refused.value


@pytest.mark.parametrize("starttls", [True, False])
@pytest.mark.parametrize("paper", ["other_name", "expired", "stranger"])
def test_a_certificate_that_does_not_hold_ends_it(
    paper: str, running: ExitStack, certificates: Papers, *, starttls: bool
) -> None:
    """Another name, ended, signed by itself: by STARTTLS and from the first byte, no password or token is spoken."""
    office = running.enter_context(mail_server(Office(), certificates.contexts[paper], starttls=starttls))
    for bearer in (None, Bearer(lambda: Token(TOKEN, time.time() + 3600))):
        assert refusal(account(office, certificates, starttls=starttls, bearer=bearer)).code == "SMTP-CERTIFICATE"
    assert office.logins == []


@pytest.mark.parametrize("starttls", [True, False])
def test_the_companys_own_authority_is_taken(running: ExitStack, certificates: Papers, *, starttls: bool) -> None:
    """With `ca_file` its certificates hold; without it the system's authorities know nothing of them."""
    office = Office(password="right")  # noqa: S106  no real password
    running.enter_context(mail_server(office, certificates.contexts["good"], starttls=starttls))
    known = account(office, certificates, starttls=starttls)
    connection = Connection(known, 10)
    connection.open()
    line = connection.line()
    connection.close()
    assert line.tls.startswith("TLSv1.")
    assert line.certified_until == (dt.datetime.now(dt.UTC) + dt.timedelta(days=400)).date()
    assert {"LOGIN", "PLAIN", "XOAUTH2"} <= set(line.logins)
    assert line.most_bytes > 0
    assert refusal(replace(known, ca_file=None)).code == "SMTP-CERTIFICATE"


@pytest.mark.parametrize("starttls", [True, False])
def test_a_token_is_shown_as_servers_ask_for_it(running: ExitStack, certificates: Papers, *, starttls: bool) -> None:
    """XOAUTH2 with user and token, after the line is encrypted; the mail leaves, and no password is spoken."""
    office = Office(tokens={TOKEN})
    running.enter_context(mail_server(office, certificates.contexts["good"], starttls=starttls))
    bearer = Bearer(lambda: Token(TOKEN, time.time() + 3600))
    with SmtpPostman(account(office, certificates, starttls=starttls, bearer=bearer), timeout=10) as postman:
        assert postman.deliver(mail()).kind is Kind.SENT
    assert (office.logins, len(office.received)) == (["XOAUTH2"], 1)


def test_a_refused_token_is_said_and_not_shown(running: ExitStack, certificates: Papers) -> None:
    """One error with the server's answer; the token itself is in none of it."""
    office = Office(tokens={LATER})
    running.enter_context(mail_server(office, certificates.contexts["good"]))
    refused = refusal(account(office, certificates, bearer=Bearer(lambda: Token(TOKEN, time.time() + 3600))))
    assert refused.code == "SMTP-TOKEN-REFUSED", refused.facts
    assert str(refused.facts["reason"]).startswith("535 5.7.3 Authentication unsuccessful")
    assert TOKEN not in f"{refused.facts} {refused!r} {refused.__cause__!r} {refused.__context__!r}"


def test_a_token_that_ends_is_fetched_anew_between_mails(running: ExitStack, certificates: Papers) -> None:
    """The first lasts less than a minute more: the second mail goes over a new line with the second, each mail once."""
    office = Office(tokens={TOKEN})
    running.enter_context(mail_server(office, certificates.contexts["good"]))
    given = iter([Token(TOKEN, time.time() + 30), Token(LATER, time.time() + 3600)])
    with SmtpPostman(account(office, certificates, bearer=Bearer(lambda: next(given))), timeout=10) as postman:
        office.tokens = {LATER}
        assert [postman.deliver(mail()).kind for _ in range(3)] == [Kind.SENT] * 3
    assert (office.logins, len(office.received)) == (["XOAUTH2"] * 2, 3)


def test_a_token_that_cannot_be_fetched_keeps_the_mail(running: ExitStack, certificates: Papers) -> None:
    """Between two mails: the second waits for another call, with the reason."""
    office = Office(tokens={TOKEN})
    running.enter_context(mail_server(office, certificates.contexts["good"]))
    given = [Token(TOKEN, time.time() + 30)]

    def fetch() -> Token:
        if not given:
            raise RelanceError("OAUTH-REFUSED", user=USER, reason="AADSTS7000215")
        return given.pop()

    with SmtpPostman(account(office, certificates, bearer=Bearer(fetch)), timeout=10) as postman:
        outcome = postman.deliver(mail())
    assert (outcome.kind, outcome.answer, office.received) == (Kind.LATER, "AADSTS7000215", [])


def test_a_server_that_takes_no_token_is_named(running: ExitStack, certificates: Papers) -> None:
    """A server without encryption never sees the token."""
    office = Office(tokens={TOKEN})
    running.enter_context(mail_server(office, None))
    assert (
        refusal(account(office, certificates, bearer=Bearer(lambda: Token(TOKEN, time.time() + 9)))).code
        == "SMTP-NO-TLS"
    )
    assert office.logins == []


def test_a_password_with_accents_is_refused_with_a_remedy(running: ExitStack, certificates: Papers) -> None:
    """The login carries ASCII only: said plainly, and the password is not shown."""
    office = running.enter_context(mail_server(Office(), certificates.contexts["good"]))
    refused = refusal(replace(account(office, certificates), password="été-secret"))  # noqa: S106  no real password
    assert refused.code == "SMTP-LOGIN-LETTERS"
    assert "secret" not in f"{refused.facts} {refused.__cause__!r}"
