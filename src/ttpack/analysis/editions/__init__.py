"""Editions: who reads what of a package, and the package that they read (format.md, "Audience")."""
