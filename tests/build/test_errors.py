"""The page of problems is what its script makes of the words, and has every code."""

import re

from batch.words import Words
from tests.build.errors import TARGET, page


def test_the_committed_page_is_up_to_date() -> None:
    """After a change of words: `python -m tests.build.errors`."""
    assert TARGET.read_text(encoding="utf-8") == page()


def test_every_code_has_its_entry() -> None:
    """In alphabetical order, each once."""
    assert re.findall(r"^## (.+)$", page(), re.MULTILINE) == sorted(Words("fr").problem_codes())


def test_an_entry_says_what_it_means_and_what_to_do() -> None:
    """Places of facts are shown as such, plurals as a sentence, both languages under one code, and what the code does."""
    entry = page().split("## DUE-DATE-COMPUTED\n")[1].split("\n## ")[0]
    assert "*information*" in entry
    assert (
        "- **en** ‹n› invoices have no due date (the first on row ‹row›): it was set to the invoice date plus ‹days› days. *Nothing"
        in entry
    )
    assert "- **fr** ‹n› factures n'ont pas d'échéance" in entry
    assert "*stops the command*" in page().split("## NO-TABLE\n")[1].split("\n## ")[0]
