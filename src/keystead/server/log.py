"""The server's log: one JSON object a line, on standard error.

A line may hold names, counts, file positions and sentences that are written for operators.
It never holds a header, a body, a query string or the text of an unexpected exception, which may quote them.
"""

import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from keystead.config import LogLevel

_LEVELS: dict[LogLevel, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_log(level: LogLevel) -> None:
    """Sets up structlog for this process; every logger of Keystead follows."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_text,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger() -> Any:
    """The server's logger."""
    return structlog.get_logger("keystead.server")


def where(error: BaseException) -> dict[str, object]:
    """What a log line may tell of an unexpected exception: its type and origin, not its text."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _without_text(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replaces the exception that `log.exception` attaches by what may be told of it."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line.update(where(error))
    return line
