"""The command that looks at everything before it is needed."""

import os
import sys
from pathlib import Path

import click

from batch import __version__
from batch.cli.call import CANNOT_GO_ON, DONE, Call, now, write_json
from batch.cli.options import everywhere, json_option


@click.command()
@click.option("--sign-in", is_flag=True, help='Sign in with Microsoft first, for an account with auth = "microsoft".')
@json_option
@everywhere
@click.pass_obj
def doctor(call: Call, *, sign_in: bool, as_json: bool) -> int:
    """Check settings, templates, journal and mail account.

    Logs in to the mail server and sends nothing. Each line is ok, careful or wrong, with the remedy; the exit code is 1 when
    something is wrong.
    """
    from batch.jobs.doctor import doctor as job  # noqa: PLC0415  heavy
    from batch.report import all_well, doctor_json, print_doctor, safe_stream  # noqa: PLC0415  heavy

    def tell(text: str) -> None:
        stream = safe_stream(sys.stderr)
        stream.write(f"{text}\n")
        stream.flush()

    result = job(call.config, os.environ, Path.cwd(), now(), tell if sign_in else None)
    if as_json:
        write_json(doctor_json(result.findings, version=__version__, words=result.words))
    else:
        print_doctor(call.console(), result.findings, result.words, quiet=call.quiet)
    return DONE if all_well(result.findings) else CANNOT_GO_ON
