// The customer's app: near stores, a menu, a basket, a payment, and the order on its way.
import { place } from "../lib/api.js";
import { frame } from "../lib/frame.js";
import { phone } from "../lib/phone.js";
import { t } from "../lib/texts.js";
import { html, mount } from "../lib/view.js";
import { browse } from "./browse.js";
import { cart } from "./basket.js";
import { begins, hear, history, isOpen, list, openTitle, tracking } from "./following.js";
import { menu, plate } from "./menu.js";
import { pay } from "./paying.js";
import { go, look, screen, work } from "./state.js";

const SCREENS = { browse, store: menu, dish: plate, basket: cart, pay, order: tracking, orders: history };

export function begin(element) {
  const device = phone("customer", hear);
  begins();
  work.run("look", look);
  mount(element, () =>
    frame({
      who: "customer",
      name: place.people.customer.name,
      side: html`<button onClick=${list}>${t("orders")}</button>`,
      device,
      problem: work.problem,
      children: html`
        ${isOpen() && screen.value !== "pay" && html`<button class="open-order" onClick=${() => go("order")}>${openTitle()} →</button>`}
        ${SCREENS[screen.value]()}
      `,
    }),
  );
}
