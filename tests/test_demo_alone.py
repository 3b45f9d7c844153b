"""Both stand-ins run alone too, as processes that others talk to and that leave when they are told."""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slack_sdk import WebClient

from sovwatch.demo.slack import SlackServer


@contextmanager
def running(module: str, *options: str) -> Iterator[str]:
    """Start a module on a free port and give the first line that it prints; it must leave on an interrupt.

    A shell lets what it starts in the background ignore interrupts, and children inherit that: not where we listen.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", module, "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stdout is not None
        try:
            yield process.stdout.readline()
            process.send_signal(signal.SIGINT)
            _, complaints = process.communicate(timeout=200)
        finally:
            process.kill()  # else leaving this block waits for one that did not go
        assert (process.returncode, complaints) == (0, "")


def test_slack_alone_keeps_in_its_file_what_was_posted(tmp_path: Path) -> None:
    file = tmp_path / "slack.json"
    with running("sovwatch.demo.slack", "--file", str(file), "--channel", "news") as line:
        url, token = re.findall(r"= ?(\S+)", line)
        WebClient(token=token, base_url=url, retry_handlers=[]).chat_postMessage(channel="news", text="kept")
    assert [message["text"] for message in SlackServer(file=file).messages("news")] == ["kept"]


def test_the_newsroom_alone_lists_what_its_clock_allows(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2026-02-02T14:00:00Z")
    with running("sovwatch.demo.newsroom", "--clock", str(clock)) as line:
        (address,) = re.findall(r'= "([^"]+)"', line)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{address}"}))
        sizes = []
        for moment in ("2026-02-02T14:00:00Z", "2026-02-08T00:00:00Z"):
            clock.write_text(moment)
            with opener.open("http://northline.example/feed.xml") as answer:
                sizes.append(answer.read().count(b"<item>"))
    assert sizes == [1, 5]
