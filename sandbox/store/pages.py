"""The board: every store's orders on one page, made to be read on a phone."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from sandbox.store.inbox import Inbox, Message

ORDER = "ord_"
SHOWN = 20
REFRESH_SECONDS = 3
WORDS: Mapping[str, str] = {
    "CREATED": "New",
    "CONFIRMED": "Confirmed",
    "PREPARING": "Cooking",
    "READY_FOR_PICKUP": "Ready",
    "DISPATCHED": "On its way",
    "PICKED_UP": "Collected",
    "DELIVERED": "Delivered",
    "CONCLUDED": "Done",
    "CANCELLED": "Cancelled",
}
STYLE = """
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { max-width: 30rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0;
  border-bottom: 1px solid #8884; }
code { overflow-wrap: anywhere; font-size: .85rem; }
b { white-space: nowrap; } .new { color: #c2410c; } .over { opacity: .6; }
"""


def board(inbox: Inbox) -> str:
    """All orders by store, the store with the latest news first. Quiet stores are counted."""
    by_store = {store_id: inbox.messages(store_id) for store_id in inbox.stores()}
    busy = sorted(
        (store_id for store_id, messages in by_store.items() if _orders(messages)),
        key=lambda store_id: by_store[store_id][-1].received_at,
        reverse=True,
    )
    sections = [_store(inbox.name(store_id), by_store[store_id]) for store_id in busy]
    quiet = len(by_store) - len(busy)
    sections.append(f"<p>{quiet} {'store is' if quiet == 1 else 'stores are'} quiet.</p>")
    return _page("".join(sections))


def _store(name: str, messages: Sequence[Message]) -> str:
    orders = sorted(_orders(messages), key=lambda one: one.received_at, reverse=True)
    rows = "".join(_row(order) for order in orders[:SHOWN])
    return f"<section><h2>{escape(name)}</h2><ul>{rows}</ul></section>"


def _row(message: Message) -> str:
    status = message.status
    mood = "new" if status == "CREATED" else "over" if status in {"CONCLUDED", "CANCELLED"} else ""
    word = escape(WORDS.get(status, status))
    return f'<li><code>{escape(message.subject)}</code><b class="{mood}">{word}</b></li>'


def _orders(messages: Iterable[Message]) -> list[Message]:
    """The latest word on each order. Messages may arrive in any order: their sequence counts."""
    latest: dict[str, Message] = {}
    for message in messages:
        known = latest.get(message.subject)
        newer = known is None or message.sequence > known.sequence
        if message.subject.startswith(ORDER) and newer:
            latest[message.subject] = message
    return list(latest.values())


def _page(content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
        f"<title>Orders</title><style>{STYLE}</style></head>"
        f"<body><h1>What the stores see</h1>{content}</body></html>"
    )
