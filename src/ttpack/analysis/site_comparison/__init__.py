"""What differs between sites, family by family, and what was agreed about it."""
