"""What Slack accepts as a message: pure checks, from the parameters of a post to what Slack would complain about.

Slack has no published schema; these are its documented limits (docs.slack.dev/reference/block-kit, November 2026) and
two that are not documented but met in the field: a header refuses mrkdwn, and all blocks together may hold only about
12,000 characters (`msg_blocks_too_long` near 11,000-13,000; slackapi/bolt-js #2509, #2867). Every block and every
object is closed: a key that is not listed is refused, as Slack does, which catches a misspelt key that a lenient fake
would let through. Message formatting is read as Slack reads it, so that an unescaped `<!channel>` counts as a
mention.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

BLOCKS = 50
TOTAL = 12_000  # undocumented; see above
TEXT = 40_000
METADATA_BYTES = 16_000  # Slack says only "metadata_too_large"; the figure is ours

Found = Iterator[str]
Where = str


def refusal(message: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """Return Slack's error for a message (`text`, `blocks`, `metadata`, …) and its details, or None."""
    text, blocks = message.get("text") or "", message.get("blocks") or []
    if not isinstance(text, str) or not isinstance(blocks, list):
        return "invalid_arguments", ["text is a string and blocks is a list"]
    if not text.strip() and not blocks and not message.get("attachments"):
        return "no_text", []
    if len(text) > TEXT:
        return "msg_too_long", []
    if problems := list(_blocks(blocks)):
        return "invalid_blocks", problems
    if (total := sum(len(part) for part in readable(blocks))) > TOTAL:
        return "msg_blocks_too_long", [f"{total} characters over all blocks"]
    return _metadata(message.get("metadata"))


