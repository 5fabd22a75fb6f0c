"""The way back: the sheets found again, their lines, what was typed into the cells, and the events it makes."""
