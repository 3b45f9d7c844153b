"""What ships: its settings, read once, and the program with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sovwatch.app import App, open_app
from sovwatch.app.running import enrol
from sovwatch.app.starter import starter
from sovwatch.settings import ChannelSettings, Settings, load
from tests.builders import NOW


@cache
def shipped_settings() -> Settings:
    return load(starter() / "sovwatch.toml", environment={})


@contextmanager
def shipped_app(database: str, **changes: object) -> Iterator[App]:
    """The program with the starter's topics and one channel, at `NOW`."""
    changed = {"database": database, "channels": {"desk": ChannelSettings()}, "clock": NOW, **changes}
    opened = open_app(shipped_settings().model_copy(update=changed))
    enrol(opened)
    yield opened
    opened.store.close()
