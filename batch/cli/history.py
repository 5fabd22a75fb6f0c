"""The commands of the journal: bring the past in, take it out, read it."""

import os
from pathlib import Path

import click

from batch.cli.call import DONE, Call, now, write_json
from batch.cli.options import a_file, everywhere, json_option


@click.group()
@everywhere
def history() -> None:
    """Read and fill the journal: what was sent, said and agreed."""


@history.command("import")
@click.argument("file", type=a_file)
@json_option
@everywhere
@click.pass_obj
def import_history(call: Call, file: Path, *, as_json: bool) -> int:
    """Bring past events into the journal.

    FILE is a csv or xlsx with the columns date, customer, kind, invoice, step, amount, until, note, or the archive of mails (a folder)
    when the journal was lost. Known events are passed over.
    """
    from batch.jobs.history import import_events  # noqa: PLC0415  heavy
    from batch.report import import_json, print_import  # noqa: PLC0415  heavy

    result = import_events(file, call.config, os.environ, Path.cwd())
    if as_json:
        write_json(import_json(result.added, result.known, result.problems, result.words))
    elif not call.quiet:
        print_import(call.console(), result.added, result.known, result.problems, result.words)
    return DONE


@history.command("export")
@click.argument("file", type=a_file)
@everywhere
@click.pass_obj
def export_history(call: Call, file: Path) -> int:
    """Write all events of the journal to FILE."""
    from batch.jobs.history import export_events  # noqa: PLC0415  heavy

    result = export_events(file, call.config, os.environ, Path.cwd())
    if not call.quiet:
        told = result.words.sentence("terminal", "exported", {"file": str(file), "count": result.exported})
        call.console().print(told, soft_wrap=True)
    return DONE


@history.command("show")
@click.argument("customer", required=False, default="")
@json_option
@everywhere
@click.pass_obj
def show_history(call: Call, customer: str, *, as_json: bool) -> int:
    """Show the events of CUSTOMER, or of all.

    CUSTOMER is the number or the exact name in the ledger.
    """
    from batch.jobs.history import show  # noqa: PLC0415  heavy
    from batch.report import events_json, print_events  # noqa: PLC0415  heavy

    result = show(customer, call.config, os.environ, Path.cwd())
    if as_json:
        write_json(events_json(result.events))
    else:
        print_events(call.console(), result.events, result.words)
    return DONE


@history.command("erase")
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Erase; without it, what would be erased is shown.")
@json_option
@everywhere
@click.pass_obj
def erase_history(call: Call, customer: str, *, yes: bool, as_json: bool) -> int:
    """Forget the person behind CUSTOMER.

    Numbers, addresses, texts and notes leave the journal and the archive of mails; how many mails there were, of which step, when and
    with what result stays, under a code drawn by lot. Erases nothing without --yes.
    """
    if not customer.strip():
        raise click.UsageError("Name the customer whose data is to go, by its number or exact name in the ledger.")
    from batch.jobs.erase import erase  # noqa: PLC0415  heavy
    from batch.report import erasure_json, print_erasure  # noqa: PLC0415  heavy

    result = erase(customer, call.config, os.environ, Path.cwd(), yes=yes)
    if as_json:
        write_json(erasure_json(result.customer, result.counts, result.beyond, erased=yes, near=result.near))
    elif not call.quiet:
        print_erasure(
            call.console(), result.customer, result.counts, result.beyond, result.words, journal=result.journal, erased=yes,
            near=result.near,
        )  # fmt: skip
    return DONE


@history.command("release")
@click.argument("key")
@click.option("--sent", "outcome", flag_value="sent", help="It was found out that the mail arrived.")
@click.option(
    "--not-sent", "outcome", flag_value="not_sent", help="It was found out that it did not; what refused it is mended."
)
@click.option("--why", required=True, metavar="TEXT", help="How it was found out; kept in the journal.")
@everywhere
@click.pass_obj
def release_history(call: Call, key: str, outcome: str | None, why: str) -> int:
    """Say whether an uncertain mail left, or let a refused one be tried again.

    KEY is its Message-ID. Until a person says whether it left, nothing more leaves for that customer. A mail that the server refused takes
    --not-sent: its address is written to again.
    """
    from batch.jobs.history import release  # noqa: PLC0415  heavy

    if outcome is None:
        raise click.UsageError("Say what was found out: --sent or --not-sent.")
    sent = outcome == "sent"
    result = release(key, config=call.config, environment=os.environ, working=Path.cwd(), sent=sent, why=why, now=now())
    if not call.quiet:
        told = result.words.sentence("terminal", f"released_{outcome}", {"key": result.message_id})
        call.console().print(told, soft_wrap=True)
    return DONE
