// Stores near the door, and a search through their menus.
import { choice, heading, tile } from "../lib/frame.js";
import { has, hour, metres, money, named, t } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { count, found, go, look, open, want, wish, work } from "./state.js";
import { basketBar } from "./basket.js";
import { likes, toLiked } from "./favourites.js";
import { toPlaces, where } from "./places.js";

const PATIENCE = 250;
let typing;

function type(event) {
  const words = event.target.value;
  clearTimeout(typing);
  typing = setTimeout(() => want({ words }), PATIENCE);
}

export function browse() {
  const { fulfilment, openNow, words } = wish.value;
  return html`
    ${heading(t("customer.near"))}
    <div class="between"><p>${where()}</p><button aria-label=${t("places.change.of")} onClick=${() => toPlaces("browse")}>${t("places.change")}</button></div>
    <form role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="hidden" for="search">${t("customer.search")}</label>
      <input id="search" type="search" maxlength="60" autocomplete="off" onInput=${type}
        placeholder=${t("customer.search.hint")} />
    </form>
    <div class="filters">
      ${choice(
        t("customer.how"),
        [
          ["delivery", t("fulfilment.delivery")],
          ["takeaway", t("fulfilment.takeaway")],
        ],
        fulfilment,
        (value) => want({ fulfilment: value }),
      )}
      ${!words.trim() && html`<label class="check">
        <input type="checkbox" checked=${openNow}
          onChange=${(event) => want({ openNow: event.target.checked })} />
        ${t("customer.open.now")}
      </label>`}
      <button class="small" onClick=${() => toLiked("browse")}>♥ ${t("liked")}</button>
    </div>
    <p class="hidden" role="status">${found.value && t("customer.found", { count: found.value.stores.length })}</p>
    ${found.value ? list() : html`<p class="quiet">${t("wait")}</p>`}
    ${count.value > 0 && basketBar()}
  `;
}

function list() {
  const { stores, cursor } = found.value;
  if (!stores.length && !cursor) return nothing(wish.value);
  return html`<ul class="cards">${stores.map((one) => html`<li key=${one.id}>${card(one)}</li>`)}</ul>
    ${cursor && html`<button class="wide" onClick=${() => work.run("look", () => look(true))}>${t("more")}</button>`}`;
}

/** Why nothing is there, and what shows more. */
function nothing({ words, openNow }) {
  if (words.trim()) return html`<p class="empty">${t("customer.nothing")}</p>`;
  return html`<p class="empty">${t(openNow ? "customer.closed" : "customer.nowhere")}</p>
    ${openNow
      ? html`<button class="wide" onClick=${() => want({ openNow: false })}>${t("customer.closed.too")}</button>`
      : html`<button class="wide" onClick=${() => toPlaces("browse")}>${t("places.change.of")}</button>`}`;
}

/** What a store is known for: its stars, where enough have rated, and what it offers by itself. */
export function badges({ rating, offers = [], currency }) {
  return html`<span class="tags">
    ${rating && html`<small class="tag"><span aria-hidden="true">★ </span><span class="hidden">${t("stars")} </span>${t("stars.of", { mean: (rating.hundredths / 100).toFixed(1), count: rating.count })}</small>`}
    ${offers.map((one) => html`<small class="tag good">${offer(one, currency)}</small>`)}
  </span>`;
}

function offer({ type, basis_points: points, amount, minimum, first_order: first }, currency) {
  const said = t(`offer.${type}`, { percent: points / 100, sum: amount && money(amount, currency) });
  const terms = [minimum && t("offer.minimum", { sum: money(minimum, currency) }), first && t("offer.first")];
  return [said, ...terms.filter(Boolean)].join(" · ");
}

function card(one) {
  return html`<button class=${one.closed ? "card shut" : "card"} onClick=${() => open(one)}>
    ${tile(one.names)}
    <span class="text">
      <strong>${named(one.names)}${likes(one.id) && html` <span class="liked" aria-label=${t("liked")} role="img">♥</span>`}</strong>
      <small>${facts(one)}</small>
      ${badges(one)}
      ${one.closed && html`<small class="shut">${closed(one.closed)}</small>`}
      ${one.items?.slice(0, 3).map(
        (item) => html`<small class="dish">${named(item.names)} ${money(item.price, one.currency)}</small>`,
      )}
    </span>
    <span class="eta"><b>${one.eta_minutes}</b> ${t("minutes")}</span>
  </button>`;
}

export function facts(one) {
  const kinds = (one.cuisines ?? []).map((word) => (has(`cuisine.${word}`) ? t(`cuisine.${word}`) : word));
  const fee = one.delivery_fee;
  return [
    ...kinds,
    one.distance_metres != null && metres(one.distance_metres),
    fee != null && t("customer.fee", { fee: money(fee, one.currency) }),
    one.minimum && t("customer.minimum", { sum: money(one.minimum, one.currency) }),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function closed(issue) {
  if (issue.opens_at) return t("customer.opens", { hour: hour(issue.opens_at) });
  return t(`issue.${issue.code}`);
}

export const toBrowse = () => go("browse");
