"""Is every message delivered exactly once, in order, when anything fails? A campaign against the Slack stand-in.

    python -m benchmarks.faults --runs 2000 --jobs 4           the figures of docs/reliability.md
    python -m benchmarks.faults --runs 500 --way webhook       how often a way that cannot read back doubles

A run promises digests of one to three parts and an alert with a reply to two channels, in a real SQLite store, and
promises one more to a channel that is archived. It scripts up to four failures, before or after the message is
stored. Then it starts senders, real processes that deliver from the store over HTTP, and kills most with SIGKILL at a
random moment; what the last one leaves is delivered by one that is let finish. At the end every part must stand in
its channel exactly once, in the order promised, continuations in their threads, and the archived channel must hold
nothing and have held up nobody. A request's time-out is 0.3 s (20 in life), a message that is stored late comes 0.15
s after the client gave up, and what is unknown settles for 2 s (60 in life).
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from benchmarks.faulting import CONTEXT, Figures, campaign

CHUNK = 10  # runs that share a server


def main() -> None:
    """Run the campaign and print its figures, those of an interrupted one too."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--jobs", type=int, default=4, help="campaigns side by side; they mostly wait")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--way", choices=("bot", "webhook"), default="bot")
    given = options.parse_args()
    began, total = time.monotonic(), Figures()
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(given.jobs, CONTEXT) as pool:
        waiting = []
        for start in range(given.seed, given.seed + given.runs, CHUNK):
            folder = Path(name, str(start))
            folder.mkdir()
            seeds = range(start, min(start + CHUNK, given.seed + given.runs))
            waiting.append(pool.submit(campaign, seeds, folder, given.way))
        try:
            for done in as_completed(waiting):
                total.add(done.result())
                print(f"\r{total.runs} runs, wrong: {total.bad or 'none'}", end="", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
    _print(given.way, total, time.monotonic() - began)


def _print(way: str, total: Figures, seconds: float) -> None:
    print(f"{way}: {total.runs} runs in {seconds:.0f} s")
    for label in ("promised", "lost", "doubled", "disordered", "held_up", "senders", "killed"):
        print(f"  {label:<12}{getattr(total, label):>8}")
    print("  failures scripted:")
    for failure, times in sorted(total.failures.items()):
        print(f"    {times:>5}  {failure}")
    if total.bad:
        print("  seeds that went wrong:", *total.bad)
        print(*(f"    {gap}" for gap in total.gaps), sep="\n")


if __name__ == "__main__":
    main()
