"""Tokens from a provider: msal against an authority on loopback over https, yagmail's file for Google; secrets stay where they are."""

import http.server
import json
import ssl
import stat
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from batch.core.problem import RelanceError
from batch.delivery.tokens import Bearer, Microsoft, Token, google
from tests.mailserver import HOST, USER, papers

SECRET = "application-s3cret"  # noqa: S105  no real one


@dataclass
class Provider:
    """An authority that hands out tokens, numbered, and what it was asked."""

    port: int = 0
    refuse: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return its address with a tenant."""
        return f"https://{HOST}:{self.port}/tenant-1"


@contextmanager
def authority(provider: Provider, context: ssl.SSLContext) -> Iterator[Provider]:
    """Serve what Microsoft's authority serves: its description, tokens, and codes for a person to type."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Describe the authority."""
            places = {"authorization": "authorize", "token": "token", "device_authorization": "devicecode"}
            known = {f"{name}_endpoint": f"{provider.address}/oauth2/v2.0/{place}" for name, place in places.items()}
            self.answer({"issuer": f"{provider.address}/v2.0", **known})

        def do_POST(self) -> None:
            """Give a code or a token, or refuse."""
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = {name: values[0] for name, values in body.items()}
            provider.asked.append(asked | {"path": self.path.rpartition("/")[2]})
            if provider.refuse:
                self.answer(
                    {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."}, 401
                )
            elif self.path.endswith("devicecode"):
                self.answer(
                    {"user_code": "ABCD", "device_code": "d", "expires_in": 60, "interval": 0, "message": "Type ABCD."}
                )
            else:
                number = len(provider.asked)
                person = urlsafe_b64encode(b'{"uid": "u", "utid": "t"}').decode()
                kept = (
                    {}
                    if "client_secret" in asked
                    else {"refresh_token": f"refresh-{number}", "client_info": person, "scope": asked.get("scope", "")}
                )
                self.answer({"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": 3600, **kept})

        def answer(self, document: dict[str, object], code: int = 200) -> None:
            raw = json.dumps(document).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Return a running authority whose certificate this process takes."""
    made = papers(tmp_path / "papers")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.authority))
    with authority(Provider(), made.contexts["good"]) as running:
        yield running


def application(provider: Provider, folder: Path, secret: str = SECRET) -> Microsoft:
    """Return the application that asks."""
    return Microsoft(provider.address, "client-1", secret, folder / "microsoft-token.json", USER)


def test_an_application_gets_a_token_with_its_secret(provider: Provider, tmp_path: Path) -> None:
    """Client credentials for Exchange Online; nothing is written to the disk."""
    token = application(provider, tmp_path).token()
    assert token.value == "token-1"
    assert 3500 < token.ends - time.time() <= 3600
    (asked,) = provider.asked
    assert (asked["grant_type"], asked["client_secret"], asked["scope"]) == (
        "client_credentials", SECRET, "https://outlook.office365.com/.default",
    )  # fmt: skip
    assert not (tmp_path / "microsoft-token.json").exists()


def test_a_wrong_secret_is_said_and_not_shown(provider: Provider, tmp_path: Path) -> None:
    """Microsoft's own words, with the remedy; no secret."""
    provider.refuse = True
    asking = application(provider, tmp_path)
    with pytest.raises(RelanceError) as refused:
        asking.token()
    assert (refused.value.code, refused.value.facts["reason"]) == (
        "OAUTH-REFUSED", "AADSTS7000215: Invalid client secret.",
    )  # fmt: skip
    assert SECRET not in f"{refused.value.facts} {refused.value.__cause__!r} {asking!r}"


def test_a_person_signs_in_once(provider: Provider, tmp_path: Path) -> None:
    """Without secret: refused until somebody signed in by a code; then silently, from a file that only its owner may read."""
    asking = application(provider, tmp_path, secret="")
    with pytest.raises(RelanceError) as before:
        asking.token()
    assert before.value.code == "OAUTH-SIGN-IN"
    told: list[str] = []
    asking.sign_in(told.append)
    assert told == ["Type ABCD."]
    kept = tmp_path / "microsoft-token.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    known = len(provider.asked)
    assert asking.token().value.startswith("token-")
    assert len(provider.asked) <= known + 1
    assert list(tmp_path.glob(".*.part")) == []


def test_an_authority_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    """No network, or a certificate that does not hold: one error, without the library's pages."""
    nowhere = Microsoft(f"https://{HOST}:1/tenant-1", "client-1", SECRET, tmp_path / "t.json", USER)
    with pytest.raises(RelanceError) as refused:
        nowhere.token()
    assert refused.value.code == "OAUTH-REFUSED"
    assert SECRET not in str(refused.value.facts)


def test_a_token_is_fetched_when_it_is_about_to_end() -> None:
    """Once for many mails; anew a minute before its end."""
    fetched = iter(
        [Token("one", time.time() + 3600), Token("two", time.time() + 30), Token("three", time.time() + 3600)]
    )
    lasting = Bearer(lambda: next(fetched))
    assert [lasting.value(), lasting.value(), lasting.ended] == ["one", "one", False]
    ending = Bearer(lambda: next(fetched))
    assert [ending.value(), ending.ended, ending.value(), ending.ended] == ["two", True, "three", False]


@pytest.mark.parametrize("content", [None, "no json", "[]", '{"google_client_id": "x"}'])
def test_a_google_file_that_is_none_is_named(tmp_path: Path, content: str | None) -> None:
    """Missing, no JSON, without the keys that yagmail writes: one error, and nothing is asked on the terminal."""
    file = tmp_path / "google-token.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(RelanceError) as refused:
        google(file, USER)
    assert refused.value.code == "OAUTH-FILE"
