"""Countries and years → their public holidays, from the `holidays` package."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Wide enough for any ledger and any plan; a country's days take milliseconds.
YEARS = range(2010, 2041)


def holidays_for(countries: Iterable[str], years: range = YEARS) -> Mapping[str, frozenset[dt.date]]:
    """Return the national holidays by country (ISO 3166 alpha-2).

    A country that the package does not know has none: there, only weekends are not business days.
    """
    return {country: _days(country, years) for country in sorted(set(countries)) if country}


@lru_cache(maxsize=256)
def _days(country: str, years: range) -> frozenset[dt.date]:
    import holidays  # noqa: PLC0415  slow to import, and only a run that plans needs it

    try:
        # The language is given because the package otherwise follows the machine's locale.
        return frozenset(holidays.country_holidays(country, years=years, language="fr"))
    except NotImplementedError:
        return frozenset()
