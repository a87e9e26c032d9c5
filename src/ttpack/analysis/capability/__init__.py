"""Predicted quality: declared transfer functions, sampled over the ranges of a site."""
