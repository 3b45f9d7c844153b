"""Waiting for what is to come true: the bound ends a wait in vain, and says nothing of how fast a machine is."""

import subprocess
import time
from collections.abc import Callable
from typing import Any

IN_VAIN = 200.0  # seconds; what is waited for takes one to thirty on a quiet machine


def until(true: Callable[[], object], *by: "subprocess.Popen[Any]", seconds: float = IN_VAIN) -> None:
    """Return once it is true; where processes are to bring it about, one of them must be alive."""
    end = time.monotonic() + seconds
    while not true():
        assert not by or any(process.poll() is None for process in by), "what was to bring it about has ended"
        assert time.monotonic() < end, f"waited {seconds:.0f} seconds in vain"
        time.sleep(0.1)
