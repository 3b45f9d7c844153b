"""What the Slack stand-in remembers: channels, messages in the order posted, and the failures still to come."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sovwatch.demo.slack_rules import mentions

Message = dict[str, Any]
FailureKind = Literal["rate_limited", "server_error", "garbage", "error", "slow", "drop", "hang"]

KEPT = ("text", "blocks", "attachments", "metadata", "thread_ts", "unfurl_links", "unfurl_media", "mrkdwn")


@dataclass(frozen=True, slots=True)
class Failure:
    """One call that is to fail: how, of which method, and whether the message is stored all the same."""

    kind: FailureKind
    method: str
    stored: bool
    error: str
    seconds: float


@dataclass(slots=True)
class Channel:
    """A conversation; `member` says whether the app was invited to it."""

    id: str
    name: str
    member: bool = True
    archived: bool = False
    messages: list[Message] = field(default_factory=list)


@dataclass
class Workspace:
    """Channels by name, kept in `file` (where one is given) before any answer is sent."""

    file: Path | None
    clock: Callable[[], datetime]
    channels: dict[str, Channel] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            self.channels = {name: Channel(**channel) for name, channel in kept.items()}

    def channel(self, name: str) -> Channel:
        """Return the channel of that name or id; a new name makes a new channel."""
        if (known := self.find(name)) is not None:
            return known
        digest = hashlib.sha256(name.encode()).hexdigest()[:9].upper()
        self.channels[name] = Channel(id=f"C0{digest}", name=name)
        return self.channels[name]

    def find(self, name: str) -> Channel | None:
        """Return the channel of that id, or of that name with or without #."""
        bare = name.removeprefix("#")
        return self.channels.get(bare) or next((c for c in self.channels.values() if c.id == name), None)

    def messages(self, channel: str) -> list[Message]:
        """Return what a channel holds."""
        found = self.find(channel)
        return list(found.messages) if found else []

    def failure_of(self, method: str) -> Failure | None:
        """Use up the next scripted failure of a method."""
        failure = next((each for each in self.failures if each.method == method), None)
        if failure is not None:
            self.failures.remove(failure)
        return failure

    def post(self, channel: Channel, given: Mapping[str, Any]) -> Message:
        """Store a message that was found good; `mentions` beside it says whom it called (a test wants none)."""
        message: Message = {"type": "message", "user": "U0SOVWATCH", "bot_id": "B0SOVWATCH", "ts": self._ts(channel)}
        message |= {key: given[key] for key in KEPT if given.get(key) is not None}
        message["mentions"] = mentions(given)
        channel.messages.append(message)
        self._keep()
        return message

    def _ts(self, channel: Channel) -> str:
        """Slack's name of a message: seconds with six decimals, rising within a channel."""
        moment = round(self.clock().timestamp() * 1_000_000)
        if channel.messages:
            moment = max(moment, int(channel.messages[-1]["ts"].replace(".", "")) + 1)
        return f"{moment // 1_000_000}.{moment % 1_000_000:06d}"

    def _keep(self) -> None:
        if self.file is None:
            return
        kept = {name: asdict(channel) for name, channel in self.channels.items()}
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, self.file)  # noqa: PTH105  (whole or not at all)
