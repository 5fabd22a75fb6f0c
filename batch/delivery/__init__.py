"""Mail out: `compose` makes the bytes with the standard library, `postman` hands them over once and says what became of it."""
