"""Messages to operators: a source that stays ill is said once, and once more when it is well again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from alerts.promise import pack
from alerts.reasons import in_french
from sovwatch.app.opening import App
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings
from sovwatch.store import queue, sources

_ILL = {"en": "{} is ill: {}.", "fr": "{} est en panne\u00a0: {}."}
_WELL = {"en": "{} is well again.", "fr": "{} fonctionne de nouveau."}


def notices(app: App) -> list[str]:
    """Promise what operators are to know of sources; gives the keys. Without an operator's channel nothing is noted."""
    channels = {name: channel for name, channel in app.settings.channels.items() if channel.operator}
    if not channels:
        return []
    now = app.now()
    with app.store.write(durable=True) as c:
        ill, well = sources.to_tell(c, now - app.settings.ill_after, hold=True)
        names = {one.id: f"{one.outlet} ({one.id})" for one in app.settings.sources}
        said = [
            *((_ILL, names[row["id"]], row["ill_why"]) for row in ill if row["id"] in names),
            *((_WELL, names[row["id"]], "") for row in well if row["id"] in names),
        ]
        sources.told_health(c, [row["id"] for row in ill], [row["id"] for row in well], now)
        if not said:
            return []
        return [
            _promise(c, name, channel, [_line(channel.language, *what) for what in said], now)
            for name, channel in channels.items()
        ]


def _line(language: str, form: Mapping[str, str], source: str, why: str) -> str:
    return form[language].format(source, in_french(why) if language == "fr" else why)


def _promise(c: Connection, name: str, channel: ChannelSettings, lines: Sequence[str], now: datetime) -> str:
    notice = Digest(
        key=f"notice:{name}:{now:%Y-%m-%dT%H:%M:%S.%f}",
        channel=name,
        kind="notice",
        at=now,
        language=channel.language,
        zone=channel.zone,
        lines=tuple(lines),
    )
    queue.promise(c, notice.key, name, pack(notice), now=now)
    return notice.key
