// An order on its way: what it stands at, who brings it and where they are, its digits, its end.
import { place } from "../lib/api.js";
import { chosen, heading } from "../lib/frame.js";
import { describe, map } from "../lib/map.js";
import { has, hour, money, named, remember, remembered, t, when } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { lookout, settle } from "../lib/work.js";
import { sums } from "./basket.js";
import { asking, cancelling, delayed, readTerms } from "./ending.js";
import { again } from "./history.js";
import { begin } from "./paying.js";
import { plea } from "./pleading.js";
import { forgetRating, rated, rating, readRating } from "./rating.js";
import { go, mina, screen, work } from "./state.js";
import { tips } from "./tipping.js";
import { bay } from "./waiting.js";

const LOOKS = 4;
const RATED = new Set(["DELIVERED", "PICKED_UP", "CONCLUDED"]);
const STEPS = {
  delivery: ["CREATED", "CONFIRMED", "READY_FOR_PICKUP", "DISPATCHED", "DELIVERED"],
  takeaway: ["CREATED", "CONFIRMED", "READY_FOR_PICKUP", "PICKED_UP"],
  dine_in: ["CREATED", "CONFIRMED", "READY_FOR_PICKUP", "DELIVERED"],
};
const OVER = new Set(["DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"]);
const BROUGHT = new Set(["CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "DISPATCHED"]);
const MAY_CANCEL = new Set(["PENDING_PAYMENT", "CREATED", "CONFIRMED", "PREPARING"]);
const ID = signal(remembered("following"));
export const order = signal(null);
const delivery = signal(null);
const track = signal(null);
const shop = signal(null);
export let watch = () => {};

/** Begin to look after the order that was last followed, now and for as long as the page lives. */
export function begins() {
  watch = lookout(LOOKS, see);
  readTerms().catch(() => {});
}

export function follow(id) {
  remember("following", id);
  ID.value = id;
  for (const one of [order, delivery, track, shop]) one.value = null;
  forgetRating();
  asking.value = false;
  return watch();
}

export function forgetFollowed() {
  remember("following", null);
  for (const one of [ID, order, delivery, track, shop]) one.value = null;
  forgetRating();
}

async function see() {
  const id = ID.value;
  const before = order.value;
  if (!id) return;
  if (before && OVER.has(before.status)) {
    if (screen.value === "order" && rated.value && !rated.value.answer) await readRating(id);
    return;
  }
  const seen = await mina.get(`/v1/orders/${id}`);
  const brought = seen.delivered_by === "platform" && (BROUGHT.has(seen.status) || seen.cancellation?.code === "undeliverable");
  const bringing = brought ? await mina.get(`/v1/orders/${id}/delivery`).catch(() => null) : null;
  const tracked = bringing?.pin
    ? await mina.get(`/v1/orders/${id}/tracking`, { base: place.track })
    : null;
  shop.value ??= await mina.get(`/v1/stores/${seen.store_id}`);
  if (RATED.has(seen.status)) await readRating(id);
  if (id !== ID.value) return;
  settle(order, seen);
  settle(delivery, bringing);
  settle(track, tracked);
}

/** A push came: look at once. */
export const hear = () => void watch();

export function tracking() {
  const seen = order.value;
  if (!seen) return html`${heading(t("wait"), () => go("browse"))}`;
  const { status, fulfilment, promised, total } = seen;
  return html`
    ${heading(named(seen.store_names), () => go("browse"))}
    <p class="state" role="status">${headline(seen)}</p>
    <p class="quiet">${[t("ticket", { id: seen.id.slice(-4) }), t(`fulfilment.${fulfilment}`), ...waits(seen)].join(" · ")}</p>
    ${!OVER.has(status) && html`<p class="promise">${expected(fulfilment, promised)}</p>`}
    ${fulfilment === "takeaway" && !OVER.has(status) && shop.value && html`<p>${t(seen.hand_over_code ? "order.fetch.now" : "order.fetch", { address: shop.value.address })}</p>`}
    ${!OVER.has(status) && remembered(`paid.${seen.id}`) === "cash" && html`<p class="hint">${t("order.cash", { sum: money(total.amount, total.currency) })}</p>`}
    ${status !== "CANCELLED" && progress(fulfilment, status)}
    ${delivery.value?.pin && digits(t("order.pin", who()), delivery.value.pin)}
    ${seen.hand_over_code && digits(t(`order.code.${fulfilment}`), seen.hand_over_code)}
    ${bay(seen)}
    ${MAY_CANCEL.has(status) && delayed(seen)}
    ${seen.cancellation_request?.status === "open" && !OVER.has(status) && asked(seen)}
    ${plea(seen)}
    ${fulfilment === "delivery" && !OVER.has(status) && shop.value && where(seen)}
    ${delivery.value?.choices.length > 0 && nobody(seen)}
    ${status === "PENDING_PAYMENT" && html`<button class="main wide" onClick=${() => resume(seen)}>${t("order.pay")}</button>`}
    <ul class="lines">${seen.lines.map(
      (line) => html`<li><div class="text"><strong>${line.quantity} × ${named(line.names)}</strong>${chosen(line)}</div>
        <span class="price">${money(line.amount, total.currency)}</span></li>`,
    )}</ul>
    ${sums(seen.price, total)}
    ${seen.owed && html`<p class="between"><span>${t("order.owed")}</span><b>${money(seen.owed.amount, seen.owed.currency)}</b></p>`}
    ${(MAY_CANCEL.has(status) || status === "READY_FOR_PICKUP") && cancelling(seen)}
    ${status === "DELIVERED" && seen.delivered_by === "platform" && tips(seen)}
    ${RATED.has(status) && rating(seen)}
    ${OVER.has(status) && html`<button class="wide" onClick=${() => again(seen)}>${t("again")}</button>`}
  `;
}

function headline({ status, cancellation, customer_request: plea, total }) {
  if (status === "CANCELLED" && cancellation) {
    const key = plea?.status === "accepted" ? "plea.accepted" : `cancelled.${cancellation.code}`;
    const back = delivery.value?.return_code;
    const why = has(`back.${back}`) ? t(`back.${back}`) : has(key) ? t(key) : t(`cancelled.by.${cancellation.initiated_by}`);
    const fee = cancellation.fee ? t("cancelled.fee", { fee: money(cancellation.fee, total.currency) }) : t("cancelled.free");
    return `${t("status.CANCELLED")}. ${why} ${fee}`;
  }
  const bringing = delivery.value?.status;
  return bringing && has(`bringing.${bringing}`) ? t(`bringing.${bringing}`, who()) : t(`status.${status}`);
}

/** Until when somebody else, or the customer, has to act. */
function waits({ status, due_at: due }) {
  return due && has(`due.${status}`) ? [t(`due.${status}`, { hour: hour(due) })] : [];
}

const who = () => ({ name: delivery.value?.courier?.given_name ?? "" });

function expected(fulfilment, { begins, ends }) {
  const arrives = track.value?.arrives_at;
  if (arrives) return t("order.arrives", { hour: hour(arrives) });
  const from = when(begins);
  return from === hour(begins)
    ? t(`promise.${fulfilment}`, { from, to: hour(ends) })
    : t(`later.${fulfilment}`, { when: `${from}–${hour(ends)}` });
}

function progress(fulfilment, status) {
  const steps = STEPS[fulfilment];
  const at = steps.indexOf({ PREPARING: "CONFIRMED", CONCLUDED: steps.at(-1) }[status] ?? status);
  return html`<ol class="steps" aria-label=${t("order.steps")}>
    ${steps.map(
      (step, index) => html`<li class=${index <= at ? "done" : ""} aria-current=${index === at ? "step" : undefined}>
        <span>${t(`step.${step}`)}</span>
      </li>`,
    )}
  </ol>`;
}

/** Four digits that only the customer knows, and to whom they say them. */
function digits(words, code) {
  return html`<div class="pin">
    <p>${words}</p>
    <strong data-pin=${code} aria-label=${[...code].join(" ")}>${code}</strong>
  </div>`;
}

function where({ drop_off: drop }) {
  const home = (drop ?? place.home).location.coordinates;
  const store = shop.value.location.coordinates;
  const courier = track.value?.position?.location.coordinates;
  const marks = [
    { kind: "store", at: store },
    { kind: "home", at: home },
    { kind: "courier", at: courier },
  ];
  return map({ frame: [home, store], marks, label: describe(courier ? "carried" : "waiting", who()) });
}

function nobody({ id }) {
  return html`<div class="issues">
    <h4>${t("nobody.title")}</h4>
    <div class="row">${delivery.value.choices.map(
      (choice) => html`<button onClick=${() => work.run("choice", async () => {
        await mina.post(`/v1/orders/${id}/no-courier`, { choice });
        await watch();
      })}>${t(`nobody.${choice}`)}</button>`,
    )}</div>
  </div>`;
}

/** The store cannot go on, and asks: agreeing costs nothing, nor does insisting. */
function asked({ id, cancellation_request: request }) {
  const key = `reject.${request.code}`;
  const answer = (way) => work.run("answer", async () => settle(order, await mina.post(`/v1/orders/${id}/${way}`)));
  return html`<div class="issues" role="group" aria-label=${t("asked.title")}>
    <p role="status">${t("asked.title")} ${has(key) && t(key)}</p>
    <p class="quiet">${t("asked.until", { hour: hour(request.answer_by) })}</p>
    <div class="row">
      <button onClick=${() => answer("accept-cancellation")}>${t("asked.accept")}</button>
      <button onClick=${() => answer("deny-cancellation")}>${t("asked.deny")}</button>
    </div>
  </div>`;
}

/** Pay an order that was left at Stripe's page. */
function resume({ id }) {
  return work.run("resume", async () => {
    const { payments } = await mina.get(`/v1/orders/${id}/payments`);
    begin(id, payments.filter((one) => one.client_secret));
  });
}

export const isOpen = () => Boolean(order.value) && !OVER.has(order.value.status) && screen.value !== "order";
export const openTitle = () => `${t(`status.${order.value.status}`)} · ${named(order.value.store_names)}`;
