"""Countries and years → their public holidays: France's from the shipped table, others' from the `holidays` package."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache

from batch.settings import shipped

# Wide enough for any ledger and any plan; a country's days take milliseconds.
YEARS = range(2010, 2041)


def holidays_for(countries: Iterable[str], years: range = YEARS) -> Mapping[str, frozenset[dt.date]]:
    """Return the national holidays by country (ISO 3166 alpha-2).

    A country that the package does not know has none: there, only weekends are not business days.
    """
    return {country: _days(country, years) for country in sorted(set(countries)) if country}


@lru_cache(maxsize=256)
def _days(country: str, years: range) -> frozenset[dt.date]:
    if country == "FR" and years[0] in YEARS and years[-1] in YEARS:
        return frozenset(day for day in shipped.french_holidays() if day.year in years)
    import holidays  # noqa: PLC0415  takes a tenth of a second, and a French ledger does without

    try:
        # The language is given because the package otherwise follows the machine's locale.
        return frozenset(holidays.country_holidays(country, years=years, language="fr"))
    except NotImplementedError:
        return frozenset()
