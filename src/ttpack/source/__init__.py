"""Reads packages: trees of files, documents with positions, schemas, the cache, and `load`."""
