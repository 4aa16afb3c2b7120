"""What the lines of docs/guides stand on: where everything is, and a few helpers for bash.

`make run` keeps them as `.run/city.sh`; tests run every guide's lines after it.
"""

import re
from pathlib import Path

from sandbox import tour
from sandbox.people import CUSTOMERS
from sandbox.tour import Context

NAME = "city.sh"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HELPERS = f"""
# Mina orders tteokbokki for three, takeaway or delivery, and pays: ORDER is its id.
mina_orders() {{
  MINA="Authorization: Bearer $(sign_in {CUSTOMERS[0].email})"
  local quote placed intent secret body
  body='{{"store_id": "'$STORE'", "fulfilment": "'$1'", "items": [
    {{"item_id": "tteokbokki", "quantity": 3, "options": {{"spice": ["mild"]}}}}]'
  [[ $1 == delivery ]] && body+=', "drop_off": '$HOME_OF_MINA
  quote=$(curl -sS "$API/v1/quotes" -H "$MINA" -H "$JSON" -d "$body}}" | pick 'd["id"]')
  placed=$(curl -sS "$API/v1/orders" -H "$MINA" -H "$JSON" -H "Idempotency-Key: $quote" \\
    -d '{{"quote_id": "'$quote'"}}')
  intent=$(echo "$placed" | pick 'd["payments"][0]["intent_id"]')
  secret=$(echo "$placed" | pick 'd["payments"][0]["client_secret"]')
  curl -sS "$STRIPE/v1/payment_intents/$intent/confirm" -u pk_test_ieum_sandbox: \\
    -d client_secret="$secret" -d payment_method=pm_card_visa >/dev/null
  ORDER=$(echo "$placed" | pick 'd["order_id"]')
  curl -sS -X POST "$API/v1/orders/$ORDER/payments/confirm" -H "$MINA" >/dev/null
}}
HOME_OF_MINA='{{"location": {{"type": "Point", "coordinates": [126.9248, 37.5604]}},
  "address": "서울 마포구 동교로 71, 3층"}}'
STORE=$(curl -sS "$API/v1/stores?city=seoul&limit=100" |
  pick 'next(s["id"] for s in d["data"] if "Gimbap" in s["names"]["en"])')
"""


def helpers(context: Context) -> str:
    """A file for bash to read."""
    where, sign_in = (step.command for step in tour.tour(context)[:2])
    phones = f"PHONES='{context.push}'"
    return "\n".join([where, phones, sign_in.partition("\nMINA=")[0], HELPERS])


def save(context: Context, folder: Path) -> None:
    """So that a guide's first line finds it."""
    (folder / NAME).write_text(helpers(context), encoding="utf-8")


def lines(guide: str) -> list[str]:
    """What a guide has its reader type, block by block."""
    return BLOCK.findall(guide)
