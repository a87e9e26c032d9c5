"""Statistics of runs, methods and comparability: pure functions of numbers, each with its source.

Arguments are sequences of floats in one unit, answers floats in the same unit. scipy is imported where it is used.
"""
