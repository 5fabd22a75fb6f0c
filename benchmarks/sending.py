"""Time `relance send` beside a loop of `yagmail.SMTP.send` on one mail server; print mails per second, ratio, cost of the commits.

The server (sink.py) is a process of its own on loopback with STARTTLS and login. `relance send` is timed whole, as a
process: reading the workbook, working everything out again, and for each mail a claim on disk, the mail, its settling on
disk. The loop is what the manual of yagmail shows, with one of the letters that relance has sent; it is timed inside its process,
from the first mail to the last, and may be given fewer mails, since its pace does not change. The commits are timed alone, in the same
folder. With --think the server answers each mail only after so many seconds, as providers do; with --away each word takes so many
seconds to the server and as many back, as over a network.
"""

import argparse
import compileall
import datetime as dt
import email
import email.policy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from batch.journal import Journal, Line

HERE = Path(__file__).parent
WORK = HERE / ".work"
DAY = dt.date(2026, 11, 20)
MAILS, LOOPED, SESSIONS = 2000, 300, 8
COMPANY = "Atelier Exemple"
# The command itself, on a business day: mails leave on no other.
SEND = f"""
import datetime as dt, sys
from batch.cli import weekly
weekly.now = lambda: dt.datetime.fromisoformat("{DAY}T09:30").astimezone()
from batch.__main__ import main
sys.exit(main())
"""
LOOP = """
import json, ssl, sys, time
import yagmail
server, mails, letter = json.loads(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], encoding="utf-8").read()
context = ssl.create_default_context(cafile=server["ca_file"])
yag = yagmail.SMTP(
    server["user"], server["password"], host=server["host"], port=server["port"],
    smtp_ssl=False, smtp_starttls={"context": context},
)
start = time.perf_counter()
for number in range(mails):
    yag.send(f"compta@client{number}.example", f"Facture FA-{number}", letter)
print(time.perf_counter() - start)
"""
HEADINGS = "Compte client;Client;Email;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû;Devise"


@contextmanager
def mail_server(folder: Path, think: float, away: float) -> Iterator[dict[str, str]]:
    """Run the mail server and give what it says of itself."""
    command = [sys.executable, str(HERE / "sink.py"), str(folder), "--think", str(think), "--away", str(away)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline() if process.stdout else "")
    finally:
        process.communicate(timeout=60)


def prepare(folder: Path, mails: int, server: dict[str, str], environment: dict[str, str], sessions: int) -> Path:
    """Run a ledger of so many customers, each late with one invoice, and return the workbook to send."""
    known = {key: server[key] for key in ("host", "port", "user", "ca_file")} | {"sessions": sessions}
    smtp = "\n".join(f"{key} = {json.dumps(value)}" for key, value in known.items())
    company = f'[company]\nname = "{COMPANY}"\nemail = "compta@atelier.example"\n\n[ledger]\nfresh_days = 0\n'
    (folder / "relance.toml").write_text(f"{company}\n[smtp]\n{smtp}\n", encoding="utf-8")
    rows = (
        f"411{n:05};Client {n};compta@client{n}.example;FA-{n};30/09/2026;30/10/2026;{1200 + n},00;{1000 + n},00;EUR"
        for n in range(mails)
    )
    (folder / "ledger.csv").write_text("\n".join([HEADINGS, *rows, ""]), encoding="utf-8-sig")
    command = [sys.executable, "-m", "batch", "run", "ledger.csv", "--as-of", DAY.isoformat(), "--out", "out", "-q"]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return folder / "out" / "ledger-annotated.xlsx"


def send(folder: Path, workbook: Path, mails: int, environment: dict[str, str], *options: str) -> float:
    """Return the seconds of the whole process; stops when not all mails left."""
    command = [sys.executable, "-c", SEND, "send", str(workbook), "--json", "--yes", *options]
    start = time.perf_counter()
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    wanted = "ready" if options else "sent"
    outcomes = [mail["outcome"] for mail in json.loads(said.stdout or '{"mails": []}')["mails"]]
    if said.returncode or outcomes.count(wanted) != mails:
        sys.exit(f"relance send ended with {said.returncode}, {outcomes.count(wanted)} {wanted}\n{said.stderr[-2000:]}")
    return seconds


