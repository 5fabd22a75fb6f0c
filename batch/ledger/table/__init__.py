"""A Book → the table in it: sheet, headings, columns, and what each row is."""
