"""What the export and the contacts file say about the customers → tables.DEBTORS."""
