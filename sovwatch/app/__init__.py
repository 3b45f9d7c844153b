"""Wiring the rooms together: each stage as one idempotent function, and `run`, which does whatever is due.

`open_app` makes an `App` from the settings. The stages take it and a `Progress` to tell; the command line, the
daemon, the demo and the tests all call the same functions.
"""

from sovwatch.app.opening import App, open_app
from sovwatch.app.running import RunReport, run

__all__ = ["App", "RunReport", "open_app", "run"]
