"""Measurements of the goals, side by side on the same machine; no test asserts a time."""
