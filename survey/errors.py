"""What a person can do wrong -> an exit code and a way out."""


class SurveyError(Exception):
    """A fault its reader can mend: what is wrong, where, and what to do about it."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.hint, self.where = hint, where


class UsageError(SurveyError):
    """The command or a file given to it cannot be used as it stands."""


class SchemaError(SurveyError):
    """A questionnaire's YAML or its boxes.csv is wrong."""


class NothingReadError(SurveyError):
    """Not one scan could be read."""

    exit_code = 3


class CannotWriteError(SurveyError):
    """A result cannot be written, or would overwrite an input."""

    exit_code = 4


class BusyError(SurveyError):
    """Another run of the program holds the project."""

    exit_code = 5


class MissingProgramError(SurveyError):
    """An optional program or system library is needed here and absent."""

    exit_code = 6


class BrokenChainError(SurveyError):
    """A decision in survey.db is not as it was made."""

    exit_code = 7
