"""What stops a publication."""

from ttpack.errors import TtpackError


class PublishError(TtpackError):
    """A page cannot be set as it is; the message names the record and what to change."""

    exit_code = 1

    def __init__(self, message: str, record: str = "") -> None:
        super().__init__(f"{record}: {message}" if record else message)
        self.record = record
