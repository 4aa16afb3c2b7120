// The basket outlives the page: what was chosen is kept in this browser, and put together anew.
import { remember, remembered } from "../lib/texts.js";
import { effect } from "../lib/view.js";
import { basket, whole } from "./state.js";

const bare = ({ item, ...line }) => ({ ...line, item_id: item.id });

/** Fill the basket as it was left, with what the menu still has; keep it from now on. */
export async function restore() {
  try {
    const kept = remembered("basket");
    if (kept?.lines.length) await fill(kept);
  } finally {
    effect(() => {
      const { store, lines } = basket.value;
      remember("basket", store && { store: { id: store.id, names: store.names }, lines: lines.map(bare) });
    });
  }
}

async function fill({ store, lines }) {
  const shop = await whole(store);
  const items = new Map(shop.menu.categories.flatMap((one) => one.items).map((one) => [one.id, one]));
  const left = lines.filter((line) => items.has(line.item_id));
  if (!left.length || basket.value.lines.length) return;
  basket.value = { store: shop, lines: left.map(({ item_id: id, ...line }) => ({ ...line, item: items.get(id) })) };
}