def readable(node: object) -> Iterator[str]:
    """Every text of the blocks that a reader would see, and every address, in order."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in {"text", "alt_text", "url"} and isinstance(value, str):
                yield value
            else:
                yield from readable(value)
    elif isinstance(node, list):
        for value in node:
            yield from readable(value)


def formatted(node: object) -> Iterator[str]:
    """Every text of the blocks that Slack parses for mentions and links: mrkdwn, never plain_text."""
    if isinstance(node, Mapping):
        if node.get("type") in {"mrkdwn", "markdown"} and isinstance(node.get("text"), str):
            if not node.get("verbatim"):
                yield str(node["text"])
        else:
            for value in node.values():
                yield from formatted(value)
    elif isinstance(node, list):
        for value in node:
            yield from formatted(value)


_MENTION = re.compile(r"<(!(?:channel|here|everyone)\b|!subteam\^\w+|[@][UWB]\w+|#C\w+)(?:\|[^>]*)?>")


def mentions(message: Mapping[str, Any]) -> list[str]:
    """Who would be called by a message: `!channel`, `!here`, `@U…`; a bare @channel counts where names are linked."""
    texts = [str(message.get("text") or ""), *formatted(message.get("blocks") or [])]
    found = [match[1] for text in texts for match in _MENTION.finditer(text)]
    found += _called(message.get("blocks") or [])
    if message.get("link_names") or message.get("parse") == "full":
        found += [f"!{match[1]}" for text in texts for match in re.finditer(r"(?<!\w)@(channel|here|everyone)\b", text)]
    return found


def _called(node: object) -> Iterator[str]:
    """Whom the elements of rich text call."""
    if isinstance(node, list):
        for value in node:
            yield from _called(value)
    elif isinstance(node, Mapping):
        kind = node.get("type")
        if kind in {"user", "usergroup", "broadcast"}:
            yield f"!{node.get('range')}" if kind == "broadcast" else f"@{node.get(f'{kind}_id')}"
        yield from _called(node.get("elements"))


def _metadata(metadata: object) -> tuple[str, list[str]] | None:
    if metadata is None:
        return None
    if not isinstance(metadata, Mapping) or set(metadata) - {"event_type", "event_payload", "entities"}:
        return "invalid_metadata_format", ["event_type and event_payload are expected"]
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z0-9_]+", kind) or not isinstance(payload, Mapping):
        return "invalid_metadata_format", ["event_type is letters, digits and _; event_payload is an object"]
    return ("metadata_too_large", []) if len(json.dumps(metadata)) > METADATA_BYTES else None


def _blocks(blocks: list[Any]) -> Found:
    if len(blocks) > BLOCKS:
        yield f"no more than {BLOCKS} items allowed [json-pointer:/blocks]"
    ids: set[str] = set()
    for number, block in enumerate(blocks):
        where = f"/blocks/{number}"
        yield from _typed(block, where, _BLOCKS)
        if isinstance(block, Mapping) and (name := block.get("block_id")):
            if name in ids:
                yield f"block_id {name!r} already exists [json-pointer:{where}/block_id]"
            ids.add(str(name))
    yield from _over_all(blocks)


def _over_all(blocks: list[Any]) -> Found:
    kinds = [block.get("type") for block in blocks if isinstance(block, Mapping)]
    for kind, most in (("data_visualization", 2), ("table", 1)):
        if kinds.count(kind) > most:
            yield f"no more than {most} {kind} blocks in a message [json-pointer:/blocks]"
    if sum(len(str(block.get("text"))) for block in blocks if _is_markdown(block)) > TOTAL:
        yield "markdown blocks hold more than 12000 characters together [json-pointer:/blocks]"


def _is_markdown(block: object) -> bool:
    return isinstance(block, Mapping) and block.get("type") == "markdown"


Check = Callable[[Any, Where], Found]
Shape = Mapping[str, tuple[bool, Check]]  # key -> is it required, and its check


def _typed(value: object, where: Where, shapes: Mapping[str, Shape]) -> Found:
    if not isinstance(value, Mapping):
        yield f"must be an object [json-pointer:{where}]"
        return
    shape = shapes.get(str(value.get("type")))
    if shape is None:
        yield f"unsupported type: {value.get('type')} [json-pointer:{where}/type]"
        return
    for key in value:
        if key not in shape and key not in {"type", "block_id"}:
            yield f"additional property is not allowed: {key} [json-pointer:{where}/{key}]"
    for key, (required, check) in shape.items():
        if key in value:
            yield from check(value[key], f"{where}/{key}")
        elif required:
            yield f"missing required field: {key} [json-pointer:{where}]"
    yield from _more(value, where)


def _more(value: Mapping[str, Any], where: Where) -> Found:
    if value["type"] == "section" and not value.get("text") and not value.get("fields"):
        yield f"either text or fields is required [json-pointer:{where}]"
    if "block_id" in value:
        yield from _string(255)(value["block_id"], f"{where}/block_id")


def _string(most: int) -> Check:
    def check(value: object, where: Where) -> Found:
        if not isinstance(value, str):
            yield f"must be a string [json-pointer:{where}]"
        elif not value:
            yield f"must be more than 0 characters [json-pointer:{where}]"
        elif len(value) > most:
            yield f"must be less than {most + 1} characters [json-pointer:{where}]"

    return check


def _text(most: int, *kinds: str) -> Check:
    shape = {"text": (True, _string(most))}
    shapes: dict[str, Shape] = {
        "plain_text": shape | {"emoji": (False, _boolean)},
        "mrkdwn": shape | {"verbatim": (False, _boolean)},
    }
    allowed = {kind: shapes[kind] for kind in kinds or tuple(shapes)}

    def check(value: object, where: Where) -> Found:
        yield from _typed(value, where, allowed)

    return check


def _list(most: int, each: Check, least: int = 1) -> Check:
    def check(value: object, where: Where) -> Found:
        if not isinstance(value, list):
            yield f"must be a list [json-pointer:{where}]"
            return
        if not least <= len(value) <= most:
            yield f"must have {least} to {most} items, not {len(value)} [json-pointer:{where}]"
        for number, item in enumerate(value):
            yield from each(item, f"{where}/{number}")

    return check


def _boolean(value: object, where: Where) -> Found:
    if not isinstance(value, bool):
        yield f"must be a boolean [json-pointer:{where}]"


def _any(value: object, where: Where) -> Found:  # noqa: ARG001  (the signature of a Check)
    yield from ()


def _one_of(shapes: Mapping[str, Shape]) -> Check:
    def check(value: object, where: Where) -> Found:
        yield from _typed(value, where, shapes)

    return check


def _option(value: object, where: Where) -> Found:
    shape: Shape = {
        "text": (True, _text(75)),
        "value": (True, _string(150)),
        "description": (False, _text(75)),
        "url": (False, _string(3000)),
    }
    yield from _typed({"type": "option", **value} if isinstance(value, Mapping) else value, where, {"option": shape})


_IMAGE: Shape = {"image_url": (True, _string(3000)), "alt_text": (True, _string(2000))}
_ACTION: Shape = {"action_id": (False, _string(255)), "confirm": (False, _any)}
_ELEMENTS: dict[str, Shape] = {
    "button": {
        **_ACTION,
        "text": (True, _text(75, "plain_text")),
        "url": (False, _string(3000)),
        "value": (False, _string(2000)),
        "style": (False, _string(7)),
        "accessibility_label": (False, _string(75)),
    },
    "overflow": {**_ACTION, "options": (True, _list(5, _option))},
    "static_select": {
        **_ACTION,
        "placeholder": (False, _text(150, "plain_text")),
        "options": (True, _list(100, _option)),
        "initial_option": (False, _option),
        "focus_on_load": (False, _boolean),
    },
    "checkboxes": {**_ACTION, "options": (True, _list(10, _option)), "initial_options": (False, _list(10, _option))},
    "radio_buttons": {**_ACTION, "options": (True, _list(10, _option)), "initial_option": (False, _option)},
}
_CONTEXT: dict[str, Shape] = {
    "image": _IMAGE,
    "plain_text": {"text": (True, _string(3000)), "emoji": (False, _boolean)},
    "mrkdwn": {"text": (True, _string(3000)), "verbatim": (False, _boolean)},
}
_STYLE: Shape = {"style": (False, _any)}
_INLINE: dict[str, Shape] = {
    "text": {**_STYLE, "text": (True, _string(3000))},
    "link": {**_STYLE, "url": (True, _string(3000)), "text": (False, _string(3000)), "unsafe": (False, _boolean)},
    "emoji": {**_STYLE, "name": (True, _string(255)), "unicode": (False, _string(255))},
    "user": {**_STYLE, "user_id": (True, _string(255))},
    "usergroup": {**_STYLE, "usergroup_id": (True, _string(255))},
    "channel": {**_STYLE, "channel_id": (True, _string(255))},
    "broadcast": {**_STYLE, "range": (True, _string(8))},
    "date": {**_STYLE, "timestamp": (True, _any), "format": (True, _string(255)), "fallback": (False, _string(3000))},
}
_SPANS: Shape = {"elements": (True, _list(1000, _one_of(_INLINE), least=0)), "border": (False, _any)}
_RICH: dict[str, Shape] = {
    "rich_text_section": _SPANS,
    "rich_text_quote": _SPANS,
    "rich_text_preformatted": _SPANS,
    "rich_text_list": {
        "style": (True, _string(7)),
        "elements": (True, _list(1000, _one_of({"rich_text_section": _SPANS}))),
        "indent": (False, _any),
        "offset": (False, _any),
        "border": (False, _any),
    },
}
_BLOCKS: dict[str, Shape] = {
    "header": {"text": (True, _text(150, "plain_text")), "level": (False, _any)},
    "section": {
        "text": (False, _text(3000)),
        "fields": (False, _list(10, _text(2000))),
        "accessory": (False, _one_of({**_ELEMENTS, "image": _IMAGE})),
        "expand": (False, _boolean),
    },
    "context": {"elements": (True, _list(10, _one_of(_CONTEXT)))},
    "actions": {"elements": (True, _list(25, _one_of(_ELEMENTS)))},
    "divider": {},
    "image": {**_IMAGE, "title": (False, _text(2000, "plain_text"))},
    "markdown": {"text": (True, _string(12_000))},
    "rich_text": {"elements": (True, _list(1000, _one_of(_RICH)))},
    "table": {"rows": (True, _list(100, _list(20, _any))), "column_settings": (False, _list(20, _any))},
    "data_visualization": {"title": (True, _string(150)), "chart": (True, _any)},
}
