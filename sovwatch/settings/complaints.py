"""What is wrong with a value, in words for who wrote it: pydantic's own speak of inputs, instances and parsing."""

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SPAN = "is no length of time; write one such as 90d, 48h, 30m or 45s"
TIME = 'is no time of day; write one such as "07:00"'
_DAY = "is no day; write one such as 2026-01-29"
_INSTANT = "is no instant; write one such as 2026-01-29T12:00:00Z"
_PLAIN = {
    "missing": "is missing",
    "time_delta_parsing": SPAN,
    "time_delta_type": SPAN,
    "time_parsing": TIME,
    "time_type": TIME,
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "int_parsing": "is no whole number",
    "int_from_float": "is no whole number",
    "int_type": "is no whole number",
    "float_parsing": "is no number",
    "float_type": "is no number",
    "datetime_from_date_parsing": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_type": _INSTANT,
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "string_too_short": "is empty",
    "string_type": "is no text; put it in quotes",
    "tuple_type": "is no list; put it in square brackets",
    "dict_type": "is no table",
    "model_type": "is no table",
    "model_attributes_type": "is no table",
}


class WrongAt(ValueError):
    """A value that is wrong beside others: pydantic knows only the table that it was seen in, not the key."""

    def __init__(self, *where: str, problem: str) -> None:
        super().__init__(problem)
        self.where = where


def place(error: "ErrorDetails") -> list[str]:
    """The keys that lead to what an error is about."""
    own = error.get("ctx", {}).get("error")
    return [*map(str, error["loc"]), *(own.where if isinstance(own, WrongAt) else ())]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?' for the known word that is closest, or an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def complaint(error: "ErrorDetails", *, secret: bool = False) -> str:
    """The sentence on one error: what the value may be, and what it is unless that is a secret."""
    given = error.get("input")
    if error["type"] in {"literal_error", "enum"}:
        return _none_of(given, re.findall(r"'([^']*)'", error["ctx"]["expected"]))
    if error["type"] == "value_error":  # a sentence of our own
        return error["msg"].removeprefix("Value error, ")
    message = _PLAIN[error["type"]].format(**error.get("ctx", {})) if error["type"] in _PLAIN else error["msg"]
    return message if secret or not isinstance(given, str | int | float) else f"{message}, not {given!r}"


def _none_of(given: object, known: list[str]) -> str:
    meant = nearest(given.lower(), known) if isinstance(given, str) else ""
    return f"{given!r} is not one of {', '.join(known)}{meant}"
