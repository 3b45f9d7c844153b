"""What whole commands cost: `--help`, a run with nothing due, and runs with 50 new articles, each a real process.

    python -m benchmarks.whole_runs [REPEATS]

CPU is user and system time of the command and its children, the least of the repeats: what a busy machine adds is not
the program's. The newsroom and the Slack stand-in run on loopback, in this process, which is not counted.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.world import press
from sovwatch.demo import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer

NEW = 50
YARDSTICK = "import sqlalchemy"  # what any program on it pays before its first line


def command(config: Path, *words: str) -> tuple[float, float]:
    """Run `sovwatch` as cron does, with nothing in the environment; CPU and wall seconds."""
    return spent("-m", "sovwatch", "--config", str(config), *words)


def set_clock(config: Path, clock: datetime) -> None:
    """Write the simulated instant into the configuration."""
    lines = config.read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [line for line in lines if not line.startswith("clock = ")]
    config.write_text("".join([f'clock = "{clock.isoformat()}"\n', *rest]), encoding="utf-8")


def spent(*words: str) -> tuple[float, float]:
    """CPU and wall seconds of a Python process with these arguments."""
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = os.times(), time.monotonic()
    subprocess.run([sys.executable, *words], env=compiled, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.monotonic() - began


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure whole commands.")
    options.add_argument("repeats", nargs="?", type=int, default=5)
    repeats = options.parse_args().repeats
    start = datetime.now(UTC) + timedelta(days=1)  # later than the configuration is written, or it counts as edited
    clock = [start]
    coverage = press(10, 2 * NEW, copies=0, start=start - timedelta(hours=2), over=timedelta(hours=4))
    with (
        tempfile.TemporaryDirectory() as folder,
        SlackServer() as slack,
        Newsroom(lambda: clock[0], coverage=coverage) as newsroom,
    ):
        config = demo_config(Path(folder) / "config", newsroom, slack)
        set_clock(config, clock[0])
        rows = [(f"first run, {NEW} articles of 10 sources", [command(config, "run")])]
        idle = []
        for _ in range(repeats):
            clock[0] += timedelta(seconds=1)
            set_clock(config, clock[0])
            idle.append(command(config, "run"))
        rows.append(("run with nothing due", idle))
        clock[0] += timedelta(hours=3)
        set_clock(config, clock[0])
        rows.append((f"run, {NEW} new articles of 10 sources", [command(config, "run")]))
        rows.append(("--help", [command(config, "--help") for _ in range(repeats)]))
        rows.append(("--version", [command(config, "--version") for _ in range(repeats)]))
        rows.append((f"yardstick: {YARDSTICK}", [spent("-c", YARDSTICK) for _ in range(repeats)]))
    tell(rows)


def tell(rows: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> None:
    """Print what each command took, of several times the least."""
    print(f"{'command':36} {'CPU-s':>7} {'wall s':>7}  times")
    for name, times in rows:
        print(f"{name:36} {min(cpu for cpu, _ in times):7.2f} {min(wall for _, wall in times):7.2f}  {len(times)}")


if __name__ == "__main__":
    main()
