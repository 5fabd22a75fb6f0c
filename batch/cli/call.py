"""One call of the command line: what was said of it as a whole, its clock, and how it prints what it has to say."""

import datetime as dt
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch.core.problem import RelanceError

if TYPE_CHECKING:
    from rich.console import Console

DONE, CANNOT_GO_ON, NEEDS_PERSON, INTERRUPTED = 0, 1, 3, 130


@dataclass
class Call:
    """What is said of the call as a whole: how much to print, and which settings."""

    verbose: bool = False
    quiet: bool = False
    config: Path | None = None
    near: Path | None = None

    def console(self) -> "Console":
        """Return the terminal for what a command tells."""
        from batch.report import open_console  # noqa: PLC0415  heavy

        return open_console(sys.stdout)


def now() -> dt.datetime:
    """Return the moment of this machine's clock, in its own zone; nothing further in reads it."""
    return dt.datetime.now().astimezone()


def stopwatch() -> Callable[[], float]:
    """Return a clock that tells the seconds since now."""
    begun = time.perf_counter()
    return lambda: time.perf_counter() - begun


def write_json(document: object) -> None:
    """Print a document as JSON."""
    write_text(json.dumps(document, ensure_ascii=False))


def write_text(text: str) -> None:
    """Print JSON as it stands, or escaped where standard output does not know its letters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text))
    sys.stdout.write(text.rstrip("\n") + "\n")


def complain(error: RelanceError, call: Call) -> None:
    """Print an error, its remedy and, where relance.toml settles it, where that is looked for; with --verbose also the traceback of what is being handled."""
    from batch.report import refusal_lines, safe_stream  # noqa: PLC0415  heavy
    from batch.words import for_language  # noqa: PLC0415  heavy

    stream = safe_stream(sys.stderr)
    if call.verbose:
        stream.write(traceback.format_exc())
    width = shutil.get_terminal_size().columns if stream.isatty() else 0
    try:
        words = for_language(language(call))
        lines = refusal_lines(error, words, width)
    except KeyError:  # an error without words must not hide behind the lack of them
        lines = [f"{error.code}  {dict(error.facts)}"]
    stream.write("\n".join(lines) + "\n")


def language(call: Call) -> str:
    """Return the language in which the call would have spoken; that of the environment when its settings cannot be read."""
    from batch.settings import load  # noqa: PLC0415  heavy

    with suppress(RelanceError, OSError):
        return load(call.config, beside=call.near, environment=os.environ, working=Path.cwd()).language
    return os.environ.get("RELANCE_LANGUAGE", "fr")
