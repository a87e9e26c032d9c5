"""Scale-up between two sites, recomputed from the records (alignment.md, "Formulas")."""

from ttpack.analysis.scale_up.answer import ScaleUp, scale_up
from ttpack.analysis.scale_up.matrix import scale_matrix, scale_parameter
from ttpack.analysis.scale_up.process import Outcome, buffers, growth_train, resin_cycles, viral_clearance
from ttpack.analysis.scale_up.rows import VERDICT_WORDS, ScaleRow, ScaleVerdict, Side, change_text
from ttpack.analysis.scale_up.scaled_range import scaled, scaled_range

__all__ = [
    "VERDICT_WORDS",
    "Outcome",
    "ScaleRow",
    "ScaleUp",
    "ScaleVerdict",
    "Side",
    "buffers",
    "change_text",
    "growth_train",
    "resin_cycles",
    "scale_matrix",
    "scale_parameter",
    "scale_up",
    "scaled",
    "scaled_range",
    "viral_clearance",
]