def loop(folder: Path, mails: int, server: dict[str, str]) -> float:
    """Return the seconds of the loop of yagmail, which sends one of the letters that are in the archive."""
    sent = email.message_from_bytes(next(folder.rglob("*.eml")).read_bytes(), policy=email.policy.default)
    letter = sent.get_body(("html",))
    (folder / "letter.html").write_text(letter.get_content() if letter else "", encoding="utf-8")
    command = [sys.executable, "-c", LOOP, json.dumps(server), str(mails), str(folder / "letter.html")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def commits(address: str, mails: int, sessions: int) -> float:
    """Return the seconds that claiming and settling so many mails take by themselves, from so many sessions."""
    at = dt.datetime.combine(DAY, dt.time(9, 30))
    with Journal.open(address, f"commits of {sessions}") as journal:

        def both(number: int) -> None:
            line = Line(f"411{number:05}|invoice|FA-{number}|2026-10-30|1", f"FA-{number}", "reminder_1", 1)
            claim = journal.claim(
                f"<relance.{number}@atelier.example>", f"411{number:05}", "EUR", "reminder_1", [line],
                recipient=f"compta@client{number}.example", subject=f"Facture FA-{number}", text="Bonjour\n" * 100, at=at,
            )  # fmt: skip
            if not isinstance(claim, int) or not journal.settle(claim, "sent", "250 queued", at):
                raise ValueError("the journal took a mail twice")

        start = time.perf_counter()
        with ThreadPoolExecutor(sessions) as pool, ExitStack() as at_work:
            for _ in range(sessions):
                at_work.enter_context(journal.session())
            for _ in pool.map(both, range(mails)):
                pass
        return time.perf_counter() - start


def main() -> None:
    """Read the command line, time all three, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=MAILS, help="mails that relance sends (%(default)s)")
    parser.add_argument("--looped", type=int, default=LOOPED, help="mails that the loop of yagmail sends (%(default)s)")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="connections of relance (%(default)s)")
    parser.add_argument("--think", type=float, default=0.0, help="seconds after which the server answers a mail")
    parser.add_argument("--away", type=float, default=0.0, help="seconds that each word takes to the server, and back")
    parser.add_argument("--journal", help="address of an empty PostgreSQL database (default: a SQLite file)")
    asked = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    # An installed package is compiled already.
    compileall.compile_dir(HERE.parent / "batch", quiet=1)
    folder = Path(tempfile.mkdtemp(dir=WORK))
    try:
        with mail_server(folder, asked.think, asked.away) as server:
            journal = asked.journal or f"sqlite:///{folder}/relance.db"
            compare(folder, server, journal, asked.mails, asked.looped, asked.sessions)
    finally:
        shutil.rmtree(folder)


def compare(folder: Path, server: dict[str, str], journal: str, mails: int, looped: int, sessions: int) -> None:
    """Time and print."""
    own = {"RELANCE_JOURNAL": journal, "RELANCE_SMTP_PASSWORD": server["password"], "PYTHONPATH": str(HERE.parent)}
    environment = os.environ | own
    workbook = prepare(folder, mails, server, environment, sessions)
    before = send(folder, workbook, mails, environment, "--dry-run")
    whole = send(folder, workbook, mails, environment)
    arrived = Path(server["received"]).read_text(encoding="ascii").split()
    if len(set(arrived)) != mails or len(arrived) != mails:
        sys.exit(f"{len(arrived)} mails arrived, {len(set(arrived))} different ones, of {mails}")
    yagmail = loop(folder, looped, server)
    alone, together = commits(journal, mails, 1), commits(journal, mails, sessions)
    print(f"relance send       {mails:6,} mails  {whole:7.1f} s  {mails / whole:7.1f} a second")
    print(f"  of it before the first mail (dry run)  {before:7.1f} s")
    print(f"two commits a mail, one by one           {alone:7.1f} s  {1000 * alone / mails:7.2f} ms a mail")
    print(
        f"  of {sessions:2} sessions together              {together:7.1f} s  {1000 * together / mails:7.2f} ms a mail"
    )
    print(f"yagmail.SMTP.send  {looped:6,} mails  {yagmail:7.1f} s  {looped / yagmail:7.1f} a second")
    print(f"relance / yagmail  {mails / whole / (looped / yagmail):.1f}")


if __name__ == "__main__":
    main()
