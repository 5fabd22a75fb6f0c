"""The commands of the weekly job: check the export, run, review, send."""

import datetime as dt
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch import __version__
from batch.cli.call import DONE, INTERRUPTED, NEEDS_PERSON, Call, now, stopwatch, write_json, write_text
from batch.cli.options import a_file, as_of_option, everywhere, json_option
from batch.core.problem import RelanceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batch.jobs.send import Request
    from batch.report import Sending
    from batch.words import Words


@click.command()
@click.argument("ledger", type=a_file)
@as_of_option
@click.option("--out", type=a_file, metavar="DIR", help="Where to write (default: relance-out/DATE beside the ledger).")
@click.option(
    "--send", "sends", is_flag=True, help="Then send what needs no approval, once; the rest waits in the workbook."
)
@json_option
@everywhere
@click.pass_obj
def run(call: Call, ledger: Path, as_of: dt.date | None, out: Path | None, *, sends: bool, as_json: bool) -> int:
    """Read LEDGER and write the workbook to review.

    Works out what each customer owes, why it is unpaid and what to do next; sends nothing, unless --send says so.
    """
    clock = stopwatch()
    from batch.jobs.run import Request  # noqa: PLC0415  heavy
    from batch.jobs.run import run as job  # noqa: PLC0415  heavy

    call.near = ledger
    request = Request(
        ledger=ledger,
        as_of=as_of,
        out=out,
        config=call.config,
        today=now().date(),
        environment=os.environ,
        working=Path.cwd(),
        clock=clock,
    )
    with ExitStack() as shown:
        result = job(replace(request, tick=_bar(call, shown, quiet=call.quiet or as_json)))
    from batch.report import print_run, print_stages, review_lines  # noqa: PLC0415  loaded by the job, while the file was read

    send_as_of = as_of if as_of != request.today and result.settings.smtp is None else None
    if as_json and not sends:
        write_text(result.files["plan"].read_text(encoding="utf-8"))
    elif not as_json and not call.quiet:
        print_run(
            call.console(),
            result.plan,
            result.files,
            result.words,
            problems=result.problems,
            letters=result.letters,
            every_problem=call.verbose,
            send_as_of=send_as_of,
            goes_on=sends,
        )
        if call.verbose:
            print_stages(call.console(), result.stages, result.words)
    if not sends:
        return DONE
    review = review_lines(result.files, result.words, send_as_of)
    return _send_unattended(call, result.files, as_of, review, as_json=as_json)


def _bar(call: Call, shown: ExitStack, *, quiet: bool) -> "Callable[[int, int], None]":
    """Return what is told of the letters; what shows them is brought in with the first, which few runs have."""
    bar: list[Callable[[int, int], None]] = []

    def tick(done: int, wanted: int) -> None:
        from batch.report import pace_bar  # noqa: PLC0415  as said

        if not bar:
            bar.append(shown.enter_context(pace_bar(call.console(), quiet=quiet)))
        bar[0](done, wanted)

    return tick


def _send_unattended(
    call: Call, files: Mapping[str, Path], as_of: dt.date | None, review: "Sequence[str]", *, as_json: bool
) -> int:
    """Send from the workbook that was just written what needs no approval; as JSON the plan and the sending are one object.

    `review` says how to send the rest of it.
    """
    from batch.jobs.send import Request  # noqa: PLC0415  heavy

    moment = now()
    request = Request(
        workbook=files["workbook"], as_of=as_of if as_of != moment.date() else None, config=call.config, limit=None, dry_run=False,
        yes=False, now=moment, environment=os.environ, working=Path.cwd(), attended=False,
    )  # fmt: skip
    if not as_json:
        if not call.quiet:
            call.console().print()
        return _send(call, request, () if call.quiet else review)
    plan = json.loads(files["plan"].read_text(encoding="utf-8"))
    try:
        document, code = _sent_json(request)
    except RelanceError:
        write_json(plan | {"sending": None})
        raise
    write_json(plan | {"sending": document})
    return code


@click.command()
@click.argument("ledger", type=a_file)
@as_of_option
@json_option
@everywhere
@click.pass_obj
def check(call: Call, ledger: Path, as_of: dt.date | None, *, as_json: bool) -> int:
    """Show how LEDGER is understood; write nothing."""
    from batch.jobs.check import check as job  # noqa: PLC0415  heavy
    from batch.report import check_json, print_check  # noqa: PLC0415  heavy

    call.near = ledger
    today = as_of or now().date()
    found = job(ledger, call.config, os.environ, Path.cwd(), today)
    if as_json:
        write_json(check_json(found.ledger, version=__version__, words=found.words, newest=found.newest, today=today))
    elif not call.quiet:
        print_check(call.console(), found.ledger, found.words, newest=found.newest, today=today)
    return DONE


