"""A column of keys → what another table says of each key."""

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from batch.core.tables import DAY


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key (missing where unknown), in the dtype of `values`, also when `values` is empty."""
    place = np.full(len(keys), -1) if values.empty else values.index.get_indexer(pd.Index(keys))
    known = values.array if isinstance(values.dtype, pd.api.extensions.ExtensionDtype) else values.to_numpy()
    return pd.Series(take(known, place, allow_fill=True), index=keys.index, name=values.name)


def latest_day(rows: pd.DataFrame, key: str) -> pd.Series:
    """Return the last `at` of each value of a column of keys (the index)."""
    if rows.empty:
        return pd.Series(index=pd.Index(rows[key]), dtype=DAY, name="at")
    days: pd.Series = rows.groupby(key, sort=False)["at"].max()
    return days
