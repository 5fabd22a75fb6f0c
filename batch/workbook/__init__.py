"""The annotated workbook and its way back.

Out: `review` makes the new sheets of a plan (summary, review, calls, letters, problems, about) and the annotations of the
ledger's rows; the graft carries both into a copy of the user's own file. Back: `decisions` reads what a person typed.
After a sending: `sent` writes a copy of the reviewed workbook that says what became of each row. `layout` is the contract of all
directions. `sheets` holds a module per sheet, `parts` the pieces of a workbook's package that the graft works on, `reading` the
steps of the way back.
"""
