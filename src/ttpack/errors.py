"""The four ways the environment can refuse us; everything an author does wrong is a finding instead."""


class TtpackError(Exception):
    """A plain one-line error for a person; never shown with a traceback."""

    exit_code = 3


class UsageError(TtpackError):
    """The command was asked for something that it does not offer."""

    exit_code = 2


class NotAPackage(TtpackError):
    """No `ttpack.yaml` of kind package stands at or above the given folder."""


class RevisionError(TtpackError):
    """A revision is unknown, malformed, or out of reach of a shallow clone."""


class UnreadableError(TtpackError):
    """A file, folder or repository cannot be read."""
