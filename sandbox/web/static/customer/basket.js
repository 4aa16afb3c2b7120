// The basket: what it costs, by the server's word, or everything that stands in the way.
import { choice, chosen, heading, radios, tick } from "../lib/frame.js";
import { clock, has, hour, money, named, t, when, word } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { toAccount } from "./account.js";
import * as buying from "./buying.js";
import { stepper } from "./menu.js";
import { begin } from "./paying.js";
import { toPlaces, where } from "./places.js";
import { isGuest } from "./session.js";
import { basket, count, go, screen, store, wish, work } from "./state.js";
import { gratuity } from "./tipping.js";
import { alternatives, timing } from "./when.js";

const { change, changed, code, courierNote, issues, method, methods, note, price, quote, saved, saving, tip } = buying;

/** The way to the basket, at the lower edge of the app. */
export function basketBar() {
  return html`<button class="main wide sticky" onClick=${toBasket}>
    ${t("basket.open", { count: count.value })}
  </button>`;
}

export function toBasket() {
  changed.value = [];
  go("basket");
  price();
}

export function cart() {
  const { lines, store: from } = basket.value;
  const back = () => go(store.value ? "store" : "browse");
  if (!lines.length) return html`${heading(t("basket"), () => go("browse"))}<p class="empty">${t("basket.empty")}</p>`;
  const brought = wish.value.fulfilment === "delivery";
  return html`
    ${heading(t("basket.of", { store: named(from.names) }), back)}
    ${changed.value.length > 0 && differences()}
    <ul class="lines">${lines.map(row)}</ul>
    <button class="wide" onClick=${goOn}>${t("basket.on")}</button>
    <div role="status">${quote.value?.warnings?.map((one) => html`<p class="warning">${saying(one)}</p>`)}</div>
    <div class="part">
      ${choice(
        t("customer.how"),
        ["delivery", "takeaway"].map((one) => [one, t(`fulfilment.${one}`)]),
        wish.value.fulfilment,
        (fulfilment) => {
          wish.value = { ...wish.value, fulfilment };
          price();
        },
      )}
      ${brought && html`<div class="between"><p>${where()}</p><button aria-label=${t("places.change.of")} onClick=${() => toPlaces("basket")}>${t("places.change")}</button></div>`}
    </div>
    ${timing(price)}
    ${buying.mayTip() && gratuity(from.currency, tip.value, (sum) => ((tip.value = sum), price()))}
    <details class="part">
      <summary>${t("basket.more")}</summary>
      ${words(note, "basket.note", 200)}
      ${brought && words(courierNote, "basket.courier", 200)}
      ${words(code, "basket.code", 24)}
    </details>
    <div role="status">
      ${work.busy.value.includes("price") && html`<p class="quiet">${t("basket.asking")}</p>`}
      ${issues.value.length > 0 && obstacles()}
      ${alternatives(price)}
      ${quote.value && priced()}
    </div>
  `;
}

/** Back to the menu of the store that the basket is of. */
function goOn() {
  store.value = basket.value.store;
  go("store");
}

function words(value, key, most) {
  return html`<label>${t(key)}
    <input maxlength=${most} value=${value.value} autocomplete="off"
      onChange=${(event) => ((value.value = event.target.value.trim()), price())} />
  </label>`;
}

function row(line, index) {
  const what = named(line.item.names);
  const taken = line.item.option_groups.flatMap((group) =>
    group.options.filter((one) => line.options[group.id]?.includes(one.id)),
  );
  const told = quote.value?.priced.lines[index];
  return html`<li key=${index}>
    <div class="text"><strong>${what}</strong>${chosen({ options: taken, note: line.note })}</div>
    ${told && html`<span class="price">${money(told.amount, quote.value.total.currency)}</span>`}
    ${stepper(what, line.quantity, (quantity) => change(index, quantity))}
  </li>`;
}

function obstacles() {
  return html`<div class="issues">
    <h4>${t("basket.issues")}</h4>
    <ul>${issues.value.map((issue) => html`<li>${saying(issue)}</li>`)}</ul>
  </div>`;
}

/** What is gone or costs something else since it was ordered before. */
function differences() {
  return html`<div class="hint"><h4>${t("again.changed")}</h4><ul>${changed.value.map((one) => {
    const { currency } = basket.value.store;
    const prices = one.was === undefined || one.was === null ? {} : { was: money(one.was, currency), now: money(one.now, currency) };
    return html`<li>${t(has(`issue.${one.code}`) ? `issue.${one.code}` : "issue.sold_out", { ...prices, what: named(one.names) })}</li>`;
  })}</ul></div>`;
}

