"""A real mail server on loopback: what it answers, and where it hangs up, decides what became of a mail."""

# ruff: noqa: N802, ARG001, ARG002  aiosmtpd calls its hooks by these names, with these arguments

import asyncio
import datetime as dt
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Message
from batch.delivery.compose import Mail, compose
from batch.delivery.postman import Account, Kind, Outcome, SmtpPostman
from tests.mailserver import HOST, USER, Line, listening

Serve = Callable[..., int]

PASSWORD = "s3cret-word"  # noqa: S105  no real one


@dataclass
class Behaviour:
    """How the server answers; `drop_at` names the command at which it closes the line without a word."""

    rcpt: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    data: str = "250 queued as 42"
    drop_at: str = ""
    stall_at: str = ""
    pipelining: bool = False
    hold_back: threading.Barrier | None = None  # until so many mails are in the server's hands at once
    goodbye_after: int = 0
    most_a_line: int = 0  # mails that one connection may bring; what is said to the next one is `too_many`
    too_many: str = ""
    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    logins: int = 0
    gone: threading.Event = field(default_factory=threading.Event)


def drop(server: SMTP) -> None:
    """Hang up without a word."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


class Handler:
    """Answers as it was told and keeps what it was given."""

    def __init__(self, behaviour: Behaviour) -> None:
        """Take the behaviour, which a test may change at any time."""
        self.behaviour = behaviour

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Say what the server can do."""
        session.host_name = hostname
        return [responses[0], *(["250-PIPELINING"] if self.behaviour.pipelining else []), *responses[1:]]

    async def stall(self, moment: str) -> None:
        """Say nothing for longer than the postman waits."""
        if self.behaviour.stall_at == moment:
            await asyncio.sleep(3600)

    async def handle_MAIL(
        self, server: "Server", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        await self.stall("MAIL")
        if self.behaviour.drop_at == "MAIL":
            drop(server)
        server.asked += 1
        if 0 < self.behaviour.most_a_line < server.asked:
            if self.behaviour.too_many.startswith("421"):
                asyncio.get_running_loop().call_later(0.05, drop, server)
            return self.behaviour.too_many
        envelope.mail_from = address
        return self.behaviour.mail or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        await self.stall("RCPT")
        if self.behaviour.drop_at == "RCPT":
            drop(server)
        answer = self.behaviour.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer the mail's last line."""
        if self.behaviour.data.startswith("250"):
            self.behaviour.received.append(bytes(envelope.original_content or b""))
            self.behaviour.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.behaviour.drop_at == "ANSWER":
            drop(server)
        await self.stall("ANSWER")
        if self.behaviour.hold_back:
            await asyncio.get_running_loop().run_in_executor(None, self.behaviour.hold_back.wait, 10)
        if self.behaviour.goodbye_after and len(self.behaviour.received) % self.behaviour.goodbye_after == 0:
            self.farewell = asyncio.create_task(self.say_goodbye(server))
        return self.behaviour.data

    async def say_goodbye(self, server: SMTP) -> None:
        """Close the connection in good order, as servers do after some mails."""
        await asyncio.sleep(0.05)
        await server.push("421 4.4.2 closing")
        self.behaviour.gone.set()
        drop(server)


class Server(Line):
    """aiosmtpd's server, which may also hang up at the DATA command itself."""

    asked = 0  # mails begun over this line

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take a mail, or hang up."""
        if self.event_handler.behaviour.drop_at == "DATA":
            drop(self)
            return
        await self.event_handler.stall("DATA")
        await super().smtp_DATA(arg)


@dataclass(frozen=True)
class Certificates:
    """Files of an authority, of a server it vouches for, and of a stranger that only vouches for itself."""

    authority: Path
    server: ssl.SSLContext
    wrong_name: ssl.SSLContext
    stranger: ssl.SSLContext


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def _certify(folder: Path, name: str, subject: str, issuer: str) -> ssl.SSLContext:
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", f"{name}.key"]
    names = ["-addext", f"subjectAltName={subject}"]
    signed = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"] if issuer else []
    _openssl(folder, "req", "-x509", *key, *names, *signed, "-subj", f"/CN={name}", "-days", "2", "-out", f"{name}.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make the certificates with openssl."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openssl is missing")
        pytest.skip("openssl is not installed, so no certificates can be made")
    folder = tmp_path_factory.mktemp("certificates")
    _certify(folder, "authority", "DNS:authority.example", "")
    return Certificates(
        authority=folder / "authority.pem",
        server=_certify(folder, "server", f"IP:{HOST}", "authority"),
        wrong_name=_certify(folder, "other", "DNS:other.example", "authority"),
        stranger=_certify(folder, "stranger", f"IP:{HOST}", ""),
    )


@pytest.fixture
def behaviour() -> Behaviour:
    """Return how the server behaves; change it in the test."""
    return Behaviour()


@pytest.fixture
def serve(behaviour: Behaviour) -> Iterator[Serve]:
    """Return a function that starts the server with a certificate, with STARTTLS or with TLS at once, and returns its port."""

    def authenticate(server: Server, session: Session, envelope: Envelope, mechanism: str, login: object) -> AuthResult:
        behaviour.logins += 1
        known = isinstance(login, LoginPassword) and login == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    with ExitStack() as started:

        def start(context: ssl.SSLContext | None, *, starttls: bool = True) -> int:
            handler = Handler(behaviour)
            return started.enter_context(listening(handler, authenticate, context, starttls=starttls, kind=Server))

        yield start


TO, COPY = "compta@durand.example", "direction@durand.example"
TEXT = "Bonjour,\n\nFrom our books: 1 000,00 € are open.\n.\nMerci\n"


def mail(*cc: str, sender: str = "compta@alpha.example") -> Mail:
    """Return a reminder to Durand."""
    message = Message("411DURAND", "EUR", "reminder_1", "fr", "Facture FA-1 échue", TEXT, "<p>Bonjour</p>", "d")
    return compose(
        message, company=Company(name="Alpha, SARL", email=sender), recipient=TO, cc=cc,
        message_id="<relance.1@alpha.example>", at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip


def account(port: int, certificates: Certificates, *, starttls: bool = True) -> Account:
    """Return the account that the server knows."""
    return Account(HOST, port, USER, PASSWORD, starttls, str(certificates.authority), "retours@alpha.example")


@pytest.fixture(params=[False, True], ids=["in turn", "pipelined"])
def postman(
    serve: Serve, certificates: Certificates, behaviour: Behaviour, request: pytest.FixtureRequest
) -> SmtpPostman:
    """Return a postman whose server is running, one that takes commands in turn, and one that takes them together."""
    behaviour.pipelining = request.param
    return SmtpPostman(account(serve(certificates.server), certificates), timeout=10)


@pytest.mark.parametrize("starttls", [True, False])
def test_a_mail_leaves_as_it_was_composed(
    serve: Serve, certificates: Certificates, behaviour: Behaviour, *, starttls: bool
) -> None:
    """Over STARTTLS and over TLS from the first byte: the same bytes as the .eml, once, and the server's words come back."""
    written = mail(COPY)
    with SmtpPostman(
        account(serve(certificates.server, starttls=starttls), certificates, starttls=starttls)
    ) as postman:
        assert postman.deliver(written) == Outcome(Kind.SENT, "250 queued as 42")
    assert behaviour.received == [written.as_bytes()]
    assert behaviour.envelopes == [("retours@alpha.example", [TO, COPY])]
    body = message_from_bytes(behaviour.received[0], policy=policy.default).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == TEXT


def test_a_blind_copy_is_in_the_envelope_alone(postman: SmtpPostman, behaviour: Behaviour) -> None:
    """The server is told all three; the mail names the two that may be seen."""
    firm = Company(
        name="Alpha",
        email="compta@alpha.example",
        copy_to="copies@alpha.example",
        blind_copy_to="archive@alpha.example",
    )
    composed = compose(
        Message("411DURAND", "EUR", "reminder_1", "fr", "Rappel", "Bonjour\n", "", "d"), company=firm,
        recipient="compta@durand.example", message_id="<relance.1@alpha.example>", at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC),
    )  # fmt: skip
    with postman:
        assert postman.deliver(composed).kind is Kind.SENT
    ((_, recipients),) = behaviour.envelopes
    assert recipients == ["compta@durand.example", "copies@alpha.example", "archive@alpha.example"]
    assert b"archive" not in behaviour.received[0]


