"""One line of the doctor's report."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what would mend it; `fatal`: nothing can run before it is mended."""

    what: str
    state: State
    detail: str
    cure: str = ""
    fatal: bool = False
