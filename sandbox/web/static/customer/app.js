// The customer's app: near stores, a menu, a basket, a payment, and the order on its way.
import { frame } from "../lib/frame.js";
import { phone } from "../lib/phone.js";
import { t } from "../lib/texts.js";
import { html, mount } from "../lib/view.js";
import { account, begins as accounts } from "./account.js";
import { appealing, remedy } from "./appealing.js";
import { browse } from "./browse.js";
import { cart } from "./basket.js";
import { forgetWays } from "./buying.js";
import { diet, forgetDiet, readDiet } from "./eating.js";
import { favourites, liked, readLiked } from "./favourites.js";
import { begins, forgetFollowed, hear, isOpen, openTitle, tracking } from "./following.js";
import { history, list } from "./history.js";
import { restore } from "./keeping.js";
import { farewell } from "./leaving.js";
import { me } from "./me.js";
import { menu, plate } from "./menu.js";
import { pay } from "./paying.js";
import { book, form, readPlaces } from "./places.js";
import { claim, isGuest, nameOf, resume, session, whenOver } from "./session.js";
import { go, look, screen, work } from "./state.js";
import { save, wallet } from "./wallet.js";

const SCREENS = {
  browse, store: menu, dish: plate, basket: cart, pay, order: tracking, orders: history,
  me, liked: favourites, places: book, place: form, wallet, save, diet,
  account, appeals: appealing, leaving: farewell,
};

/** What is one's own is looked at first, and stores near the place that is chosen. */
async function first() {
  await Promise.all([readPlaces(), readLiked(), readDiet()].map((one) => one.catch(() => {})));
  await look();
}

/** Somebody else is the customer: nothing of who was there before is seen. */
function anew(isTheirs = false) {
  if (!isTheirs) forgetFollowed();
  forgetWays();
  forgetDiet();
  liked.value = [];
  return first();
}

export function begin(element) {
  resume();
  const device = phone("customer", hear, session);
  accounts(device, anew);
  whenOver(anew);
  begins();
  claim().catch(() => {});
  restore().catch(() => {});
  work.run("look", first);
  mount(element, () =>
    frame({
      who: "customer",
      name: isGuest() ? t("guest") : nameOf(),
      side: html`<nav class="side" aria-label=${t("me")}>
        <button onClick=${list}>${t("orders")}</button>
        <button onClick=${() => go("me")}>${t("me")}</button>
      </nav>`,
      device,
      problem: work.problem,
      remedy,
      children: html`
        ${isOpen() && screen.value !== "pay" && html`<button class="open-order" onClick=${() => go("order")}>${openTitle()} →</button>`}
        ${SCREENS[screen.value]()}
      `,
    }),
  );
}
