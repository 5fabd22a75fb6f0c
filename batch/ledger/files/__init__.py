"""Any file → a Book of raw typed cells: what it is by its content, what is read here, what is read apart."""
