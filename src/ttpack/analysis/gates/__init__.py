"""Gates of a receiving site: what blocks one, what was promised, what runs ahead of it, and when it can be opened."""