def test_a_sender_with_accents_in_its_domain_leaves(
    serve: Serve, certificates: Certificates, behaviour: Behaviour
) -> None:
    """The server is told the domain's ASCII form (RFC 3490)."""
    known = replace(account(serve(certificates.server), certificates), sender="retours@bréval.example")
    with SmtpPostman(known, timeout=10) as postman:
        assert postman.deliver(mail()).kind is Kind.SENT
    assert behaviour.envelopes == [("retours@xn--brval-csa.example", [TO])]


def test_one_login_serves_many_mails(postman: SmtpPostman, behaviour: Behaviour) -> None:
    """Three mails, one connection."""
    with postman:
        assert [postman.deliver(mail()).kind for _ in range(3)] == [Kind.SENT] * 3
    assert (len(behaviour.received), behaviour.logins) == (3, 1)


def test_a_server_that_says_goodbye_between_mails_is_called_again(postman: SmtpPostman, behaviour: Behaviour) -> None:
    """Servers close a connection after some mails; no mail is lost or put off for that, none is doubled."""
    behaviour.goodbye_after = 1
    with postman:
        first = postman.deliver(mail())
        assert behaviour.gone.wait(10)
        second = postman.deliver(mail())
    assert (first.kind, second.kind, len(behaviour.received), behaviour.logins) == (Kind.SENT, Kind.SENT, 2, 2)


