"""One short module per verb: each is a sequence of doors and core, and computes nothing itself."""
