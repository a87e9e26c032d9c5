"""Simulation of campaigns: from records to a model, replications, what they say together."""
