// The store's board: which store, its orders, what of its menu is sold out, whether it is paused.
import { api, place, query } from "../lib/api.js";
import { dateIn, remember, remembered } from "../lib/texts.js";
import { focusHeading, signal, toTop } from "../lib/view.js";
import { ring } from "../lib/sound.js";
import { lookout, settle, worker } from "../lib/work.js";

const LOOKS = 5;
const KEPT = 12;
export const OPEN = new Set(["CREATED", "CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "DISPATCHED"]);
export const owner = api("store");
export const work = worker();
export const screen = signal("orders");
export const stores = signal([]);
export const chosen = signal(null);
export const store = signal(null);
export const orders = signal([]);
export const couriers = signal({}); // by order: who comes
export const attention = signal(null); // orders that wait or were missed, the app's beats, the pause
export const systems = signal([]); // webhooks of the store's own, and how they fare
export const returned = signal(0); // when the board's own beat has ended a pause
export const menu = signal(null);
export const returns = signal("next_service_day"); // when what is sold out comes back
export const telling = signal(null); // { id, what }: what is about to be told of an order
const heard = { id: null, until: 0 };
const OF_THE_PLATFORM = new Set(["no_response", "no_heartbeat"]);
let look = () => {};

/** The stores that one may choose between, and the one that was open here before. */
export async function begin() {
  const { data } = await api("").get(`/v1/stores${query({ city: place.city, limit: 100 })}`);
  stores.value = data;
  const before = remembered("store");
  const first = data.find((one) => !one.closed) ?? data[0];
  pick(data.some((one) => one.id === before) ? before : first?.id);
  look = lookout(LOOKS, see);
  addEventListener("pagehide", () => putAway(chosen.value));
}

export function pick(id) {
  if (chosen.value !== id) putAway(chosen.value);
  remember("store", id);
  chosen.value = id;
  store.value = null;
  orders.value = [];
  attention.value = null;
  systems.value = [];
  returned.value = 0;
  menu.value = null;
  open(screen.value);
  look();
}

const open = (to) => (to === "menu" ? work.run("menu", readMenu) : to === "pause" && work.run("systems", readSystems));

export function go(to) {
  screen.value = to;
  open(to);
  toTop("store");
  focusHeading("store");
}

async function see() {
  const id = chosen.value;
  if (!id) return;
  const beaten = await beat(id).catch(() => true); // the next look tries again
  const [about, { items }] = await Promise.all([
    owner.get(`/v1/stores/${id}`),
    owner.get(`/v1/stores/${id}/orders?limit=${KEPT}`),
  ]);
  const asks = beaten || OF_THE_PLATFORM.has(about.pause_reason) || items.some((one) => one.status === "CREATED");
  const seen = asks ? await owner.get(`/v1/stores/${id}/attention`) : attention.value;
  const whole = await Promise.all(items.map(entire));
  const coming = await Promise.all(items.map(courierOf));
  if (id !== chosen.value) return;
  if (beaten && screen.value === "pause") readSystems().catch(() => {});
  settle(store, about);
  settle(attention, seen);
  const known = new Set(orders.value.flatMap(calls));
  if (whole.flatMap(calls).some((one) => !known.has(one))) ring();
  settle(orders, whole);
  settle(couriers, Object.fromEntries(coming.filter(Boolean)));
}

/** What of an order is rung for, once each: it is new, its customer asks to be let go, or waits outside. */
const calls = ({ id, status, customer_request: plea, customer_waits: waits }) => [
  ...(status === "CREATED" ? [id] : []),
  ...(plea?.status === "open" ? [`${id} plea ${plea.number}`] : []),
  ...(waits && OPEN.has(status) ? [`${id} waits ${waits.number}`] : []),
];

/** Say that the board is there, once a minute: its store is paused if it is silent. Whether it did. */
async function beat(id) {
  if (heard.id === id && Date.now() < heard.until) return false;
  const { next_within_seconds: seconds, resumed } = await owner.post(`/v1/stores/${id}/heartbeat`);
  Object.assign(heard, { id, until: Date.now() + seconds * 1000 });
  if (resumed) returned.value = Date.now();
  return true;
}

/** Another store is looked at, or none: here nobody minds the one before, so it is not missed. */
function putAway(id) {
  if (id && heard.id === id) owner.del(`/v1/stores/${id}/heartbeat`).catch(() => {});
  heard.id = null;
}

/** An order with its lines. What has not changed since is not asked for again. */
function entire(summary) {
  const known = orders.value.find((one) => one.id === summary.id);
  return known?.version === summary.version ? known : owner.get(`/v1/orders/${summary.id}`);
}

/** Given up on its way: it comes back to the store, or has. */
const isBack = (cancellation) => cancellation?.code === "undeliverable";

async function courierOf({ id, status, delivered_by: by, cancellation }) {
  if (by !== "platform" || status === "CREATED" || !(OPEN.has(status) || isBack(cancellation))) return null;
  try {
    return [id, await owner.get(`/v1/orders/${id}/delivery`)];
  } catch {
    return null;
  }
}

/** A push came. A new order of another store opens that store, where nothing is to be done here. */
export async function hear(data) {
  if (data.type === "order.created") {
    const { store_id: id } = await owner.get(`/v1/orders/${data.order_id}`).catch(() => ({}));
    const isBusy = orders.value.some((one) => OPEN.has(one.status));
    if (id && id !== chosen.value && !isBusy) return pick(id);
  }
  return look();
}

export const command = (order, name, body) => work.run(order.id, () => send(order, name, body));

async function send(order, name, body) {
  const after = await owner.post(`/v1/orders/${order.id}/${name}`, body);
  orders.value = orders.value.map((one) => (one.id === after.id ? after : one));
  telling.value = null;
  look();
}

/** Hand an order over to who says its code. `refuse` hears of a code that is wrong. */
export function handOver(order, code, name, refuse) {
  return work.run(order.id, async () => {
    try {
      await owner.post(`/v1/orders/${order.id}/check-code`, { code });
    } catch (refused) {
      refuse(refused);
      throw refused;
    }
    await send(order, name);
  });
}

async function readMenu() {
  if (!chosen.value) return;
  menu.value = await owner.get(`/v1/stores/${chosen.value}/menu`);
}

async function readSystems() {
  const id = chosen.value;
  if (!id) return;
  const { items } = await owner.get(`/v1/stores/${id}/webhooks`);
  if (id === chosen.value) systems.value = items;
}

/** Take a dish or an option off the menu until it returns, or put it back. */
export function offer(key, thing, isThere) {
  const path = `/v1/stores/${chosen.value}/availability`;
  return work.run(key, async () => {
    await (isThere ? owner.post(`${path}/back`, { things: [thing] }) : owner.post(`${path}/sold-out`, { things: [thing], ...back() }));
    await readMenu();
  });
}

const back = () =>
  returns.value === "hour" ? { returns: "at", until: inMinutes(60) } : { returns: returns.value };

const inMinutes = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Change how the store stands, and show what it says of itself then. */
function stand(change) {
  return work.run("pause", async () => {
    store.value = await change(`/v1/stores/${chosen.value}`);
  });
}

export const pause = (reason, minutes) =>
  stand((path) => owner.post(`${path}/pause`, { reason, ...(minutes && { until: inMinutes(minutes) }) }));
export const resume = () => stand((path) => owner.post(`${path}/resume`));
export const rush = (minutes, lasts) =>
  stand((path) => owner.post(`${path}/rush`, { minutes, until: inMinutes(lasts) }));
export const calm = () => stand((path) => owner.post(`${path}/calm`));

/** Other hours for today alone (none: closed), or the usual ones again (null). */
export const today = (spans) =>
  stand((path) => {
    const others = store.value.special_hours.filter((one) => one.date !== dateIn(0));
    return owner.patch(path, { special_hours: spans ? [...others, { date: dateIn(0), spans }] : others });
  });
