"""Approvals of controlled documents: what is signed, what a document needs, and what stands for it."""
