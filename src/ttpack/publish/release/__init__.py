"""Releases: immutable folders that can be handed over, and verified years later without a network."""
