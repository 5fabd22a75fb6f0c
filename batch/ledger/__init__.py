"""Any export → a Ledger: the file's sheets as cells, the table in them, its columns typed, its rows as items."""

from batch.ledger.files.book import Book, Cell, Sheet
from batch.ledger.files.sheets import open_book
from batch.ledger.reader import read
from batch.ledger.typed_sheet import typed_rows

__all__ = ["Book", "Cell", "Sheet", "open_book", "read", "typed_rows"]
