"""How deviations are classified: limits at a site, the agreed rows, the proof that they are total, and one answer."""
