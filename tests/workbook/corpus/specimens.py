"""The corpus: a workbook for each feature, and one that holds nearly all of them at once."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.workbook.corpus import features, wholes
from tests.workbook.corpus.draft import Draft

Feature = Callable[[Draft], None]

FEATURES: Mapping[str, Feature] = {
    feature.__name__: feature
    for feature in (
        features.drawing, features.comments, features.validations, features.rules, features.sparklines, features.printing,
        features.filtered, features.user_views, features.protection, features.rest, features.rich_text, features.formulas,
        wholes.table, wholes.query, wholes.macros, wholes.pivot, wholes.table_slicer, wholes.controls, wholes.embedded,
        wholes.apart, wholes.other_sheets,
    )
}  # fmt: skip
# A sheet has either a filter of its own or a table's; a second table slicer or query would stand for the same table.
_NOT_TOGETHER = {"table", "query", "table_slicer"}


def specimen(folder: Path, name: str) -> Path:
    """Write the workbook of one feature, or the richest one, and return its path; its ledger is the sheet Ventes, rows 1 to 4."""
    draft = Draft()
    chosen = [FEATURES[name]] if name in FEATURES else [f for key, f in FEATURES.items() if key not in _NOT_TOGETHER]
    for add in chosen:
        add(draft)
    return draft.write(folder, name)


RICHEST = "richest"
NAMES = (*FEATURES, RICHEST)
