"""Frozen facts: what a package says. Imports nothing of ours but errors."""
