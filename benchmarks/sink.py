"""A mail server on loopback that keeps nothing but the Message-IDs: STARTTLS and login asked for, as providers do.

    python benchmarks/sink.py FOLDER [--together N] [--think SECONDS] [--away SECONDS]

Prints one line of JSON when it is ready (host, port, user, password, ca_file, received) and serves until its standard input is
closed. `received` is a file of one Message-ID a line, written before the server answers. With --together no mail is
answered before so many clients have logged in; with --think each mail is answered only after so many seconds, as
providers do, who look a mail through before they take it. With --away each word takes so many seconds to the server, and as many back,
as over a network.
"""

# ruff: noqa: N802, ARG002  aiosmtpd calls its hooks by these names, with these arguments

import argparse
import asyncio
import json
import logging
import os
import re
import ssl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
# Names whose key signed it, as Python asks for from 3.13 on.
_SIGNED = ("-addext", "basicConstraints=critical,CA:FALSE", "-addext", "authorityKeyIdentifier=keyid")
USER, PASSWORD = "relances@alpha.example", "s3cret-word"
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Handler:
    """Writes down what arrives."""

    def __init__(self, received: Path, together: int, think: float) -> None:
        """Take the file to write to, how many clients must have logged in before the first answer, and how long a mail takes."""
        self._think = think
        self._file = os.open(received, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._missing = together
        self._ready = asyncio.Event()

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        """Let in who knows the password."""
        self._missing -= 1
        if self._missing <= 0:
            self._ready.set()
        return AuthResult(success=login == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what every provider's server offers, and aiosmtpd does without saying so."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        await self._ready.wait()
        if self._think:
            await asyncio.sleep(self._think)
        found = _MESSAGE_ID.search(bytes(envelope.original_content or b""))
        os.write(self._file, (found[1] if found else b"<>") + b"\n")
        return "250 queued"


def certify(folder: Path) -> None:
    """Make an authority and a certificate for loopback that it vouches for."""
    for name, names, signed in (
        ("authority", "DNS:authority.example", ["-addext", "keyUsage=critical,keyCertSign"]),
        ("server", f"IP:{HOST}", ["-CA", "authority.pem", "-CAkey", "authority.key", *_SIGNED]),
    ):
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", f"{name}.key"]
        wanted = ["-addext", f"subjectAltName={names}", "-subj", f"/CN={name}", "-days", "2", "-out", f"{name}.pem"]
        subprocess.run(["openssl", "req", "-x509", *key, *wanted, *signed], cwd=folder, check=True, capture_output=True)


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Hand on what comes, each piece so many seconds later."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            loop.call_later(seconds, writer.write, piece)
    loop.call_later(seconds, writer.close)


async def farther(port: int, seconds: float) -> int:
    """Serve what is on a port from another one, so many seconds away; return that port."""

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection(HOST, port)
        await asyncio.gather(carry(reader, to_there, seconds), carry(there, writer, seconds))

    server = await asyncio.start_server(between, HOST, 0)
    return int(server.sockets[0].getsockname()[1])


async def serve(folder: Path, together: int, think: float, away: float) -> None:
    """Serve until standard input is closed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    received = folder / "received"
    handler = Handler(received, together, think)

    def connection() -> SMTP:
        return SMTP(
            handler, hostname=HOST, tls_context=context, require_starttls=True, auth_required=True,
            authenticator=handler.authenticate,
        )  # fmt: skip

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, HOST, 0)
    port = int(server.sockets[0].getsockname()[1])
    if away:
        port = await farther(port, away)
    known = {"host": HOST, "port": port, "user": USER, "password": PASSWORD}
    print(json.dumps(known | {"ca_file": str(folder / "authority.pem"), "received": str(received)}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Read the command line, make certificates, serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--together", type=int, default=0)
    parser.add_argument("--think", type=float, default=0.0)
    parser.add_argument("--away", type=float, default=0.0)
    asked = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # it tells of a deprecation at every login
    certify(asked.folder)
    asyncio.run(serve(asked.folder, asked.together, asked.think, asked.away))
    os._exit(0)  # lines that clients left open are not waited for


if __name__ == "__main__":
    main()
