"""A complete configuration folder for the demo: starter topics and seeds, the fictional outlets, one channel."""

import shutil
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the stand-ins run with `python -m`: importing their package must not import them first
    from sovwatch.demo.coverage import Outlet
    from sovwatch.demo.newsroom import Newsroom
    from sovwatch.demo.slack import SlackServer

CHANNEL = "sovereignty"
ZONE = "America/Edmonton"
AGENT = "sovwatch-demo-desk/1.0 (+http://newsdesklist.example/contact)"  # honest, and named as the 403 outlet asks

DIGESTS = (time(7), time(17))  # two a day keep the demo under a minute: each step costs a crawl, 2 s of CPU

_SOVWATCH = """\
# Written by `sovwatch demo`: two stand-ins on loopback, no account and no network.
zone = "{zone}"
database = "sqlite:///demo.sqlite"
seeds = "seeds"

[channels.{channel}]
kind = "slack"
to = "{channel_id}"
zone = "{zone}"
at = [{digests}]

[slack]
base_url = "{slack}"
token_file = "slack.token"

[crawl]
resolve = {{ "*.example" = "{newsroom}" }}
delay = 0      # seconds; real hosts deserve the default
timeout = 2.5  # seconds; one outlet stalls on Wednesday, and the demo has a minute
deadline = 60  # seconds; enough on a slow machine
"""

_SOURCE = """\
[[source]]
id = "{id}"
outlet = "{name}"
url = "http://{host}{path}"
language = "{language}"
tier = "{tier}"
every = 1800  # seconds
fetch = "all"  # a few articles a day: whole texts are judged, hard negatives too
"""


def demo_config(home: Path, newsroom: "Newsroom", slack: "SlackServer") -> Path:
    """Write the folder `home` and return the path of its sovwatch.toml; what is there already is overwritten."""
    from sovwatch.app.starter import starter  # all of the program; the stand-ins are also used without it

    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(starter() / "topics.toml", home / "topics.toml")
    shutil.copytree(starter() / "seeds", home / "seeds", dirs_exist_ok=True)
    token = home / "slack.token"
    token.write_text(slack.token, encoding="utf-8")
    token.chmod(0o600)
    sources = "\n".join(_source(outlet) for outlet in newsroom.coverage.outlets.values())
    (home / "sources.toml").write_text(sources, encoding="utf-8")
    settings = home / "sovwatch.toml"
    channel_id = slack.workspace.channel(CHANNEL).id
    text = _SOVWATCH.format(
        zone=ZONE,
        channel=CHANNEL,
        channel_id=channel_id,
        digests=", ".join(f"{at}" for at in DIGESTS),
        slack=slack.url,
        newsroom=newsroom.address,
    )
    settings.write_text(text, encoding="utf-8")
    return settings


def _source(outlet: "Outlet") -> str:
    path = outlet.moved_from or outlet.feed_path
    text = _SOURCE.format(
        id=outlet.id, name=outlet.name, host=outlet.host, path=path, language=outlet.language, tier=outlet.tier
    )
    if outlet.agents:
        text += f'user_agent = "{AGENT}"\n'
    return text
