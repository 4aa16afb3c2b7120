// The basket's price by the server's word, and the order that is made of it.
import { newKey, place, query } from "../lib/api.js";
import { remember, remembered } from "../lib/texts.js";
import { signal } from "../lib/view.js";
import { settle } from "../lib/work.js";
import { isGuest } from "./session.js";
import { basket, count, mina, spot, wish, work } from "./state.js";
import { forgetTip } from "./tipping.js";
import { forgetTime, instead, lookInstead, moment } from "./when.js";

const UNTIMELY = new Set(["store_closed", "kitchen_full", "scheduled_too_soon", "store_paused"]);
export const quote = signal(null);
export const issues = signal([]);
export const changed = signal([]); // what is not as it was when this was ordered before
export const method = signal("card"); // a way to pay, or the id of what was saved
export const methods = signal([]); // the ways to pay: { method, may_be_saved }
export const saved = signal([]);
export const saving = signal(false);
export const note = signal("");
export const courierNote = signal("");
export const code = signal(""); // of a promotion
export const tip = signal(0);
let priced = 0;

/** What one had saved, and could pay by, was somebody else's. */
export function forgetWays() {
  methods.value = saved.value = [];
  quote.value = null;
  saving.value = false;
}

export function change(index, quantity) {
  const lines = basket.value.lines.map((one, at) => (at === index ? { ...one, quantity } : one));
  basket.value = { ...basket.value, lines: lines.filter((one) => one.quantity > 0) };
  return price();
}

/** Couriers of the platform may be tipped with the order; whom a store sends, it pays itself. */
export const mayTip = () =>
  wish.value.fulfilment === "delivery" && basket.value.store?.about.delivered_by === "platform";

function wanted() {
  const { store: from, lines } = basket.value;
  const { fulfilment } = wish.value;
  const items = lines.map((one) => ({
    item_id: one.item.id,
    quantity: one.quantity,
    options: one.options,
    ...(one.note && { note: one.note }),
  }));
  const request = { store_id: from.id, fulfilment, items };
  if (fulfilment === "delivery") {
    if (spot.value?.id) request.address_id = spot.value.id;
    else request.drop_off = place.home;
    if (courierNote.value) request.courier_note = courierNote.value;
  }
  if (mayTip() && tip.value) request.tip = tip.value;
  if (moment.value) request.scheduled_for = moment.value;
  if (note.value) request.note = note.value;
  if (code.value) request.codes = [code.value];
  return request;
}

/** Ask what it costs. Every problem is told at once, before anything is paid. */
export function price() {
  quote.value = null;
  issues.value = [];
  instead.value = [];
  if (!basket.value.lines.length) return undefined;
  const request = wanted();
  const number = ++priced;
  return work.again("price", async () => {
    try {
      const answer = await mina.post("/v1/quotes", request);
      await offered(answer.total.currency);
      if (number === priced) quote.value = answer;
    } catch (refused) {
      if (!refused.errors?.length) throw refused;
      if (number !== priced) return;
      issues.value = refused.errors;
      if (refused.errors.some((one) => UNTIMELY.has(one.code))) await lookInstead();
    }
  });
}

/** A basket that was priced already: what was ordered before, and what of it has changed. */
export async function take(view) {
  priced += 1;
  quote.value = null;
  await offered(view.quote.total.currency);
  issues.value = [];
  changed.value = view.issues;
  quote.value = view.quote;
}

/** The ways to pay that a person at this page has, what they have saved first. */
async function offered(currency) {
  const [{ options }, { items }] = await Promise.all([
    mina.get(`/v1/payment-options${query({ currency })}`),
    isGuest() ? { items: [] } : mina.get("/v1/payment-methods"),
  ]);
  const ways = options.filter((one) => one.method !== "balance" && !(isGuest() && one.method === "cash"));
  const first = !methods.value.length && items.find((one) => one.default);
  settle(methods, place.real_stripe ? ways.filter((one) => one.method === "cash") : ways);
  settle(saved, place.real_stripe ? [] : items);
  const known = [...saved.value.map((one) => one.id), ...methods.value.map((one) => one.method)];
  if (first && known.includes(first.id)) method.value = first.id;
  else if (!known.includes(method.value)) method.value = methods.value[0].method;
}

/** Whether what is chosen to pay with can be kept for the next time. */
export const mayKeep = () => !isGuest() && methods.value.some((one) => one.method === method.value && one.may_be_saved);

function payment() {
  const kept = saved.value.find((one) => one.id === method.value);
  if (kept) return { method: kept.method, method_id: kept.id };
  return { method: method.value, ...(saving.value && mayKeep() && { save: true }) };
}

/** Order what was priced. The key is the quote's: it is one order, however often it is sent. */
export function order() {
  return work.run("order", async () => {
    const { id, priced: told, minimum_age: age } = quote.value;
    const body = { quote_id: id, payments: [payment()], channel: "web" };
    if (age) body.age_told = age;
    const key = (order.keys[id] ??= newKey());
    try {
      const placed = await mina.post("/v1/orders", body, { key });
      remember(`fees.${placed.order_id}`, told.cancellation_fees);
      remember(`paid.${placed.order_id}`, payment().method);
      empty();
      return placed;
    } catch (refused) {
      if (refused.code === "kitchen_full") await lookInstead(refused.body.slots);
      throw refused;
    }
  });
}
order.keys = {};

function empty() {
  basket.value = { store: null, lines: [] };
  note.value = courierNote.value = code.value = "";
  tip.value = 0;
  forgetTip();
  saving.value = false;
  changed.value = [];
  forgetTime();
}

/** What cancelling costs while an order stands so; undefined where it is not known here. */
export function feeOf(id, status) {
  return remembered(`fees.${id}`)?.find((one) => one.while_status === status)?.fee;
}

export const isEmpty = () => count.value === 0;
