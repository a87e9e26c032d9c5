"""The command: the only place with exit codes, the clock and the environment."""
