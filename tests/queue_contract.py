"""The laws of a queue of promises, as one function that runs against any: the fake, and the store on each database.

run_queue_contract(queue, add)     add(key, channel, payload, at) -> id makes a promise
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from alerts.promise import Queue

AT = datetime(2026, 1, 29, 12, tzinfo=UTC)
SOON = AT + timedelta(minutes=1)
Add = Callable[[str, str, str, datetime], int]


def run_queue_contract(queue: Queue, add: Add) -> None:
    """Run every law; the queue is empty at the start and at the end."""
    assert list(queue.channels()) == []
    first = add("digest:desk:1", "desk", "{}", AT)
    second = add("digest:desk:2", "desk", "{}", SOON)
    other = add("digest:lab:1", "lab", "{}", AT)
    assert set(queue.channels()) == {"desk", "lab"}
    following = queue.head("desk", after=first)
    assert following is not None
    assert (following.id, queue.head("desk", after=second)) == (second, None)
    _a_new_promise_is_whole(queue, first)
    _an_attempt_is_remembered_until_its_outcome_is_known(queue, first)
    _a_refused_form_is_plainer_next_time(queue, first)
    _what_needs_an_operator_says_so(queue, first)
    _parts_advance_and_the_first_names_the_promise(queue, first, second)
    queue.advance(second, at=SOON, remote="2.0", link=None, done=True)
    queue.advance(other, at=SOON, remote="3.0", link=None, done=True)
    assert list(queue.channels()) == []
    assert queue.head("desk") is None
    assert queue.head("nowhere") is None


def _a_new_promise_is_whole(queue: Queue, first: int) -> None:
    head = queue.head("desk")
    assert head is not None
    assert (head.id, head.key, head.channel, head.payload) == (first, "digest:desk:1", "desk", "{}")
    assert head.promised_at == AT
    assert (head.part, head.level, head.attempts, head.held) == (0, 0, 0, False)
    assert (head.attempted_at, head.not_before, head.remote, head.link) == (None, None, None, None)
    assert queue.remote_of("digest:desk:1") is None


def _an_attempt_is_remembered_until_its_outcome_is_known(queue: Queue, first: int) -> None:
    queue.begin(first, at=AT)
    head = queue.head("desk")
    assert head is not None
    assert (head.attempted_at, head.attempts) == (AT, 1)
    queue.later(first, until=SOON, error="timed out", unknown=True)
    head = queue.head("desk")
    assert head is not None
    assert (head.attempted_at, head.not_before, head.error) == (AT, SOON, "timed out")
    queue.begin(first, at=SOON)
    queue.later(first, until=SOON, error="rate limited", unknown=False)
    head = queue.head("desk")
    assert head is not None
    assert (head.attempted_at, head.attempts, head.error) == (None, 2, "rate limited")


def _a_refused_form_is_plainer_next_time(queue: Queue, first: int) -> None:
    queue.begin(first, at=SOON)
    queue.plainer(first, error="invalid_blocks")
    head = queue.head("desk")
    assert head is not None
    assert (head.level, head.attempted_at, head.error) == (1, None, "invalid_blocks")


def _what_needs_an_operator_says_so(queue: Queue, first: int) -> None:
    queue.begin(first, at=SOON)
    queue.hold(first, until=SOON, error="is_archived", cure="unarchive it", unknown=False)
    head = queue.head("desk")
    assert head is not None
    assert (head.held, head.error, head.cure, head.attempted_at) == (True, "is_archived", "unarchive it", None)
    queue.begin(first, at=SOON)
    queue.hold(first, until=SOON, error="invalid_auth", cure="a new token", unknown=True)
    head = queue.head("desk")
    assert head is not None
    assert (head.held, head.attempted_at) == (True, SOON)
    queue.begin(first, at=SOON)  # mended, and refused for its form now: the plainer one waits no more
    queue.plainer(first, error="invalid_blocks")
    head = queue.head("desk")
    assert head is not None
    assert (head.held, head.not_before) == (False, None)


def _parts_advance_and_the_first_names_the_promise(queue: Queue, first: int, second: int) -> None:
    queue.advance(first, at=SOON, remote="1.0", link="https://slack.example/1", done=False)
    head = queue.head("desk")
    assert head is not None
    assert (head.id, head.part, head.level, head.attempts) == (first, 1, 0, 0)
    assert (head.attempted_at, head.not_before, head.held, head.error, head.cure) == (None, None, False, "", "")
    assert (head.remote, head.link) == ("1.0", "https://slack.example/1")
    queue.advance(first, at=SOON, remote="1.1", link=None, done=True)
    assert queue.remote_of("digest:desk:1") == "1.0"
    head = queue.head("desk")
    assert head is not None
    assert head.id == second
