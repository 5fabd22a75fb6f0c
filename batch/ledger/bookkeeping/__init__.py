"""Debits and credits → open items: sides, lettering, books of movements, FEC and DATEV files."""
