"""An operator's own spiders: Python files in `spiders/` beside sovwatch.toml, wherever the program is installed.

A file that cannot be loaded, or that others may change (`spiders.guard`), costs only the sources whose spider is found
nowhere else; they say why.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from scrapy.crawler import Crawler
from scrapy.spiderloader import get_spider_loader

from sovwatch.settings import SourceSettings
from spiders.guard import open_to_others, untrusted_folder
from spiders.site import SiteSpider

_PACKAGE = "own_spiders"  # what the files are called by inside the process


def site_of(source: SourceSettings, crawler: Crawler, home: Path) -> SiteSpider | None:
    """Return the spider of the source's own, where it names one.

    Raises:
        ValueError: there is none of that name, or it is something else.
    """
    if not source.spider:
        if source.kind == "spider":
            raise ValueError("kind 'spider' needs the spider's name")
        return None
    shipped = get_spider_loader(crawler.settings)
    kind = shipped.load(source.spider) if source.spider in shipped.list() else _own(source.spider, home)
    if not issubclass(kind, SiteSpider):
        raise ValueError(f"{source.spider!r} is no SiteSpider")  # noqa: TRY004  (a configuration's value)
    return kind.from_crawler(crawler, url=source.url)


def _own(name: str, home: Path) -> type[SiteSpider]:
    folder = home / "spiders"
    if said := untrusted_folder(home):
        raise ValueError(said)
    broken = ""
    for path in sorted(folder.glob("*.py")):
        if said := open_to_others(path):
            broken += f"; {said}"
            continue
        try:
            module = _loaded(path)
        except Exception as error:  # noqa: BLE001  (whatever a file of one's own raises)
            broken += f"; {path} cannot be loaded: {type(error).__name__}: {error}"
            continue
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, SiteSpider) and getattr(value, "name", None) == name:
                return value
    raise ValueError(f"no spider is called {name!r}, here or in {folder}{broken}")


def _loaded(path: Path) -> ModuleType:
    """The module of a file, loaded once in a process."""
    name = f"{_PACKAGE}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)  # a dataclass in it looks it up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
