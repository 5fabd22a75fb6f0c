"""Passwords, tokens and secrets are in no output, file or traceback of any command: real calls, and every byte that they leave is searched."""

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.jobs.desk import DAY, ROOT, SETTINGS, Said, ledger
from tests.mailserver import HOST, USER, Office, Papers, mail_server
from tests.postgresql import PASSWORD as DATABASE_PASSWORD

MAIL, WRONG, APPLICATION, JOURNAL = "mA1l-pa55-zq", "wr0ng-pa55-zq", "app-s3cret-zq", "j0urnal-pa55-zq"
TOKEN, REFRESH, GOOGLE = "t0ken-zq.body.sign", "refr3sh-zq", "g00gle-s3cret-zq"
ROW = "411A;Aulne SARL;compta@aulne.example;;FA-1;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;"

# Several calls of the command line, one after the other in one process, on the day of the ledger; each with its own environment.
CALLS = f"""
import datetime as dt, json, os, sys
from batch import cli
from batch.cli import weekly
weekly.now = lambda: dt.datetime.fromisoformat("{DAY}T09:30").astimezone()
codes = []
for environment, command in json.load(sys.stdin):
    os.environ.update(environment)
    codes.append(cli.main(command))
print(json.dumps(codes))
"""


def calls(folder: Path, environment: dict[str, str], *commands: str) -> tuple[list[int], Said]:
    """Return the exit codes of these calls, and all that they said."""
    return several(folder, *((environment, command) for command in commands))


def several(folder: Path, *commands: tuple[dict[str, str], str]) -> tuple[list[int], Said]:
    """Return the same, each call with an environment of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
    said = subprocess.run(
        [sys.executable, "-c", CALLS], input=json.dumps([(environment, command.split()) for environment, command in commands]),
        cwd=folder, env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=True,
    )  # fmt: skip
    return json.loads(said.stdout.splitlines()[-1]), Said(0, said.stdout, said.stderr)


def forms(secret: str) -> set[bytes]:
    """Return a secret as it could be written: plain, in a URL, in base64 alone or after the user's name."""
    plain = secret.encode()
    logins = (plain, b"\0" + USER.encode() + b"\0" + plain, f"user={USER}\1auth=Bearer {secret}\1\1".encode())
    return {plain, quote(secret).encode(), *(base64.b64encode(each) for each in logins)}


