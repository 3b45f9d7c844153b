"""Golden renderings: what a digest looks like, kept in tests/golden, to be looked at when it changes.

SOVWATCH_UPDATE_GOLDEN=1 pytest tests/test_renderings.py        writes them anew
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, rendered: str) -> None:
    """Compare a rendering with the kept one, or keep it where the update switch is on."""
    path = FOLDER / name
    if os.environ.get("SOVWATCH_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(rendered, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == rendered, f"{path} differs; if that is meant, update it"
