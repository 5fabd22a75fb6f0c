"""The new sheets of a plan, one module each, and what they share: looks, long tables, charts, sentences."""
