"""A mail server on loopback that asks for a password or a token, and certificates that hold, have ended or name another."""

# ruff: noqa: N802  aiosmtpd calls its hooks by these names

import asyncio
import datetime as dt
import ipaddress
import json
import socket
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST, USER = "127.0.0.1", "relances@alpha.example"
# name → the address or host it vouches for, the days from now in which it holds, whether the authority signed it
PAPERS = {
    "good": (HOST, (-1, 400), True),
    "other_name": ("other.example", (-1, 400), True),
    "expired": (HOST, (-20, -1), True),
    "ending": (HOST, (-1, 5), True),
    "stranger": (HOST, (-1, 400), False),
    "plain": (HOST, (-1, 400), True),
}
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
    "encipher_only", "decipher_only",
)  # fmt: skip
PLAIN = "plain"  # names no key of whoever signed it, as many a company's own


@dataclass(frozen=True)
class Papers:
    """The file of the authority, and a server's side of TLS for each certificate."""

    authority: Path
    contexts: dict[str, ssl.SSLContext]


@dataclass
class Office:
    """The server: its port, what it lets in, and what came."""

    port: int = 0
    password: str = ""
    tokens: set[str] = field(default_factory=set)
    logins: list[str] = field(default_factory=list)  # the mechanism of each attempt
    received: list[bytes] = field(default_factory=list)
    goodbye: bool = False  # close the line after each mail


def papers(folder: Path) -> Papers:
    """Make the certificates in a folder."""
    folder.mkdir(exist_ok=True)
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    issuer = _certificate("authority.example", (-30, 400), issuer_key, None)
    (folder / "authority.pem").write_bytes(issuer.public_bytes(serialization.Encoding.PEM))
    contexts = {}
    for name, (vouched, days, signed) in PAPERS.items():
        key = ec.generate_private_key(ec.SECP256R1())
        paper = _certificate(vouched, days, key, (issuer, issuer_key) if signed else None, plain=name == PLAIN)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = folder / f"{name}.pem"
        path.write_bytes(pem + paper.public_bytes(serialization.Encoding.PEM))
        contexts[name] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        contexts[name].load_cert_chain(path)
    return Papers(folder / "authority.pem", contexts)


def _certificate(
    vouched: str, days: tuple[int, int], key: ec.EllipticCurvePrivateKey,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None, *, plain: bool = False,
) -> x509.Certificate:  # fmt: skip
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, vouched)])
    begin, end = (dt.datetime.now(dt.UTC) + dt.timedelta(days=day) for day in days)
    address = x509.IPAddress(ipaddress.ip_address(vouched)) if vouched == HOST else x509.DNSName(vouched)
    begun = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer[0].subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    signer = issuer[1] if issuer else key
    if not plain:
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signers = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        begun = begun.add_extension(own, critical=False).add_extension(signers, critical=False)
    if issuer is None:
        may = dict.fromkeys(USES, False) | {"key_cert_sign": True}
        begun = begun.add_extension(x509.KeyUsage(**may), critical=True)
    return begun.sign(signer, hashes.SHA256())


class _Handler:
    """Keeps what it is given, and knows the mechanism that mail servers without passwords speak."""

    def __init__(self, office: Office) -> None:
        """Take the office, which a test may change at any time."""
        self.office = office

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        """Let in who knows the password."""
        del server, session, envelope
        self.office.logins.append(mechanism)
        good = login == LoginPassword(USER.encode(), self.office.password.encode())
        return AuthResult(success=bool(self.office.password) and good, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Let in who shows a token; who does not is told why, answers with nothing, and is refused."""
        self.office.logins.append("XOAUTH2")
        if b64decode(args[1]).decode() in {f"user={USER}\1auth=Bearer {token}\1\1" for token in self.office.tokens}:
            return AuthResult(success=True)
        answer = await server.challenge_auth(json.dumps({"status": "401", "schemes": "bearer"}))
        return AuthResult(success=False, handled=False, message=f"535 5.7.3 Authentication unsuccessful ({answer!r})")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        del session
        self.office.received.append(bytes(envelope.original_content or b""))
        if self.office.goodbye and isinstance(server.transport, asyncio.WriteTransport):
            asyncio.get_running_loop().call_later(0.02, server.transport.abort)
        return "250 queued"


class Line(SMTP):
    """The server for one connection, which is remembered, so that none is left open at the end."""

    opened: list[asyncio.Transport]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the line."""
        if isinstance(transport, asyncio.Transport):
            self.opened.append(transport)
        super().connection_made(transport)


class Loopback(Controller):
    """The server in a thread of its own; `kind` is what serves a connection."""

    kind: type[Line] = Line

    def factory(self) -> Line:
        """Return the server for one connection."""
        server = self.kind(self.handler, **self.SMTP_kwargs)
        server.opened = self.__dict__.setdefault("opened", [])
        return server

    def hang_up(self) -> None:
        """Close every line that was ever opened; aiosmtpd itself leaves encrypted ones to the garbage collector."""

        async def abort() -> None:
            for line in reversed(self.__dict__.get("opened", [])):
                line.abort()
            await asyncio.sleep(0.01)

        asyncio.run_coroutine_threadsafe(abort(), self.loop).result(10)


@contextmanager
def listening(
    handler: object, authenticator: Callable[..., AuthResult], context: ssl.SSLContext | None, *, starttls: bool,
    kind: type[Line] = Line,
) -> Iterator[int]:  # fmt: skip
    """Serve with a certificate, by STARTTLS or from the first byte, or without any; yield the port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    tls: dict[str, Any] = {"tls_context": context, "require_starttls": context is not None} if starttls else {}
    server = Loopback(
        handler, hostname=HOST, port=port, ssl_context=None if starttls else context, authenticator=authenticator,
        auth_required=context is not None and starttls, auth_require_tls=starttls, **tls,
    )  # fmt: skip
    server.kind = kind
    server.start()
    try:
        yield port
    finally:
        server.hang_up()
        server.stop()


@contextmanager
def mail_server(office: Office, context: ssl.SSLContext | None, *, starttls: bool = True) -> Iterator[Office]:
    """Serve as `listening` does; the port is written into the office."""
    handler = _Handler(office)
    with listening(handler, handler.authenticate, context, starttls=starttls) as office.port:
        yield office
