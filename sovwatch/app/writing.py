"""Writing into the operator's folders: whole files, and one sentence where that cannot be."""

from pathlib import Path

from sovwatch.errors import ConfigurationError
from sovwatch.filing import put


def write(path: Path, content: str | bytes) -> None:
    """Write a whole file, and its folder where there is none.

    Raises:
        ConfigurationError: it cannot be written; what was there is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content)
    except OSError as error:
        cure = "free some space, or let the user that runs sovwatch write there"
        raise ConfigurationError(str(path), f"cannot be written: {error.strerror}", cure) from None
