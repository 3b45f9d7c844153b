"""The configuration that ships: `config/` of a clone, `sovwatch/_starter` of an installed wheel."""

from pathlib import Path

from sovwatch.app.writing import write

_PACKAGE = Path(__file__).parent.parent


def starter() -> Path:
    """The folder of the configuration that ships; an editable install reads that of its clone."""
    installed = _PACKAGE / "_starter"
    return installed if installed.is_dir() else _PACKAGE.parent / "config"


def copy_starter(folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy it into a folder without overwriting: the files written, and those that were there already.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    written, kept = [], []
    for source in sorted(path for path in starter().rglob("*.toml") if path.is_file()):
        target = folder / source.relative_to(starter())
        if target.exists():
            kept.append(target)
            continue
        write(target, source.read_bytes())
        written.append(target)
    return written, kept
