"""Items, payments and rates → late interest and the fixed recovery sum, per item; for a dossier by segment and by day.

`tariffs` says which rules a debtor falls under, `interest` works out CHARGES for the whole ledger, `statement` writes the same
figures out line by line, `doubts` says what a person has to confirm.
"""

from batch.core.charges.doubts import doubts
from batch.core.charges.interest import charge
from batch.core.charges.statement import day_by_day, segments
from batch.core.charges.tariffs import Tariff, tariff, tariff_name, tariff_names

__all__ = ["Tariff", "charge", "day_by_day", "doubts", "segments", "tariff", "tariff_name", "tariff_names"]
