"""What is wrong with a package: pure functions from facts to problems."""
