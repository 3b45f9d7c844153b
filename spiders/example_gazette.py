"""An example to copy: a fictional gazette whose front page keeps its articles as JSON in a script element.

    <script id="front">
        {"stories": [{"path": "/a/1", "head": "…", "when": "21 novembre 2026 7 h 15"}], "next": "/page/2"}
    </script>

Nothing in the pack uses it; tests run it against the loopback newsroom.
"""

import json
from collections.abc import Iterator
from typing import Any

from scrapy.http import Request, Response

from sovwatch.dates import parse
from sovwatch.model import Entry
from spiders.site import SiteSpider

_MOST_PAGES = 3


class ExampleGazette(SiteSpider):
    """Reads the gazette's front page, and the ones that it calls next."""

    name = "example-gazette"

    def parse(self, response: Response, page: int = 1, **_: Any) -> Iterator[Entry | Request]:
        """Yield the stories of a front page, then ask for the next one."""
        front = json.loads(response.css("script#front::text").get() or "{}")
        for story in front.get("stories", []):
            yield Entry(
                url=response.urljoin(story["path"]),
                title=story["head"],
                published=parse(story.get("when", ""), zone="America/Toronto", evidence="listing"),
            )
        if front.get("next") and page < _MOST_PAGES:
            yield response.follow(front["next"], callback=self.parse, cb_kwargs={"page": page + 1})
