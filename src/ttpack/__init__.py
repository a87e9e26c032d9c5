"""Technology transfer packages as reviewed, versioned, checked documents."""

__version__ = "0.1.0"
