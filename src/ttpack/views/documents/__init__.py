"""Controlled documents as a reader sees them: one module for each layout of a section, and what holds them."""
