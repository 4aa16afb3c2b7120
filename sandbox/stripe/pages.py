"""The pages a customer sees: the bank's challenge, the wallet, and a small pay page.

Each is a plain form, so that `curl -d outcome=approve` does what a click does.
"""

from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.stripe.money import shown
from sandbox.stripe.store import Json

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#222}
h1{font-size:1.2rem} .sum{font-size:1.8rem;font-weight:600} small{color:#555}
button{font:inherit;padding:.6rem 1rem;margin:.2rem .4rem .2rem 0;border:1px solid #888;
border-radius:.4rem;background:#fff;cursor:pointer} button.yes{background:#1a56db;color:#fff}
input,select{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.2rem 0 .8rem}
[role=status]{min-height:1.5rem}
"""


def challenge(intent: Json) -> str:
    """3-D Secure: the bank asks whether it is really the customer."""
    choices = _choices({"approve": "Approve", "fail": "Fail"})
    return _page("Your bank asks: is it you?", f"{_sum(intent)}{choices}")


def wallet(intent: Json, kind: str) -> str:
    """The wallet's own page."""
    choices = _choices(
        {
            "approve": "Pay",
            "decline": "Decline",
            "processing": "Pay, slowly",
            "leave": "Walk away",
        }
    )
    return _page(f"Pay with {kind}", f"{_sum(intent)}{choices}")


def done(outcome: str) -> str:
    """For a page without a way back: it tells the page that opened it."""
    body = f"<p role=status>Thank you: {escape(outcome)}. You may close this page.</p>"
    return _page("Done", f'{body}<script src="/js/done.js"></script>')


def gone() -> str:
    return _page("Nothing to do here", "<p>This payment does not wait for you.</p>")


def checkout(intent: Json, return_url: str) -> str:
    """A pay page for a person; the card's number goes to this origin only."""
    options = "".join(
        f'<option value="{escape(kind)}">{escape(kind)}</option>'
        for kind in intent["payment_method_types"]
    )
    form = f"""{_sum(intent)}
<form id="pay" data-secret="{escape(intent["client_secret"])}" data-back="{escape(return_url)}">
<label>Pay with <select name="kind">{options}</select></label>
<div id="card">
<label>Card number <input name="number" value="4242 4242 4242 4242" inputmode="numeric"
 autocomplete="off"></label>
<label>Month <input name="exp_month" value="12" inputmode="numeric"></label>
<label>Year <input name="exp_year" value="2040" inputmode="numeric"></label>
<label>Security code <input name="cvc" value="123" inputmode="numeric"></label>
</div>
<button class="yes">Pay</button></form><p role="status"></p>
<script src="/js/stripe.js"></script><script src="/js/checkout.js"></script>"""
    return _page("Pay", form)


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


def _sum(intent: Json) -> str:
    if "amount" not in intent:
        return "<p>Save this payment method for later.</p>"
    amount = shown(intent["amount"], intent["currency"])
    return f'<p class="sum">{escape(amount)}</p><p><small>{escape(intent["id"])}</small></p>'


def _choices(buttons: dict[str, str]) -> str:
    inner = "".join(
        f'<button name="outcome" value="{value}"{" class=yes" if value == "approve" else ""}>'
        f"{escape(label)}</button>"
        for value, label in buttons.items()
    )
    return f'<form method="post">{inner}</form>'


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{body}<p><small>Sandbox: no money moves.</small></p></main>"
    )
