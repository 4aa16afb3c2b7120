"""The pages a customer sees: the bank's challenge, the wallet, and a small pay page.

Each is a plain form, so that `curl -d outcome=approve` does what a click does.
"""

from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.stripe.money import shown
from sandbox.stripe.page_words import LANGUAGES, Words
from sandbox.stripe.store import Json

_STYLE = """
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"Apple SD Gothic Neo","Noto Sans KR",sans-serif;color:#1f2430;
max-width:26rem;margin:0 auto;padding:1.1rem}
h1{font-size:1.15rem;margin:0 0 .3rem} .sum{font-size:1.8rem;font-weight:700;margin:0 0 .8rem}
small,.tests{color:#565d6b;font-size:.85rem} label{display:block;font-size:.9rem;color:#454c5a}
.three{display:flex;gap:.6rem} .three label{flex:1}
button{font:inherit;padding:.6rem 1rem;margin:.2rem .4rem .2rem 0;border:1px solid #a9afbd;
border-radius:.7rem;background:#fff;color:inherit;cursor:pointer}
button.yes{background:#4a3fc4;border-color:#4a3fc4;color:#fff;font-weight:650}
form#pay>button.yes{width:100%;padding:.8rem}
.tests button{padding:.15rem .6rem;font-size:.85rem}
input,select{font:inherit;color:inherit;background:#fff;width:100%;padding:.55rem .7rem;
margin:.15rem 0 .7rem;border:1px solid #a9afbd;border-radius:.7rem}
:focus-visible{outline:3px solid #4a3fc4;outline-offset:2px}
[role=status]{min-height:1.5rem;margin:.6rem 0} [hidden]{display:none!important}
"""
_TESTS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 3220", "asks"),
    ("4000 0000 0000 0002", "declines"),
)
_EN = LANGUAGES["en"]


def challenge(intent: Json, words: Words = _EN) -> str:
    """3-D Secure: the bank asks whether it is really the customer."""
    choices = _choices(("approve", "fail"), {"approve": words["approve"], "fail": words["fail"]})
    return _page(words["bank"], f"{_sum(intent, words)}{choices}", words)


def wallet(intent: Json, kind: str, words: Words = _EN) -> str:
    """The wallet's own page."""
    choices = _choices(
        ("approve", "decline", "processing", "leave"), {**words, "approve": words["pay"]}
    )
    title = words["wallet"].format(kind=words.get(kind, kind))
    return _page(title, f"{_sum(intent, words)}{choices}", words)


def done(words: Words = _EN) -> str:
    """For a page without a way back: it tells the page that opened it."""
    body = f'<p role="status">{words["thanks"]}</p><script src="/js/done.js"></script>'
    return _page(words["done"], body, words)


def gone(words: Words = _EN) -> str:
    return _page(words["gone"], f"<p>{words['waits']}</p>", words)


def checkout(intent: Json, return_url: str, words: Words = _EN, saved: Json | None = None) -> str:
    """A pay page for a person; the card's number goes to this origin only.

    `saved`: the method that the intent names already, which needs no typing.
    """
    kinds = [*(["saved"] if saved else []), *intent["payment_method_types"]]
    names = {**words, "saved": _looks(saved, words) if saved else ""}
    options = "".join(
        f'<option value="{escape(kind)}">{escape(names.get(kind, kind))}</option>' for kind in kinds
    )
    verb = "pay" if "amount" in intent else "keep"
    tests = " ".join(
        f'<button type="button" data-card="{number}">{number[-4:]} {words[what]}</button>'
        for number, what in _TESTS
    )
    card = "" if "card" in kinds[:1] else " hidden"
    form = f"""{_sum(intent, words)}
<form id="pay" data-secret="{escape(intent["client_secret"])}" data-back="{escape(return_url)}"
 data-wait="{words["wait"]}" data-thanks="{words["thanks"]}">
<label{" hidden" if len(kinds) == 1 else ""}>{words["with"]} <select name="kind">{options}</select>
</label>
<div id="card"{card}>
<label>{words["number"]} <input name="number" value="4242 4242 4242 4242" inputmode="numeric"
 autocomplete="off"></label>
<div class="three">
<label>{words["month"]} <input name="exp_month" value="12" inputmode="numeric"></label>
<label>{words["year"]} <input name="exp_year" value="2040" inputmode="numeric"></label>
<label>{words["cvc"]} <input name="cvc" value="123" inputmode="numeric"></label>
</div>
<p class="tests">{words["tests"]}: {tests}</p>
</div>
<button class="yes">{words[verb]}</button></form><p role="status"></p>
<script src="/js/stripe.js"></script><script src="/js/checkout.js"></script>"""
    return _page(words[verb], form, words)


def _looks(method: Json, words: Words) -> str:
    card = method.get("card") or {}
    name = words.get(method["type"], method["type"])
    return f"{name} ···· {card['last4']}" if card.get("last4") else name


def way_back(intent: Json, before: Json) -> str | None:
    """Where the customer returns to, with what Stripe adds to it; None without a return_url."""
    redirect: Json | None = (before.get("next_action") or {}).get("redirect_to_url")
    if redirect is None:
        return None
    setup = intent["object"] == "setup_intent"
    name = "setup_intent" if setup else "payment_intent"
    good = intent["status"] in {"succeeded", "requires_capture"}
    status = "succeeded" if good else "pending" if intent["status"] == "processing" else "failed"
    added = {
        name: intent["id"],
        f"{name}_client_secret": intent["client_secret"],
        "redirect_status": status,
    }
    parts = urlsplit(redirect["return_url"])
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def _sum(intent: Json, words: Words) -> str:
    if "amount" not in intent:
        return f"<p>{words['save']}</p>"
    coin = intent["currency"]
    amount = shown(intent["amount"], coin)
    if coin == "krw":
        amount = f"₩{amount.removesuffix(' krw')}"
    return f'<p class="sum">{escape(amount)}</p>'


def _choices(outcomes: tuple[str, ...], words: Words) -> str:
    inner = "".join(
        f'<button name="outcome" value="{outcome}"{" class=yes" if outcome == "approve" else ""}>'
        f"{words[outcome]}</button>"
        for outcome in outcomes
    )
    return f'<form method="post">{inner}</form>'


def _page(title: str, body: str, words: Words) -> str:
    return (
        f'<!doctype html><html lang="{words["lang"]}"><meta charset="utf-8">'
        f'<title>{escape(title)}</title><meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><main><h1>{escape(title)}</h1>{body}"
        f"<p><small>{words['sandbox']}</small></p></main></html>"
    )