@pytest.mark.parametrize(
    "too_many",
    [
        "421 too many messages in this connection",
        "451 Mails per session limit",
        "452 4.4.5 Maximum number of messages per session exceeded.",
    ],
)
def test_a_server_that_takes_few_mails_over_one_line_gets_another(
    postman: SmtpPostman, behaviour: Behaviour, too_many: str
) -> None:
    """Whether it hangs up, as Exim does, or not, as others: all mails leave, each once, over as many lines as it takes."""
    behaviour.most_a_line, behaviour.too_many = 2, too_many
    with postman:
        assert [postman.deliver(mail()).kind for _ in range(5)] == [Kind.SENT] * 5
    assert (len(behaviour.received), behaviour.logins) == (5, 3)


@pytest.mark.parametrize("told", [{"mail": "421 4.3.2 closing"}, {"drop_at": "MAIL"}, {"drop_at": "DATA"}])
def test_a_new_line_is_tried_once(postman: SmtpPostman, behaviour: Behaviour, told: dict[str, str]) -> None:
    """A server that takes nothing over the new line either is left alone; one whose first mail it is gets no second call."""
    with postman:
        assert postman.deliver(mail()).kind is Kind.SENT
        for name, value in told.items():
            setattr(behaviour, name, value)
        assert [postman.deliver(mail()).kind, behaviour.logins] == [Kind.LATER, 2]
        assert [postman.deliver(mail()).kind, behaviour.logins] == [Kind.LATER, 3]
    assert len(behaviour.received) == 1


@pytest.mark.parametrize(
    ("told", "kind", "answer"),
    [
        ({"rcpt": {TO: "550 5.1.1 user unknown"}}, Kind.REFUSED, f"{TO}: 550 5.1.1 user unknown"),
        ({"rcpt": {TO: "451 4.7.1 greylisted"}}, Kind.LATER, f"{TO}: 451 4.7.1 greylisted"),
        ({"rcpt": {TO: "421 4.3.2 closing"}}, Kind.LATER, f"{TO}: 421 4.3.2 closing"),
        ({"data": "554 5.7.1 looks like spam"}, Kind.REFUSED, "554 5.7.1 looks like spam"),
        ({"data": "452 4.2.2 mailbox full"}, Kind.LATER, "452 4.2.2 mailbox full"),
        ({"data": "xyz what"}, Kind.UNCERTAIN, "-1 what"),
        (
            {"data": "550 5.4.5 Daily user sending quota exceeded"},
            Kind.LATER,
            "550 5.4.5 Daily user sending quota exceeded",
        ),
        (
            {"rcpt": {TO: "552 5.2.2 mailbox full, quota exceeded"}},
            Kind.REFUSED,
            f"{TO}: 552 5.2.2 mailbox full, quota exceeded",
        ),
        ({"mail": "550 5.7.1 sender not allowed"}, Kind.LATER, "550 5.7.1 sender not allowed"),
    ],
)
def test_the_servers_answer_decides(
    postman: SmtpPostman, behaviour: Behaviour, told: dict[str, object], kind: Kind, answer: str
) -> None:
    """5xx refuses, 4xx puts off, nonsense after the text is uncertain; a refused sender is not the debtor's fault."""
    for name, value in told.items():
        setattr(behaviour, name, value)
    with postman:
        outcome = postman.deliver(mail())
        again = postman.deliver(mail()).kind
    assert (outcome.kind, outcome.answer) == (kind, answer)
    assert (behaviour.received, again) == ([], kind)


