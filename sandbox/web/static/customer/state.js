// The customer's app: what it knows, and what can be done with it. Screens draw it.
import { api, newKey, place, query } from "../lib/api.js";
import { remember, remembered } from "../lib/texts.js";
import { batch, computed, focusHeading, signal } from "../lib/view.js";
import { settle, worker } from "../lib/work.js";

export const mina = api("customer");
export const work = worker();
export const screen = signal("browse");
export const wish = signal({ fulfilment: "delivery", words: "", openNow: true });
export const found = signal(null); // { stores, cursor }
export const store = signal(null); // the one that is looked at: { ...nearby store, menu }
export const dish = signal(null); // { item, options, quantity, note, missing }
export const basket = signal({ store: null, lines: [] });
export const quote = signal(null);
export const issues = signal([]);
export const method = signal("card");
export const methods = signal(["card"]);
export const note = signal("");
export const code = signal(""); // of a promotion
export const count = computed(() => basket.value.lines.reduce((sum, one) => sum + one.quantity, 0));

let asked = 0;
let priced = 0;

export function go(to) {
  batch(() => {
    screen.value = to;
    work.problem.value = null;
  });
  document.querySelector("#customer .screen")?.scrollTo(0, 0);
  focusHeading("customer");
}

// --- stores --------------------------------------------------------------------------------------

/** Look for stores, as the wish says; `more` adds the next page. */
export async function look(more = false) {
  const number = ++asked;
  const { fulfilment, words, openNow } = wish.value;
  const [lon, lat] = place.home.location.coordinates;
  const cursor = more ? found.value.cursor : undefined;
  const path = words.trim()
    ? `/v1/search${query({ q: words.trim(), city: place.city, lat, lon, limit: 20, cursor })}`
    : `/v1/stores/nearby${query({ lat, lon, fulfilment, open_now: openNow, limit: 20, cursor })}`;
  const page = await api("").get(path);
  if (number !== asked) return;
  const before = more ? found.value.stores : [];
  found.value = { stores: [...before, ...page.data], cursor: page.next_cursor };
}

export function want(change) {
  wish.value = { ...wish.value, ...change };
  return work.again("look", look);
}

export function open(one) {
  return work.run("open", async () => {
    const menu = await api("").get(`/v1/stores/${one.id}/menu`);
    store.value = { ...one, menu };
    go("store");
  });
}

/** Why an item (or an option of it) cannot be had now, or undefined. */
export function gone(item, group, option) {
  const { menu } = store.value;
  if (item.available === false || option?.available === false) return { why: "sold_out" };
  const category = menu.categories.find((one) => one.items.includes(item));
  return menu.unavailable.find(
    (one) =>
      (one.category_id && one.category_id === category?.id) ||
      (one.item_id === item.id && (one.group_id ? one.option_id === option?.id && one.group_id === group?.id : true)),
  );
}

// --- a dish --------------------------------------------------------------------------------------

export function choose(item) {
  const options = Object.fromEntries(item.option_groups.map((group) => [group.id, []]));
  dish.value = { item, options, quantity: 1, note: "", missing: [] };
  go("dish");
}

/** Take an option, or leave it; of a group of one the other is left. */
export function take(group, option, taken) {
  const before = dish.value.options[group.id].filter((one) => one !== option);
  const kept = group.max === 1 ? [] : before;
  const options = { ...dish.value.options, [group.id]: taken ? [...kept, option] : before };
  const missing = dish.value.missing.filter((id) => id !== group.id);
  dish.value = { ...dish.value, options, missing };
}

/** Put the dish into the basket, unless something of it is still to be chosen. */
export function add() {
  const { item, options, quantity, note: said } = dish.value;
  const groups = item.option_groups;
  const missing = groups.filter((one) => options[one.id].length < one.min).map((one) => one.id);
  if (missing.length) {
    dish.value = { ...dish.value, missing };
    setTimeout(() => document.querySelector(`#group-${missing[0]} input`)?.focus());
    return;
  }
  const kept = Object.fromEntries(Object.entries(options).filter(([, some]) => some.length));
  const line = { item, options: kept, quantity, note: said };
  const same = basket.value.store?.id === store.value.id ? basket.value.lines : [];
  basket.value = { store: store.value, lines: [...same, line] };
  go("store");
}

// --- the basket ----------------------------------------------------------------------------------

export function change(index, quantity) {
  const lines = basket.value.lines.map((one, at) => (at === index ? { ...one, quantity } : one));
  basket.value = { ...basket.value, lines: lines.filter((one) => one.quantity > 0) };
  return price();
}

/** Ask what it costs. Every problem is told at once, before anything is paid. */
export function price() {
  quote.value = null;
  issues.value = [];
  const { store: from, lines } = basket.value;
  if (!lines.length) return undefined;
  const { fulfilment } = wish.value;
  const items = lines.map((one) => ({
    item_id: one.item.id,
    quantity: one.quantity,
    options: one.options,
    ...(one.note && { note: one.note }),
  }));
  const request = { store_id: from.id, fulfilment, items };
  if (fulfilment === "delivery") request.drop_off = place.home;
  if (note.value) request.note = note.value;
  if (code.value) request.codes = [code.value];
  const number = ++priced;
  return work.again("price", async () => {
    try {
      const answer = await mina.post("/v1/quotes", request);
      await offered(answer.total.currency);
      if (number === priced) quote.value = answer;
    } catch (refused) {
      if (!refused.errors?.length) throw refused;
      if (number === priced) issues.value = refused.errors;
    }
  });
}

/** The ways to pay that a person at this page has. */
async function offered(currency) {
  const { options } = await mina.get(`/v1/payment-options${query({ currency })}`);
  const kept = options.map((one) => one.method).filter((one) => one !== "balance");
  settle(methods, place.real_stripe ? kept.filter((one) => one === "cash") : kept);
  if (!methods.value.includes(method.value)) method.value = methods.value[0];
}

/** Order what was priced. The key is the quote's: it is one order, however often it is sent. */
export function order() {
  return work.run("order", async () => {
    const { id, priced, minimum_age: age } = quote.value;
    const body = { quote_id: id, payments: [{ method: method.value }], channel: "web" };
    if (age) body.age_told = age;
    const key = (order.keys[id] ??= newKey());
    const placed = await mina.post("/v1/orders", body, { key });
    remember(`fees.${placed.order_id}`, priced.cancellation_fees);
    basket.value = { store: null, lines: [] };
    note.value = code.value = "";
    return placed;
  });
}
order.keys = {};

/** What cancelling costs while an order stands so; undefined where it is not known here. */
export function feeOf(id, status) {
  return remembered(`fees.${id}`)?.find((one) => one.while_status === status)?.fee;
}
