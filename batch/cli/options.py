"""The options that several commands share, and how a day is written."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from batch import __version__

DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y")


def day(written: str) -> dt.date:
    """Return a day written 2026-11-20 or 20/11/2026; a usage error for anything else."""
    for form in DAY_FORMS:
        with suppress(ValueError):
            return dt.datetime.strptime(written, form).date()  # noqa: DTZ007  a day has no zone
    raise click.BadParameter(f"{written!r} is not a day: write it as 2026-11-20 or 20/11/2026.")


def everywhere(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that all have."""

    def remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
        if value:
            setattr(context.obj, str(parameter.name), value)

    options = (
        click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=remember, help="Say more: every problem, where the time went, the cause of a fault."),
        click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=remember, help="Say nothing but what went wrong."),
        click.option("--config", type=click.Path(path_type=Path), metavar="FILE", expose_value=False, callback=remember, help="Settings (default: relance.toml beside the ledger or here)."),
        click.version_option(__version__, prog_name="relance"),
        click.help_option("-h", "--help"),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


as_of_option = click.option("--as-of", type=day, metavar="DATE", help="The day taken as today (default: today).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, and nothing else.")
a_file = click.Path(path_type=Path)