@pytest.mark.parametrize(
    ("moment", "kind", "copies"),
    [("MAIL", Kind.LATER, 0), ("RCPT", Kind.LATER, 0), ("DATA", Kind.LATER, 0), ("ANSWER", Kind.UNCERTAIN, 1)],
)
def test_where_the_line_drops_decides(
    postman: SmtpPostman, behaviour: Behaviour, moment: str, kind: Kind, copies: int
) -> None:
    """Before the text nothing left; after it nobody knows. Never is there a second copy, and the next mail goes its way."""
    behaviour.drop_at = moment
    with postman:
        assert postman.deliver(mail()).kind is kind
        assert len(behaviour.received) == copies
        behaviour.drop_at = ""
        assert postman.deliver(mail()).kind is Kind.SENT
    assert len(behaviour.received) == copies + 1


@pytest.mark.parametrize(
    ("moment", "kind", "copies"),
    [("MAIL", Kind.LATER, 0), ("RCPT", Kind.LATER, 0), ("DATA", Kind.LATER, 0), ("ANSWER", Kind.UNCERTAIN, 1)],
)
def test_where_the_server_falls_silent_decides(
    serve: Serve, certificates: Certificates, behaviour: Behaviour, moment: str, kind: Kind, copies: int
) -> None:
    """A server that says no more is not waited for without end, and is left as one that hangs up."""
    behaviour.stall_at = moment
    behaviour.pipelining = True
    with SmtpPostman(account(serve(certificates.server), certificates), timeout=0.5) as postman:
        assert postman.deliver(mail()).kind is kind
        assert len(behaviour.received) == copies
        behaviour.stall_at = ""
        assert postman.deliver(mail()).kind is Kind.SENT


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        ({"rcpt": {TO: "421 4.3.2 closing"}}, True),
        ({"rcpt": {TO: "450 4.2.1 receiving at a rate that prevents delivery"}}, True),
        ({"rcpt": {TO: "450 4.7.1 slow down"}}, True),
        ({"data": "452 4.3.1 out of space"}, True),
        ({"data": "452 4.2.2 mailbox full"}, False),
        ({"mail": "454 4.7.0 not now"}, True),
        ({"mail": "451 4.7.0 too many messages"}, True),
        ({"data": "550 5.4.5 Daily user sending quota exceeded"}, True),
        ({"data": "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"}, True),
        ({"rcpt": {TO: "550 5.1.90 Your message can't be sent: daily limit for message recipients reached"}}, True),
        ({"data": "550 Domain alpha.example has exceeded the max emails per hour (155/150) allowed"}, True),
        ({"rcpt": {TO: "550 User retours@alpha.example has exceeded its 24-hour sending limit"}}, True),
        ({"rcpt": {TO: f"554 5.7.1 <{TO}>: Recipient address rejected: You have exceeded your quota"}}, True),
        ({"rcpt": {TO: "550 sorry, too many emails (#5.7.1)"}}, True),
        ({"mail": "450 Mail send limit exceeded."}, True),
        ({"rcpt": {TO: "552 5.2.2 The mailbox has exceeded its quota"}}, False),
        ({"rcpt": {TO: "550 5.2.2 The account that you tried to reach is over its daily limit"}}, False),
        ({"rcpt": {TO: "451 4.7.1 greylisted"}}, False),
        ({"rcpt": {TO: "550 5.1.1 user unknown"}}, False),
        ({}, False),
    ],
)
def test_a_server_that_wants_a_pause_is_understood(
    postman: SmtpPostman, behaviour: Behaviour, told: dict[str, object], *, pause: bool
) -> None:
    """Busy servers and used-up accounts ask the whole post to stop; one customer's full mailbox or grey list does not."""
    for name, value in told.items():
        setattr(behaviour, name, value)
    with postman:
        assert postman.deliver(mail()).pause is pause


def test_several_mails_are_in_its_hands_at_the_same_time(
    serve: Serve, certificates: Certificates, behaviour: Behaviour
) -> None:
    """Three sessions, each with a login of its own: the server answers none of three mails before it has all of them."""
    behaviour.hold_back = threading.Barrier(3)
    behaviour.pipelining = True
    with SmtpPostman(account(serve(certificates.server), certificates), sessions=3, timeout=20) as postman:
        assert postman.sessions == 3
        with ThreadPoolExecutor(3) as pool:
            outcomes = list(pool.map(lambda _: postman.deliver(mail()).kind, range(6)))
    assert outcomes == [Kind.SENT] * 6
    assert (len(behaviour.received), behaviour.logins) == (6, 3)


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "ANSWER"])
def test_lines_drop_on_all_sessions(
    serve: Serve, certificates: Certificates, behaviour: Behaviour, moment: str
) -> None:
    """Each session stands for its own mail: whatever had reached the server is uncertain, the rest is put off, and all go on."""
    behaviour.drop_at = moment
    behaviour.pipelining = True
    with (
        SmtpPostman(account(serve(certificates.server), certificates), sessions=3, timeout=20) as postman,
        ThreadPoolExecutor(3) as pool,
    ):
        outcomes = list(pool.map(lambda _: postman.deliver(mail()).kind, range(6)))
        arrived = len(behaviour.received)
        behaviour.drop_at = ""
        after = list(pool.map(lambda _: postman.deliver(mail()).kind, range(6)))
    assert outcomes == [Kind.UNCERTAIN if moment == "ANSWER" else Kind.LATER] * 6
    assert arrived == (6 if moment == "ANSWER" else 0)
    assert (after, len(behaviour.received)) == ([Kind.SENT] * 6, arrived + 6)


