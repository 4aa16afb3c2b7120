// What is the customer's own: places, saved cards, favourites, what they eat.
import { heading } from "../lib/frame.js";
import { named, t, word } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { toAccount } from "./account.js";
import { toAppeals } from "./appealing.js";
import { looks } from "./basket.js";
import { saved } from "./buying.js";
import { eats, toDiet } from "./eating.js";
import { liked, toLiked } from "./favourites.js";
import { list } from "./history.js";
import { toLeaving } from "./leaving.js";
import { toPlaces } from "./places.js";
import { isGuest, isOwn, nameOf } from "./session.js";
import { go, target } from "./state.js";
import { toWallet } from "./wallet.js";

export function me() {
  const { diets, avoids } = eats.value;
  const eaten = [...diets.map((one) => word("diet", one)), ...avoids.map((one) => t("diet.no", { what: word("allergen", one) }))];
  const own = !isGuest();
  const rows = [
    ["○", own ? nameOf() : t("guest"), t(isOwn() ? "account.hint.own" : "account.hint"), () => toAccount()],
    ["▤", t("orders"), t("orders.hint"), list],
    ["♥", t("liked"), liked.value.map((one) => named(one.names)).join(", ") || t("liked.hint"), () => toLiked("me")],
    ["⌂", t("places"), target().address, () => toPlaces("me")],
    own && ["▭", t("wallet"), saved.value.map(looks).join(", ") || t("wallet.hint"), toWallet],
    ["✓", t("diet"), eaten.join(", ") || t("diet.hint"), toDiet],
    ["!", t("appeals"), t("appeals.hint"), () => toAppeals()],
    ["×", t("leaving"), t("leaving.hint"), toLeaving],
  ].filter(Boolean);
  return html`
    ${heading(t("me"), () => go("browse"))}
    <ul class="cards">${rows.map(
      ([sign, title, about, act]) => html`<li key=${title}><button class="card" onClick=${act}>
        <span class="mark" aria-hidden="true">${sign}</span>
        <span class="text"><strong>${title}</strong><small class="line">${about}</small></span>
        <span aria-hidden="true">›</span>
      </button></li>`,
    )}</ul>
  `;
}
