"""Whether code beside the configuration may be run: only its owner, who runs us or is root, may be able to change it.

As ssh asks of keys: who may write a file that we run is us. A folder counts too, since who may write it may put
another file in a file's place. Where files have no owners (Windows) nothing is asked.
"""

import os
import stat
from pathlib import Path


def open_to_others(path: Path) -> str:
    """Why a file or folder is not to be trusted, and what to do; "" where only its owner may change it."""
    if os.name != "posix":
        return ""
    found = path.stat()
    if found.st_uid not in {0, os.geteuid()}:
        return f"{path} belongs to another user and is not run: chown it to root, or to who runs sovwatch"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"{path} may be changed by others and is not run: chmod go-w {path}"
    return ""


def untrusted_folder(home: Path) -> str:
    """The same of the folder of an operator's own spiders, and of the configuration's that it lies in."""
    folder = home / "spiders"
    return next(filter(None, map(open_to_others, (home, folder))), "") if folder.is_dir() else ""


def untrusted(home: Path) -> list[str]:
    """All that is not to be trusted of an operator's own spiders."""
    if said := untrusted_folder(home):
        return [said]
    return [said for path in sorted((home / "spiders").glob("*.py")) if (said := open_to_others(path))]
