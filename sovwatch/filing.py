"""Files written whole or not at all: whoever reads one, the next run included, never meets a part of it."""

import os
import tempfile
from pathlib import Path

_OPEN_TO_READ = 0o644


def put(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there; mode and owner of one that was there stay, and links to it.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123  (a descriptor)
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(handle)
            _keep_mode_and_owner(path, handle)
        os.replace(name, path)  # noqa: PTH105
    finally:
        Path(name).unlink(missing_ok=True)


def _keep_mode_and_owner(path: Path, handle: int) -> None:
    before = path.stat() if path.exists() else None
    os.fchmod(handle, before.st_mode & 0o777 if before else _OPEN_TO_READ)
    if before and os.geteuid() == 0:
        os.fchown(handle, before.st_uid, before.st_gid)
