"""The `holidays` package → batch/data/holidays_fr.csv: the French days, at hand without starting the package.

Run at the top of the tree: `python -m tests.build.french_holidays`.
"""

from pathlib import Path

import holidays

from batch.settings.calendars import YEARS

TARGET = Path(__file__).parents[2] / "batch" / "data" / "holidays_fr.csv"


def table() -> str:
    """Return the file's text: a line for each year, its days as month-day in order."""
    lines = ["year,days"]
    for year in YEARS:
        days = sorted(holidays.country_holidays("FR", years=year, language="fr"))
        lines.append(f"{year},{' '.join(f'{day:%m-%d}' for day in days)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8", newline="\n")
