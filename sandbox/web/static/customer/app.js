// The customer's app: near stores, a menu, a basket, a payment, and the order on its way.
import { place } from "../lib/api.js";
import { frame } from "../lib/frame.js";
import { phone } from "../lib/phone.js";
import { t } from "../lib/texts.js";
import { html, mount } from "../lib/view.js";
import { browse } from "./browse.js";
import { cart } from "./basket.js";
import { diet, readDiet } from "./eating.js";
import { favourites, readLiked } from "./favourites.js";
import { begins, hear, isOpen, openTitle, tracking } from "./following.js";
import { history, list } from "./history.js";
import { me } from "./me.js";
import { menu, plate } from "./menu.js";
import { pay } from "./paying.js";
import { book, form, readPlaces } from "./places.js";
import { go, look, screen, work } from "./state.js";
import { save, wallet } from "./wallet.js";

const SCREENS = {
  browse, store: menu, dish: plate, basket: cart, pay, order: tracking, orders: history,
  me, liked: favourites, places: book, place: form, wallet, save, diet,
};

/** What is one's own is looked at first, and stores near the place that is chosen. */
async function first() {
  await Promise.all([readPlaces(), readLiked(), readDiet()].map((one) => one.catch(() => {})));
  await look();
}

export function begin(element) {
  const device = phone("customer", hear);
  begins();
  work.run("look", first);
  mount(element, () =>
    frame({
      who: "customer",
      name: place.people.customer.name,
      side: html`<nav class="side" aria-label=${t("me")}>
        <button onClick=${list}>${t("orders")}</button>
        <button onClick=${() => go("me")}>${t("me")}</button>
      </nav>`,
      device,
      problem: work.problem,
      children: html`
        ${isOpen() && screen.value !== "pay" && html`<button class="open-order" onClick=${() => go("order")}>${openTitle()} →</button>`}
        ${SCREENS[screen.value]()}
      `,
    }),
  );
}
