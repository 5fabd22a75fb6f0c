"""The package of a workbook, part by part: zip members, relationships, styles, rows of a sheet, tables, what is carried over."""
