"""Writing into the operator's folders: whole files, and one sentence where that cannot be."""

from pathlib import Path

from sovwatch.errors import ConfigurationError
from sovwatch.filing import put

_CURE = "free some space, or let the user that runs sovwatch write there"


def write(path: Path, content: str | bytes) -> None:
    """Write a whole file, and its folder where there is none.

    Raises:
        ConfigurationError: it cannot be written; what was there is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content)
    except OSError as error:
        raise ConfigurationError(str(path), f"cannot be written: {error.strerror}", _CURE) from None


def remove(path: Path) -> None:
    """Remove a file.

    Raises:
        ConfigurationError: it cannot be removed.
    """
    try:
        path.unlink()
    except OSError as error:
        raise ConfigurationError(str(path), f"cannot be removed: {error.strerror}", _CURE) from None
