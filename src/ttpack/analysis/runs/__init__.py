"""What runs recorded: values against ranges, parameters covered, results against criteria declared before."""
