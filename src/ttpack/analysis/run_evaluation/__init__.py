"""What the data of a run say: each signal against the ranges of its site, and what has to be done about it."""