@pytest.mark.parametrize(
    ("rcpt", "kind"),
    [
        ({COPY: "550 unknown"}, Kind.SENT),
        ({TO: "550 unknown"}, Kind.REFUSED),
        ({TO: "451 later"}, Kind.UNCERTAIN),
    ],
)
def test_with_copies_the_debtors_own_address_decides(
    postman: SmtpPostman, behaviour: Behaviour, rcpt: dict[str, str], kind: Kind
) -> None:
    """A refused copy is told beside the success; a mail of which only copies left is never put off and sent again."""
    behaviour.rcpt = rcpt
    with postman:
        outcome = postman.deliver(mail(COPY))
    assert outcome.kind is kind
    assert next(f"{address}: {answer}" for address, answer in rcpt.items()) in outcome.answer


@pytest.mark.parametrize("which", ["wrong_name", "stranger"])
@pytest.mark.parametrize("starttls", [True, False])
def test_a_certificate_that_does_not_hold_is_refused(
    serve: Serve, certificates: Certificates, behaviour: Behaviour, *, which: str, starttls: bool
) -> None:
    """Another name, or nobody to vouch for it: no password is spoken."""
    port = serve(getattr(certificates, which), starttls=starttls)
    with pytest.raises(RelanceError) as refused, SmtpPostman(account(port, certificates, starttls=starttls)):
        pass
    assert (refused.value.code, behaviour.logins) == ("SMTP-CERTIFICATE", 0)


def test_a_server_without_encryption_is_refused(serve: Serve, certificates: Certificates, behaviour: Behaviour) -> None:
    """A password is never sent in the clear."""
    with pytest.raises(RelanceError) as refused, SmtpPostman(account(serve(None), certificates)):
        pass
    assert (refused.value.code, behaviour.logins) == ("SMTP-NO-TLS", 0)


def test_accounts_that_cannot_work_are_named_before_anything_is_claimed(
    serve: Serve, certificates: Certificates, tmp_path: Path
) -> None:
    """Wrong password, nobody listening, no authority's file, no sender, no password kept: each has its code, none shows the password."""
    good = account(serve(certificates.server), certificates)
    wrong = {
        "SMTP-LOGIN-REFUSED": replace(good, password="wrong-secret"),  # noqa: S106  no real password
        "SMTP-UNREACHABLE": replace(good, port=1),
        "SMTP-CA-FILE": replace(good, ca_file=str(tmp_path / "missing.pem")),
        "SENDER-UNUSABLE": replace(good, sender="nobody"),
        "SMTP-PASSWORD-MISSING": replace(good, user="nobody-knows@relance.invalid", password=""),
    }
    for code, unfit in wrong.items():
        with pytest.raises(RelanceError) as refused, SmtpPostman(unfit, timeout=10):
            pass
        assert refused.value.code == code
        assert "Errno" not in str(refused.value.facts)
        shown = f"{refused.value.facts} {refused.value.source} {refused.value.__cause__!r} {unfit!r}"
        assert PASSWORD not in shown
        assert "wrong-secret" not in shown


def test_a_login_name_without_domain_stays_as_it_is(serve: Serve, certificates: Certificates) -> None:
    """The login is spoken as it was given: yagmail would make a Gmail address of it."""
    nobody = replace(account(serve(certificates.server), certificates), user="alpha")
    with pytest.raises(RelanceError) as refused, SmtpPostman(nobody, timeout=10):
        pass
    assert refused.value.facts["user"] == "alpha"


def test_a_mail_without_a_real_sender_does_not_leave(postman: SmtpPostman, behaviour: Behaviour) -> None:
    """What was composed for the folder, without the firm's address, is no mail for a server."""
    with postman:
        assert postman.deliver(mail(sender="")).kind is Kind.LATER
    assert behaviour.received == []
