"""What runs wrote into a folder, by name: the file's digest, which tells whether a person saved it since, and whose run it was."""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from batch.core.records import About

WRITTEN = ".relance-written.json"
NUMBERED = "-annotated"

Memory = dict[str, dict[str, str]]


def read_memory(place: Path) -> Memory:
    """Return what a folder remembers, the latest file last; nothing where there is no memory."""
    try:
        known = json.loads((place / WRITTEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = known.items() if isinstance(known, dict) else ()
    return {name: entry for name, entry in entries if isinstance(entry, dict)}


def memory_text(known: Memory, new: Memory) -> str:
    """Return the memory with new files at its end."""
    older = {name: entry for name, entry in known.items() if name not in new}
    return json.dumps(older | new, indent=1) + "\n"


def run_of(about: About) -> dict[str, str]:
    """Return what is remembered of a run."""
    return {"as_of": about.as_of.isoformat(), "company": about.company, "journal": about.journal_id}


def newer_workbook(path: Path, about: About, today: dt.date) -> tuple[Path, dt.date] | None:
    """Return the workbook of a later run on the same ledger, and its day: in the same folder, or in the folder of a later day.

    Runs dated after today are trials. Only where Relance wrote the folder; a file that was moved or renamed is not compared.
    """
    place = path.absolute().parent
    here = read_memory(place)
    if path.name not in here:
        return None
    later = list(here)[list(here).index(path.name) + 1 :]
    found = [(place / name, here[name]) for name in later if here[name].get("as_of", "") >= about.as_of.isoformat()]
    with suppress(OSError):
        for memory in place.parent.glob(f"*/{WRITTEN}"):
            entries = read_memory(memory.parent).items()
            found += [
                (memory.parent / name, one) for name, one in entries if one.get("as_of", "") > about.as_of.isoformat()
            ]
    ours = run_of(about)
    newer = [
        (entry["as_of"], number, file)
        for number, (file, entry) in enumerate(found)
        if _is_same(entry, ours) and _ledger(file) == _ledger(path) and entry["as_of"] <= today.isoformat()
    ]
    existing = [one for one in newer if one[-1].exists()]
    if not existing:
        return None
    day, _, file = max(existing)
    return file, dt.date.fromisoformat(day)


def _is_same(entry: Mapping[str, str], ours: Mapping[str, str]) -> bool:
    return all(entry.get(name) == ours[name] for name in ("company", "journal"))


def _ledger(file: Path) -> str:
    return file.name.partition(NUMBERED)[0]
