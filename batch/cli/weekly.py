"""The commands of the weekly job: check the export, run, review, send."""

import datetime as dt
import os
from pathlib import Path

import click

from batch import __version__
from batch.cli.call import DONE, NEEDS_PERSON, Call, now, stopwatch, write_json, write_text
from batch.cli.options import a_file, as_of_option, everywhere, json_option


@click.command()
@click.argument("ledger", type=a_file)
@as_of_option
@click.option("--out", type=a_file, metavar="DIR", help="Where to write (default: relance-out/DATE beside the ledger).")
@json_option
@everywhere
@click.pass_obj
def run(call: Call, ledger: Path, as_of: dt.date | None, out: Path | None, *, as_json: bool) -> int:
    """Read LEDGER and write the workbook to review.

    Works out what each customer owes, why it is unpaid and what to do next; sends nothing.
    """
    clock = stopwatch()
    from batch.jobs.run import Request  # noqa: PLC0415  heavy
    from batch.jobs.run import run as job  # noqa: PLC0415  heavy
    from batch.report import print_run, print_stages  # noqa: PLC0415  heavy

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
    result = job(request)
    if as_json:
        write_text(result.files["plan"].read_text(encoding="utf-8"))
    elif not call.quiet:
        print_run(
            call.console(),
            result.plan,
            result.files,
            result.words,
            problems=result.problems,
            every_problem=call.verbose,
            send_as_of=as_of if as_of != request.today and result.settings.smtp is None else None,
        )
        if call.verbose:
            print_stages(call.console(), result.stages, result.words)
    return DONE


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


@click.command()
@click.argument("workbook", type=a_file)
@click.option("--dry-run", is_flag=True, help="Show what would leave; send and remember nothing.")
@click.option("--yes", is_flag=True, help="Send although the ledger's newest entry is old.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Send at most N messages.")
@as_of_option
@json_option
@everywhere
@click.pass_obj
def send(
    call: Call, workbook: Path, limit: int | None, as_of: dt.date | None, *, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Send what was approved in WORKBOOK, each mail once.

    Rows that the Review sheet approves are worked out anew; what has changed since, or was sent already, stays, with the reason.
    """
    from batch.jobs.send import Request  # noqa: PLC0415  heavy
    from batch.jobs.send import send as job  # noqa: PLC0415  heavy
    from batch.report import needs_person, print_sending, sending_json  # noqa: PLC0415  heavy

    call.near = workbook
    request = Request(
        workbook=workbook, as_of=as_of, config=call.config, limit=limit, dry_run=dry_run, yes=yes, now=now(),
        environment=os.environ, working=Path.cwd(),
    )  # fmt: skip
    result = job(request)
    if as_json:
        write_json(
            sending_json(result.sending, result.problems, version=__version__, dry_run=dry_run, words=result.words)
        )
    elif not call.quiet or needs_person(result.sending):
        print_sending(call.console(), result.sending, result.problems, result.words, folder=result.folder)
    return NEEDS_PERSON if needs_person(result.sending) else DONE


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
    result = job(workbook, call.config, os.environ, Path.cwd())
    if as_json:
        write_json(
            recorded_json(result.recorded, result.known, result.problems, version=__version__, words=result.words)
        )
    elif not call.quiet:
        print_recorded(call.console(), result.recorded, result.known, result.problems, result.words)
    return DONE
