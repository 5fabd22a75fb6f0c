"""The commands that look into a plan and change nothing: explain one customer, replay a policy on the past."""

import datetime as dt
import os
from pathlib import Path

import click

from batch.cli.call import DONE, Call, now, write_json
from batch.cli.options import a_file, as_of_option, day, everywhere, json_option


@click.command()
@click.argument("customer")
@click.argument("ledger", type=a_file)
@as_of_option
@json_option
@everywhere
@click.pass_obj
def explain(call: Call, customer: str, ledger: Path, as_of: dt.date | None, *, as_json: bool) -> int:
    """Show why CUSTOMER stands where it stands.

    The facts and their points, what the next step waits for, what stops it, what comes next. CUSTOMER is the number or the exact
    name in LEDGER. Writes nothing.
    """
    from batch.jobs.explain import Request  # noqa: PLC0415  heavy
    from batch.jobs.explain import explain as job  # noqa: PLC0415  heavy
    from batch.report import explanation_json, print_explanation  # noqa: PLC0415  heavy

    call.near = ledger
    request = Request(
        customer=customer, ledger=ledger, as_of=as_of, config=call.config, today=now().date(), environment=os.environ,
        working=Path.cwd(),
    )  # fmt: skip
    result = job(request)
    if as_json:
        write_json(explanation_json(result.explanation, result.words))
    else:
        print_explanation(call.console(), result.explanation, result.words)
    return DONE


@click.command()
@click.argument("ledger", type=a_file)
@click.option("--from", "first", type=day, required=True, metavar="DATE", help="The first day, then every seventh.")
@click.option("--to", "last", type=day, required=True, metavar="DATE", help="The last day.")
@click.option("--against", type=a_file, metavar="FILE", help="Other settings to compare with.")
@click.option(
    "--out", type=a_file, metavar="DIR", help="Where to write (default: relance-out/simulation beside the ledger)."
)
@everywhere
@click.pass_obj
def simulate(call: Call, ledger: Path, first: dt.date, last: dt.date, against: Path | None, out: Path | None) -> int:
    """Replay the policy on LEDGER, week by week.

    What would have been sent to whom, knowing only what was known then, and when it was paid. Sends nothing and leaves the journal
    alone; writes a csv and a chart.
    """
    from batch.jobs.simulate import Request  # noqa: PLC0415  heavy
    from batch.jobs.simulate import simulate as job  # noqa: PLC0415  heavy
    from batch.report import print_simulation, progress  # noqa: PLC0415  heavy

    call.near = ledger
    request = Request(
        ledger=ledger, first=first, last=last, against=against, out=out, config=call.config, environment=os.environ,
        working=Path.cwd(),
    )  # fmt: skip
    with progress(call.console(), quiet=call.quiet) as tick:
        result = job(request, tick)
    if not call.quiet:
        print_simulation(call.console(), result.runs, result.files, result.words, first=first, last=last)
    return DONE
