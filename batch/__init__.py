"""Relance: who owes what, why they have not paid, and the right reminder.

The stream runs from left to right: `ledger` reads an export into tables, `core` turns tables into a plan, `workbook` and
`messages` show the plan to a person, `delivery` sends what was approved, and `journal` remembers every act. `jobs` holds one
short module per verb of the command line and only sequences those doors; `words` turns codes and figures into sentences;
`settings` turns relance.toml and the shipped data into the values that steer. Start with `core/plan.py` and `jobs/run`.
"""

__version__ = "0.1.0"
