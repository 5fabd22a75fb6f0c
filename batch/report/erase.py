"""What is held of a customer → what `relance history erase` says: what would go, or has gone, and what it cannot reach."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch.report.grid import print_heading
from batch.report.problems import INDENT
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console


def erasure_json(
    customer: str, counts: Mapping[str, int], beyond: Sequence[Path], *, erased: bool, near: Sequence[str]
) -> dict[str, Any]:
    """Return how many rows and files of each kind were or would be erased, and the folders that a person must clear."""
    return {
        "customer": customer,
        "erased": erased,
        "counts": dict(counts),
        "beyond": [str(folder) for folder in beyond],
        "near": list(near),
    }


def print_erasure(
    console: "Console", customer: str, counts: Mapping[str, int], beyond: Sequence[Path], words: Words, *,
    journal: str, erased: bool, near: Sequence[str],
) -> None:  # fmt: skip
    """Print what is held, or was, kind by kind; what goes and what stays; what Relance cannot reach; what to do now."""
    if not any(counts.values()):
        print_heading(console, words.sentence("erasing", "nothing", {"customer": customer}))
        if near:
            console.print(words.sentence("erasing", "near", {"customers": list(near)}), soft_wrap=True)
    else:
        code = "erased" if erased else "would"
        print_heading(console, words.sentence("erasing", code, {"customer": customer, "journal": journal}))
        for kind, number in counts.items():
            if number:
                console.print(INDENT + words.sentence("erasing", kind, {"n": number}))
        console.print(words.label("erasing", "stays"))
    console.print()
    console.print(words.label("erasing", "beyond"))
    for folder in beyond:
        console.print(f"{INDENT}{folder}", soft_wrap=True)
    if not erased and any(counts.values()):
        console.print()
        console.print(words.label("erasing", "next"))
        console.print(f'{INDENT}relance history erase "{customer}" --yes', soft_wrap=True)
