"""How ready a receiving site is: what both parties scored, what of it counts, what stops a gate, and its history."""
