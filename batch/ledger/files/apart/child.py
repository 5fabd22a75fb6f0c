"""The reading process: a script, started with limits, that writes a file's sheets to its output as lines of JSON.

Arguments: the places of packages, the reader's name, the file, and the limits of memory, output (bytes) and cells. It is run by its
path and enters only the modules it needs: the rest of the ledger room (pandas and all) is not imported here.
"""

import os
import sys
import types
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batch.ledger.files.apart.wire import Raw

# Address space beyond the memory limit: libraries and stacks that are mapped and never used.
_MAPPED = 200_000_000


def _limit(memory: int, output: int) -> None:
    """Ask the system to hold the limits too, where it can; the parent watches in any case."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
        resource.setrlimit(resource.RLIMIT_AS, (memory + _MAPPED, memory + _MAPPED))


def _enter(places: str) -> None:
    """Find packages where the parent does; the ledger room is entered without its front door, which imports pandas."""
    sys.path[:] = places.split(os.pathsep)
    room = types.ModuleType("batch.ledger")
    room.__path__ = [str(Path(__file__).parents[2])]
    sys.modules[room.__name__] = room
    here = types.ModuleType("batch.ledger.files.apart")
    here.__path__ = [str(Path(__file__).parent)]
    sys.modules[here.__name__] = here


def _reader(name: str) -> "Callable[[Path, int], Iterator[Raw]]":
    """Return the reader of this name."""
    # Each reader's own imports are paid for only where it is chosen.
    if name == "html":
        from batch.ledger.files.apart.page import read_page  # noqa: PLC0415

        return read_page
    if name == "xml":
        from batch.ledger.files.apart.office_xml import read_office_xml  # noqa: PLC0415

        return read_office_xml
    from batch.ledger.files.apart import workbooks  # noqa: PLC0415

    return {"first": workbooks.read_first, "second": workbooks.read_second}[name]


def main(places: str, reader: str, path: str, memory: str, output: str, cells: str) -> None:
    """Read one file within the limits; whatever goes wrong becomes one line that says so."""
    _limit(int(memory), int(output))
    _enter(places)
    from batch.ledger.files.apart import wire  # noqa: PLC0415  found only now

    target = sys.stdout
    try:
        wire.write(_reader(reader)(Path(path), int(cells)), target)
    except wire.Refused as refused:
        wire.write_refusal(refused, target)
    except MemoryError:
        wire.write_refusal(wire.Refused("memory"), target)
    except BaseException as error:  # noqa: BLE001  a panic of the reader (Rust) is no Exception
        wire.write_refusal(wire.Refused("damaged", f"{type(error).__name__}: {error}"), target)
    target.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
