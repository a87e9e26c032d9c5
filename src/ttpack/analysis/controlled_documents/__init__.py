"""Controlled documents: what each shows, its digest, its revision and status (format.md, "Digests")."""
