"""The command line: `sovwatch COMMAND`. Each command is a few lines around a function of `sovwatch.app`.

Exit codes: 0 done (ill sources and channels included: they are recorded and shown); 1 a stage could not finish, or what
was given or examined is not well (`ingest`, `check`, `sources try`, `sources discover`); 2 configuration or usage, an
unreachable database included; 75 another run holds the lease.
"""

import gc
import sys
from errno import ENOSPC
from io import TextIOWrapper

from sovwatch.cli import (  # noqa: F401  (importing them adds their commands)
    database,
    evaluating,
    looking,
    operating,
    seeding,
    slack,
    sourcing,
    stages,
    steering,
    working,
)
from sovwatch.cli.frame import cli
from sovwatch.errors import ConfigurationError, LeaseHeld, SovwatchError, Unavailable

EX_TEMPFAIL = 75  # sysexits.h: try again later

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no œ shows a ?, and all the rest
    try:
        cli(prog_name="sovwatch")
    except LeaseHeld as error:
        _fail(error, EX_TEMPFAIL)
    except (ConfigurationError, Unavailable) as error:
        _fail(error, 2)
    except SovwatchError as error:
        _fail(error, 1)
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        _fail("what it is written to is full; free some space and run again", 1)
    finally:
        gc.freeze()  # the process ends: looking for cycles among all its modules would be a fifth of an idle run


def _fail(error: Exception | str, code: int) -> None:
    print(f"sovwatch: {error}", file=sys.stderr)  # noqa: T201  (the one line an operator reads)
    sys.exit(code)
