"""Columns of cells → typed columns, each decided as a whole: amounts, days, currencies, terms."""
