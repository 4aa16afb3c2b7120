// The customer's app: what it knows, and what can be done with it. Screens draw it.
import { api, place, query } from "../lib/api.js";
import { batch, computed, focusHeading, signal, toTop } from "../lib/view.js";
import { worker } from "../lib/work.js";

export const mina = api("customer");
export const work = worker();
export const screen = signal("browse");
export const wish = signal({ fulfilment: "delivery", words: "", openNow: true });
export const found = signal(null); // { stores, cursor }
export const store = signal(null); // the one that is looked at: { ...nearby store, about, menu }
export const dish = signal(null); // { item, options, quantity, note, missing }
export const basket = signal({ store: null, lines: [] });
export const spot = signal(null); // where to: { id?, address, location }
export const count = computed(() => basket.value.lines.reduce((sum, one) => sum + one.quantity, 0));

let asked = 0;

export function go(to) {
  batch(() => {
    screen.value = to;
    work.problem.value = null;
  });
  toTop("customer");
  focusHeading("customer");
}

// --- stores --------------------------------------------------------------------------------------

/** Look for stores, as the wish says; `more` adds the next page. */
export async function look(more = false) {
  const number = ++asked;
  const { fulfilment, words, openNow } = wish.value;
  const [lon, lat] = here();
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

/** Where it should go: the place that was chosen, or the sandbox's own. */
export const target = () => spot.value ?? place.home;
export const here = () => target().location.coordinates;

export function open(one) {
  return work.run("open", async () => {
    store.value = await whole(one);
    go("store");
  });
}

/** A store with its menu, and with what it says of itself. */
export async function whole(one) {
  const path = `/v1/stores/${one.id}`;
  const [menu, about, { items }] = await Promise.all(
    [`${path}/menu`, path, `${path}/promotions/offered`].map((each) => api("").get(each)),
  );
  return { ...one, closed: about.closed, currency: about.currency, about, menu, offered: items };
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
