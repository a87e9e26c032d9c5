"""Scale-up between two sites, recomputed from the records (alignment.md, "Formulas")."""

from ttpack.analysis.scale_up.scaled_range import scaled, scaled_range

__all__ = ["scaled", "scaled_range"]
