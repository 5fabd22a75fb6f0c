"""Pure rooms: tables in, tables out; no file, clock, environment, chance or locale."""