def _own_address(_context: click.Context, _parameter: click.Parameter, written: str) -> str:
    """Return an address that mails can go to; a usage error for anything else."""
    if not written:
        return ""
    from batch.delivery.compose import usable  # noqa: PLC0415  heavy

    if not usable(written):
        raise click.BadParameter(f"{written!r} is not an e-mail address.")
    return written.strip()


@click.command()
@click.argument("workbook", type=a_file)
@click.option(
    "--ledger", "fresh", type=a_file, metavar="FRESH", help="An export made since: what was paid or changed stays."
)
@click.option("--dry-run", is_flag=True, help="Show what would leave; send and remember nothing.")
@click.option(
    "--to-self",
    default="",
    callback=_own_address,
    metavar="ADDRESS",
    help="Send all of it to this address only; remember nothing.",
)
@click.option("--yes", is_flag=True, help="Send although the ledger is old or the messages are unusually many.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Send at most N messages.")
@as_of_option
@json_option
@everywhere
@click.pass_obj
def send(
    call: Call,
    workbook: Path,
    fresh: Path | None,
    to_self: str,
    limit: int | None,
    as_of: dt.date | None,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Send what was approved in WORKBOOK, each mail once.

    Rows that the Review sheet approves are worked out anew; what has changed since, or was sent already, stays, with the reason.
    """
    from batch.jobs.send import Request  # noqa: PLC0415  heavy

    if dry_run and to_self:
        raise click.UsageError("--dry-run sends nothing and --to-self does: give one of them.")
    call.near = workbook
    request = Request(
        workbook=workbook, as_of=as_of, config=call.config, limit=limit, dry_run=dry_run, yes=yes, now=now(),
        environment=os.environ, working=Path.cwd(), fresh=fresh, to_self=to_self,
    )  # fmt: skip
    if not as_json:
        return _send(call, request)
    document, code = _sent_json(request)
    write_json(document)
    return code


def _sent_json(request: "Request") -> tuple[dict[str, Any], int]:
    """Send, and return what came of it as JSON has it, with the exit code."""
    from batch.jobs.send import send as job  # noqa: PLC0415  heavy
    from batch.report import sending_json  # noqa: PLC0415  heavy

    result = job(request)
    document = sending_json(
        result.sending,
        result.problems,
        version=__version__,
        dry_run=request.dry_run,
        to_self=request.to_self,
        words=result.words,
        copy=result.copy,
    )
    return document, _exit_code(result.sending)


def _send(call: Call, request: "Request", review: "Sequence[str]" = ()) -> int:
    """Send, and print the summary before the first mail, what became of each row after the last, and what to do about it."""
    from batch.jobs.send import send as job  # noqa: PLC0415  heavy
    from batch.report import (  # noqa: PLC0415  heavy
        needs_person,
        pace_bar,
        print_mails,
        print_outlook,
        print_remedies,
        print_sending,
    )

    console = call.console()

    def announce(mails: "tuple[Sending, ...]", words: "Words") -> None:
        if not call.quiet:
            print_outlook(console, mails, words, to_self=request.to_self, dry_run=request.dry_run)
            if request.dry_run:
                print_mails(console, mails, words)

    with pace_bar(console, quiet=call.quiet) as tick:
        result = job(replace(request, tick=tick), announce)
    needed = needs_person(result.sending)
    if needed or not call.quiet:
        print_sending(console, result.sending, result.problems, result.words, folder=result.folder, copy=result.copy)
        print_remedies(console, result.sending, result.words, settings=result.settings, review=review)
    return _exit_code(result.sending)


def _exit_code(sending: "Sequence[Sending]") -> int:
    """Return what the shell is told of a sending."""
    from batch.report import interrupted, needs_person  # noqa: PLC0415  heavy

    if needs_person(sending):
        return NEEDS_PERSON
    return INTERRUPTED if interrupted(sending) else DONE


@click.command()
@click.argument("workbook", type=a_file)
@json_option
@everywhere
@click.pass_obj
def record(call: Call, workbook: Path, *, as_json: bool) -> int:
    """Note what was typed in WORKBOOK; send nothing.

    Holds, promises, disputes, results of calls, other addresses and standings, steps already taken go into the journal, each once.
    """
    from batch.jobs.send.record import record as job  # noqa: PLC0415  heavy
    from batch.report import print_recorded, recorded_json  # noqa: PLC0415  heavy

    call.near = workbook
    result = job(workbook, call.config, os.environ, Path.cwd(), now().date())
    if as_json:
        write_json(
            recorded_json(result.recorded, result.known, result.problems, version=__version__, words=result.words)
        )
    elif not call.quiet:
        print_recorded(call.console(), result.recorded, result.known, result.problems, result.words)
    return DONE
