// Paying: in a frame of Stripe's own origin. A card's number never comes into this page.
import { place } from "../lib/api.js";
import { heading } from "../lib/frame.js";
import { language, money, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { follow, watch } from "./following.js";
import { go, mina, screen, work } from "./state.js";
import { finishSaving } from "./wallet.js";

const DONE = "stripe-sandbox-done";
const ENOUGH = new Set(["authorized", "captured"]);
/** Held or taken; or, of an order for later, what it is to be charged by is saved. */
const isDone = ({ status, charge_at: later, client_secret: secret }) => ENOUGH.has(status) || (later && !secret);
export const paying = signal(null); // { order, payments, attempt }

addEventListener("message", (event) => {
  if (event.origin !== new URL(place.stripe).origin || event.data !== DONE) return;
  finish();
  finishSaving();
});

/** Pay what is to be confirmed with Stripe; stored value and cash need no confirming. */
export function begin(order, payments, paid = () => {}) {
  follow(order);
  if (!payments.length) return go("order");
  paying.value = { order, payments, attempt: 0, refused: "", paid };
  return go("pay");
}

/** Stripe's page says that it is done: ask how the payment stands, and go on or try again. */
export function finish() {
  if (screen.value !== "pay") return undefined;
  const { order, payments, attempt, paid } = paying.value;
  return work.run("confirm", async () => {
    const view = await mina.post(`/v1/orders/${order}/payments/confirm`);
    const open = new Set(payments.map((one) => one.id));
    const left = view.payments.filter((one) => open.has(one.id) && !isDone(one));
    if (!left.length) {
      paid();
      watch();
      return go("order");
    }
    const refused = left[0].decline_code ?? left[0].status;
    const rest = payments.filter((one) => left.some(({ id }) => id === one.id));
    paying.value = { order, payments: rest, attempt: attempt + 1, refused, paid };
    return undefined;
  });
}

export function pay() {
  const { payments, attempt, refused } = paying.value;
  const [payment] = payments;
  const asked = new URLSearchParams({ client_secret: payment.client_secret, lang: language.value });
  return html`
    ${heading(t("pay.title", { sum: money(payment.amount.amount, payment.amount.currency) }), () => go("order"))}
    <p class="quiet">${t("pay.where")}</p>
    <div role="status">${refused && html`<p class="issues">${t("pay.refused")}</p>`}</div>
    <iframe key=${`${payment.id}-${attempt}-${language.value}`} class="pay" title=${t("pay.frame")}
      src=${`${place.stripe}/pages/checkout?${asked}`}></iframe>
    <button class="wide" onClick=${finish}>${t("pay.check")}</button>
  `;
}