/** An issue in the reader's words, by its code; when it is over, where that is known. */
export function saying(issue) {
  const key = `issue.${issue.code}`;
  const { minimum, currency } = basket.value.store ?? {};
  const least = minimum ?? Number(/\d+/.exec(issue.detail)?.[0]);
  const [, at] = /^\/items\/(\d+)/.exec(issue.pointer ?? "") ?? [];
  const facts = {
    ...issue,
    sum: least && currency ? money(least, currency) : "",
    what: at && basket.value.lines[at] ? named(basket.value.lines[at].item.names) : "",
    allergens: (issue.allergens ?? []).map((one) => word("allergen", one)).join(", "),
    diets: (issue.diets ?? []).map((one) => word("diet", one)).join(", "),
  };
  const said = has(key) ? t(key, facts) : issue.detail;
  const until = issue.opens_at ?? issue.returns_at ?? issue.free_from;
  return until ? `${said} ${t("issue.until", { hour: when(until) })}` : said;
}

function priced() {
  const { priced, total, promised, valid_until: until, minimum_age: age, scheduled_for: later } = quote.value;
  const left = (Date.parse(until) - now.value) / 1000;
  if (left <= 0) return html`<button class="main wide" onClick=${price}>${t("basket.again")}</button>`;
  const day = later ? `${when(promised.begins)}–${hour(promised.ends)}` : "";
  return html`
    ${sums(priced.price, total)}
    <p class="promise">${day ? t(`later.${wish.value.fulfilment}`, { when: day }) : t(`promise.${wish.value.fulfilment}`, { from: hour(promised.begins), to: hour(promised.ends) })}</p>
    <details>
      <summary>${t("basket.cancelling")}</summary>
      <ul>${priced.cancellation_fees.map(
        (one) => html`<li>${t(`status.${one.while_status}`)}: ${money(one.fee, total.currency)}</li>`,
      )}</ul>
    </details>
    ${age && html`<p class="hint">${t("basket.age", { age })}</p>`}
    ${radios("method", t("basket.pay.with"), ways(), method.value, (one) => (method.value = one))}
    ${isGuest() && html`<p class="between"><span class="quiet">${t("guest.basket")}</span><button onClick=${() => toAccount("basket")}>${t("account.sign")}</button></p>`}
    ${buying.mayKeep() && tick(t("method.keep"), saving.value, (yes) => (saving.value = yes))}
    <button class="main wide sticky" aria-busy=${String(work.busy.value.includes("order"))} onClick=${buy}>
      ${t("basket.order", { sum: money(total.amount, total.currency) })}<small>${ways().find(([one]) => one === method.value)?.[1]}</small>
    </button>
    <p class="quiet center">${t("basket.valid", { left: clock(left) })}</p>
  `;
}

/** What was saved, then every other way. */
function ways() {
  return [
    ...saved.value.map((one) => [one.id, looks(one), one.default ? t("wallet.first") : ""]),
    ...methods.value.map((one) => [one.method, t(`method.${one.method}`)]),
  ];
}

/** A saved method as its owner knows it: Visa ···· 4242. */
export const looks = ({ method: kind, brand, last4 }) =>
  last4 ? `${brand ? brand[0].toUpperCase() + brand.slice(1) : t(`method.${kind}`)} ···· ${last4}` : t(`method.${kind}`);

/** The price, line by line: who receives it, and of what it is lowered by, who bears it. */
export function sums(lines, total) {
  const sum = (amount) => money(amount, total.currency);
  return html`<dl class="sums">
    ${lines.map(
      (one) => html`<div class=${one.amount < 0 ? "less" : ""}>
        <dt>${one.names ? named(one.names) : t(`price.${one.kind}`)}
          <small>${one.recipient && t(`to.${one.recipient}`)}
            ${one.sponsors?.map((from) => html`<span>${t(`from.${from.by}`, { sum: sum(from.amount) })} </span>`)}</small></dt>
        <dd>${sum(one.amount)}</dd>
      </div>`,
    )}
    <div class="total"><dt>${t("price.total")}</dt><dd>${sum(total.amount)}</dd></div>
  </dl>`;
}

async function buy() {
  const placed = await buying.order();
  if (placed) return begin(placed.order_id, placed.payments);
  const refused = work.problem.value;
  const isStale = refused?.status === 410 || refused?.code === "promotion_gone" || refused?.code === "items_gone";
  if (screen.value === "basket" && isStale) {
    await price();
    work.problem.value ??= refused;
  }
  return undefined;
}
