"""The kinds of trouble that we expect; everything else is a bug."""

from datetime import timedelta


class PortwireError(Exception):
    """Something Portwire expects to go wrong; the class's docstring is the default message."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(PortwireError):
    """Some settings are missing or wrong; `problems` has a sentence for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TemporaryError(PortwireError):
    """It may work when it is tried again."""

    def __init__(self, message: str | None = None, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(PortwireError):
    """Trying again will not help; somebody has to look at it."""


class UserError(PortwireError):
    """Said to the person who asked: what was wrong and what would be right.

    `suggestion` is a corrected command line (without the slash command's name) that a button may run.
    """

    def __init__(self, message: str | None = None, *, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion
