// Orders that were made before, and the same again at today's prices.
import { heading, tile } from "../lib/frame.js";
import { money, named, t, when } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { take } from "./buying.js";
import { follow } from "./following.js";
import { basket, go, mina, spot, store, whole, wish, work } from "./state.js";

const PAGE = 10;
const DONE = new Set(["DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"]);
const orders = signal(null); // { items, cursor }
const shops = signal({}); // their names, by id

export function list() {
  return work.run("orders", async () => {
    await read("");
    go("orders");
  });
}

async function read(cursor) {
  const page = await mina.get(`/v1/orders?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
  const unknown = new Set(page.items.map((one) => one.store_id).filter((id) => !(id in shops.value)));
  const found = await Promise.all([...unknown].map(async (id) => [id, (await mina.get(`/v1/stores/${id}`).catch(() => ({}))).names]));
  shops.value = { ...shops.value, ...Object.fromEntries(found) };
  orders.value = { items: [...(cursor ? orders.value.items : []), ...page.items], cursor: page.next_cursor };
}

export function history() {
  const { items, cursor } = orders.value;
  return html`
    ${heading(t("orders"), () => go("browse"))}
    ${!items.length && html`<p class="empty">${t("orders.none")}</p>`}
    <ul class="cards">${items.map((one) => html`<li key=${one.id}>${row(one)}</li>`)}</ul>
    ${cursor && html`<button class="wide" onClick=${() => work.run("orders", () => read(cursor))}>${t("more")}</button>`}
  `;
}

function row(one) {
  const names = shops.value[one.store_id] ?? {};
  return html`<button class="card" onClick=${() => (follow(one.id), go("order"))}>
      ${tile(names)}
      <span class="text"><strong>${named(names)}</strong>
        <small>${when(one.placed_at)} · ${t(`status.${one.status}`)}</small></span>
      <span class="price">${money(one.total.amount, one.total.currency)}</span>
    </button>
    ${DONE.has(one.status) && html`<div class="row after"><button onClick=${() => again(one)}
      aria-label=${t("again.of", { store: named(names) })}>${t("again")}</button></div>`}`;
}

/** The same again: priced as of today, with what is gone or dearer told, in the basket. */
export function again({ id, store_id: from, fulfilment }) {
  return work.run("again", async () => {
    const to = fulfilment === "delivery" && spot.value?.id ? { address_id: spot.value.id } : {};
    const [view, old] = await Promise.all([mina.post(`/v1/orders/${id}/reorder`, to), mina.get(`/v1/orders/${id}`)]);
    const shop = await whole({ id: from, names: old.store_names });
    const known = shop.menu.categories.flatMap((one) => one.items);
    const lines = view.quote.priced.lines.map((line) => ({
      item: known.find((one) => one.id === line.item_id),
      quantity: line.quantity,
      note: line.note ?? "",
      options: chosenOf(line),
    }));
    store.value = shop;
    wish.value = { ...wish.value, fulfilment };
    basket.value = { store: shop, lines };
    await take({ ...view, issues: view.issues.map((one) => ({ ...one, names: old.lines[numberOf(one)]?.names })) });
    go("basket");
  });
}

const numberOf = ({ pointer }) => /^\/lines\/(\d+)/.exec(pointer)?.[1];

function chosenOf({ options }) {
  const chosen = {};
  for (const { group_id: group, option_id: option, quantity } of options) {
    chosen[group] = [...(chosen[group] ?? []), ...Array(quantity).fill(option)];
  }
  return chosen;
}
