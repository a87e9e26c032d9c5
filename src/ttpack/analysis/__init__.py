"""What follows from facts: comparisons, reach, verdicts. Pure."""
