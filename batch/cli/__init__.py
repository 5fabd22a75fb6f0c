"""The command line: options in, one job, words and an exit code out.

Exit codes: 0 done; 1 cannot go on; 2 usage; 3 done, but refused or uncertain mails need a person; 130 interrupted. Heavy
imports stand inside the commands, so that `--help` answers at once.
"""

import sys

import click

from batch.cli.call import CANNOT_GO_ON, DONE, INTERRUPTED, Call, complain
from batch.cli.doctor import doctor
from batch.cli.history import history
from batch.cli.options import everywhere
from batch.cli.weekly import check, record, run, send
from batch.cli.why import explain, simulate
from batch.core.problem import RelanceError

__all__ = ["main", "relance"]


@click.group()
@everywhere
def relance() -> None:
    """Who owes what, why they have not paid, and the right reminder."""


for command in (run, check, send, record, history, explain, simulate, doctor):
    relance.add_command(command)


def main(arguments: list[str] | None = None) -> int:
    """Run one call of the command line (default: this process's arguments) and return its exit code."""
    call = Call()
    try:
        code = relance.main(arguments, prog_name="relance", standalone_mode=False, obj=call)
        sys.stdout.flush()
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except click.Abort:
        complain(RelanceError("INTERRUPTED"), call)
        return INTERRUPTED
    except RelanceError as error:
        complain(error, call)
        return CANNOT_GO_ON
    except Exception as fault:  # noqa: BLE001  the last resort: a clerk is never shown a traceback unasked
        complain(RelanceError("BUG", what=f"{type(fault).__name__}: {fault}".splitlines()[0]), call)
        return CANNOT_GO_ON
    return int(code or DONE)
