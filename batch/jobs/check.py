"""`relance check`: a ledger export → how it was understood. Writes nothing."""

from collections.abc import Mapping
from pathlib import Path

from batch import ledger, settings
from batch.core.records import Ledger
from batch.words import Words, for_language


def check(path: Path, config: Path | None, environment: Mapping[str, str], working: Path) -> tuple[Ledger, Words]:
    """Return the ledger as it was read and the words to tell it in."""
    chosen = settings.load(config, beside=path, environment=environment, working=working)
    return ledger.read(ledger.open_book(path), chosen.reading), for_language(chosen.language)
