"""A file of a risky kind → its sheets, read in a process of its own with limits of time and memory.

A reader that is led astray (endless, swelling, aborting) takes its own process down and never ours. The child is this Python
with a script of this package; it writes what it read into a file that we bound, watch and then decode.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from batch.core.problem import RelanceError, Source
from batch.ledger.files.apart import wire
from batch.ledger.files.apart.memory import memory_of
from batch.ledger.files.book import Sheet
from batch.words import Said

CHILD = Path(__file__).with_name("child.py")
_HOME = str(Path(__file__).parents[4])  # where this package itself was found, however that was

_MEGA = 1_000_000
_LOOK_EVERY = 0.02  # seconds between two looks at a child's memory: a few dozen MB can be taken between them
_OUT_OF_MEMORY = (b"memory allocation", b"MemoryError", b"bad_alloc")


@dataclass(frozen=True)
class Limits:
    """What one reading may take: seconds, bytes of memory, bytes of output, cells of all sheets together."""

    seconds: float
    memory: int
    output: int
    cells: int

    @classmethod
    def of(cls, packed: int, unpacked: int, cells: int, pace: float = 1) -> "Limits":
        """Return the limits for a file of `packed` bytes that unpacks to `unpacked`: small files get little; `pace` seconds for 2 MB."""
        return cls(
            seconds=min(8 + pace * unpacked / (2 * _MEGA), 600),
            memory=min(300 * _MEGA + 30 * packed, 3000 * _MEGA),
            output=min(50 * _MEGA + 40 * packed, 2000 * _MEGA),
            cells=cells,
        )


def read_apart(path: Path, reader: str, limits: Limits, source: Source) -> tuple[Sheet, ...]:
    """Return the sheets that the named reader of `child.py` finds.

    RelanceError ENCRYPTED, TOO-LARGE, READING-TOO-LONG, READING-TOO-BIG, WORKBOOK-DAMAGED.
    """
    with TemporaryFile() as output, TemporaryFile() as complaints:
        ended = _run(path, reader, limits, output, complaints)
        if ended == "time":
            raise RelanceError("READING-TOO-LONG", source, seconds=round(limits.seconds))
        output.seek(0)
        complaints.seek(0)
        said = complaints.read(100_000)
        if (
            ended == "memory"
            or os.fstat(output.fileno()).st_size >= limits.output
            or any(words in said for words in _OUT_OF_MEMORY)
        ):
            raise RelanceError("READING-TOO-BIG", source, limit=limits.memory // _MEGA)
        try:
            return tuple(wire.read(output))
        except wire.Refused as refused:
            raise _refusal(refused, limits, source) from refused
        except (ValueError, TypeError, KeyError) as error:  # an unfinished or foreign output: the child died
            raise RelanceError("WORKBOOK-DAMAGED", source, why=ended) from error


def _refusal(refused: wire.Refused, limits: Limits, source: Source) -> RelanceError:
    if refused.code == "password":
        return RelanceError("ENCRYPTED", source)
    if refused.code == "size":
        return RelanceError(
            "TOO-LARGE",
            source,
            size=max(1, refused.size // _MEGA),
            limit=max(1, limits.cells // _MEGA),
            unit=Said("sizes", "cells", {}),
        )
    if refused.code == "memory":
        return RelanceError("READING-TOO-BIG", source, limit=limits.memory // _MEGA)
    return RelanceError("WORKBOOK-DAMAGED", source, why=refused.why[:200])


def _run(path: Path, reader: str, limits: Limits, output: IO[bytes], complaints: IO[bytes]) -> str:
    """Run the child to its end or to a limit; return "time", "memory", or how it ended."""
    trusted = os.pathsep.join(os.path.abspath(entry) for entry in (*sys.path, _HOME) if entry)  # noqa: PTH100  zip archives too
    command = [
        sys.executable, "-I", "-X", "utf8", str(CHILD),
        trusted, reader, str(path.absolute()), str(limits.memory), str(limits.output), str(limits.cells),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaints, cwd=CHILD.parent,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:  # fmt: skip
        try:
            return _watch(child, limits, output)
        finally:
            if child.poll() is None:
                child.kill()


def _watch(child: "subprocess.Popen[bytes]", limits: Limits, output: IO[bytes]) -> str:
    until = time.monotonic() + limits.seconds
    while True:
        try:
            return f"exit {child.wait(_LOOK_EVERY)}"
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() > until:
            return "time"
        held = memory_of(child)
        if (held or 0) > limits.memory or os.fstat(output.fileno()).st_size > limits.output:
            return "memory"