def leaks(folder: Path, said: Said, *secrets: str) -> list[str]:
    """Return where a secret is found: in what was said, or in a file's bytes, name or unpacked parts."""
    places = {"said": f"{said.out}\n{said.err}".encode()}
    places |= {str(path): str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as parts:
            places |= {f"{path}!{name}": parts.read(name) for name in parts.namelist()}
    return [
        f"{place}: {secret}"
        for secret in secrets
        for place, kept in places.items()
        if any(f in kept for f in forms(secret))
    ]


def write(folder: Path, settings: str, smtp: Mapping[str, object] | None = None, *, name: str = "relance.toml") -> None:
    """Write settings with a mail account, and a ledger."""
    section = "\n".join(f"{key} = {json.dumps(value)}" for key, value in (smtp or {}).items())
    (folder / name).write_text(f"{settings}\n[smtp]\n{section}\n" if smtp else settings, encoding="utf-8")
    ledger(folder, ROW)


RUN, WORKBOOK = f"run ledger.csv --as-of {DAY}", f"relance-out/{DAY}/ledger-annotated.xlsx"


@pytest.mark.parametrize("password", [MAIL, WRONG])
def test_the_mail_password(tmp_path: Path, running: ExitStack, certificates: Papers, password: str) -> None:
    """A right one, with which a mail leaves, and a wrong one: run, send, doctor and history with -v and --json."""
    office = running.enter_context(mail_server(Office(password=MAIL), certificates.contexts["good"]))
    write(tmp_path, SETTINGS, {"host": HOST, "port": office.port, "user": USER, "ca_file": str(certificates.authority)})
    codes, said = calls(
        tmp_path, {"RELANCE_SMTP_PASSWORD": password}, f"{RUN} -v", f"send {WORKBOOK} -v", f"send {WORKBOOK} --json -v",
        "doctor -v", "doctor --json", "history show --json -v",
    )  # fmt: skip
    assert (codes, len(office.received)) == (([0] * 6, 1) if password == MAIL else ([0, 1, 1, 1, 1, 0], 0))
    assert len(office.logins) >= 3
    assert leaks(tmp_path, said, MAIL, WRONG) == []
    assert leaks(tmp_path, said, "compta@aulne.example") != []  # what is there is found


def test_the_journals_password(tmp_path: Path, database: str) -> None:
    """In the journal's address: refused by the server, nobody there, an address that cannot be read, and written in a file."""
    write(tmp_path, SETTINGS)
    gone = f"postgresql://relance:{JOURNAL}@{HOST}:1/relance"
    write(tmp_path, f'{SETTINGS}\n[journal]\nurl = "{gone}"\n', name="other.toml")
    addresses = (
        database.replace(DATABASE_PASSWORD, JOURNAL), f"{gone}?password={JOURNAL}", f"postgresql://relance:{JOURNAL}@[::1/relance",
        f"oracle://relance:{JOURNAL}@{HOST}/relance",
    )  # fmt: skip
    commands = (f"{RUN} -v", "doctor -v", "doctor --json", "history show -v", "history erase 411A -v")
    tried = [({"RELANCE_JOURNAL": address}, command) for address in addresses for command in commands]
    tried += [({"RELANCE_JOURNAL": ""}, f"{command} --config other.toml") for command in commands]
    codes, said = several(tmp_path, *tried)
    assert codes == [1] * len(tried)
    (tmp_path / "other.toml").unlink()  # its own line is where a person wrote it
    assert leaks(tmp_path, said, JOURNAL, DATABASE_PASSWORD) == []


def test_the_servers_password_when_all_goes_well(tmp_path: Path, database: str) -> None:
    """A whole week on PostgreSQL: plan.json, workbook, preview, mails, --json: none holds the journal's password."""
    write(tmp_path, SETTINGS)
    codes, said = calls(
        tmp_path, {"RELANCE_JOURNAL": database}, f"{RUN} --json -v", f"send {WORKBOOK} --as-of {DAY} --json", "doctor -v",
        "history export events.xlsx", "history show -v", "history erase 411A --yes -v",
    )  # fmt: skip
    assert codes == [0] * 6
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert leaks(tmp_path, said, DATABASE_PASSWORD) == []


def test_tokens_and_what_they_are_fetched_with(tmp_path: Path, running: ExitStack, certificates: Papers) -> None:
    """Nobody answers where tokens come from: neither the application's secret nor yagmail's file is told of."""
    office = running.enter_context(mail_server(Office(tokens={TOKEN}), certificates.contexts["good"]))
    server = {"host": HOST, "port": office.port, "user": USER, "ca_file": str(certificates.authority)}
    microsoft = {"auth": "microsoft", "tenant": "t", "client_id": "c", "authority": f"https://{HOST}:1"}
    write(tmp_path, SETTINGS, server | microsoft)
    write(tmp_path, SETTINGS, server | {"auth": "google"}, name="google.toml")
    kept = tmp_path / "google-token.json"
    kept.write_text(
        json.dumps({"google_client_id": "c", "google_client_secret": GOOGLE, "refresh": REFRESH}), encoding="utf-8"
    )
    codes, said = calls(
        tmp_path, {"RELANCE_SMTP_CLIENT_SECRET": APPLICATION, "RELANCE_SMTP_PASSWORD": MAIL}, "doctor -v", "doctor --json",
        "doctor -v --config google.toml", "doctor --json --config google.toml",
    )  # fmt: skip
    kept.unlink()
    assert (codes, office.logins) == ([1] * 4, [])
    assert ("OAUTH-REFUSED" in said.out, "OAUTH-FILE" in said.out) == (True, True)
    assert leaks(tmp_path, said, APPLICATION, MAIL, GOOGLE, REFRESH, TOKEN) == []


def test_a_secret_that_somebody_wrote_into_the_file(tmp_path: Path) -> None:
    """Refused by its name, or as a line that cannot be read; the secret is not repeated, not even with -v."""
    names: list[str] = []
    for line in (f'password = "{MAIL}"', f'client_secret = "{MAIL}"', f'user = "u"\npassword = "{MAIL}'):
        names.append(f"settings{len(names)}.toml")
        write(tmp_path, f'[smtp]\nhost = "smtp.example"\n{line}\n', name=names[-1])
    codes, said = calls(
        tmp_path, {}, *(f"{command} -v --config {name}" for name in names for command in (RUN, "doctor"))
    )
    assert codes == [1] * 6
    for name in names:
        (tmp_path / name).unlink()
    assert leaks(tmp_path, said, MAIL) == []
