// The basket: what it costs, by the server's word, or everything that stands in the way.
import { place } from "../lib/api.js";
import { heading } from "../lib/frame.js";
import { choice, chosen } from "../lib/frame.js";
import { clock, has, hour, money, named, t } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { stepper } from "./menu.js";
import { begin } from "./paying.js";
import { basket, change, code, count, go, issues, method, methods, note, order, price, quote, screen, wish, work } from "./state.js";

/** The way to the basket, at the lower edge of the app. */
export function basketBar() {
  return html`<button class="main wide sticky" onClick=${toBasket}>
    ${t("basket.open", { count: count.value })}
  </button>`;
}

function toBasket() {
  go("basket");
  price();
}

export function cart() {
  const { lines, store } = basket.value;
  const back = () => go(store ? "store" : "browse");
  if (!lines.length) return html`${heading(t("basket"), () => go("browse"))}<p class="empty">${t("basket.empty")}</p>`;
  return html`
    ${heading(t("basket.of", { store: named(store.names) }), back)}
    <ul class="lines">${lines.map(row)}</ul>
    <div class="filters">
      ${choice(
        t("customer.how"),
        ["delivery", "takeaway"].map((one) => [one, t(`fulfilment.${one}`)]),
        wish.value.fulfilment,
        (fulfilment) => {
          wish.value = { ...wish.value, fulfilment };
          price();
        },
      )}
    </div>
    ${wish.value.fulfilment === "delivery" && html`<p class="quiet">${t("basket.to", { address: place.home.address })}</p>`}
    <label>${t("basket.note")}
      <input maxlength="200" value=${note.value} autocomplete="off"
        onChange=${(event) => ((note.value = event.target.value), price())} />
    </label>
    <label>${t("basket.code")}
      <input maxlength="24" value=${code.value} autocomplete="off" autocapitalize="characters" spellcheck="false"
        onChange=${(event) => ((code.value = event.target.value.trim()), price())} />
    </label>
    <div role="status">
      ${work.busy.value.includes("price") && html`<p class="quiet">${t("basket.asking")}</p>`}
      ${issues.value.length > 0 && obstacles()}
      ${quote.value && priced()}
    </div>
  `;
}

function row(line, index) {
  const what = named(line.item.names);
  const taken = line.item.option_groups.flatMap((group) =>
    group.options.filter((one) => line.options[group.id]?.includes(one.id)),
  );
  return html`<li key=${index}>
    <div class="text"><strong>${what}</strong>${chosen({ options: taken, note: line.note })}</div>
    ${quote.value && html`<span class="price">${money(quote.value.priced.lines[index]?.amount ?? 0, quote.value.total.currency)}</span>`}
    ${stepper(what, line.quantity, (quantity) => change(index, quantity))}
  </li>`;
}

function obstacles() {
  return html`<div class="issues">
    <h4>${t("basket.issues")}</h4>
    <ul>${issues.value.map((issue) => html`<li>${saying(issue)}</li>`)}</ul>
  </div>`;
}

/** An issue in the reader's words, by its code; when it is over, where that is known. */
export function saying(issue) {
  const key = `issue.${issue.code}`;
  const { minimum, currency } = basket.value.store ?? {};
  const sum = minimum ? money(minimum, currency) : "";
  const said = has(key) ? t(key, { ...issue, sum }) : issue.detail;
  const until = issue.opens_at ?? issue.returns_at ?? issue.free_from;
  return until ? `${said} ${t("issue.until", { hour: hour(until) })}` : said;
}

function priced() {
  const { priced, total, promised, valid_until: until, minimum_age: age, warnings } = quote.value;
  const left = (Date.parse(until) - now.value) / 1000;
  if (left <= 0) return html`<button class="main wide" onClick=${price}>${t("basket.again")}</button>`;
  return html`
    ${warnings?.map((one) => html`<p class="hint">${saying(one)}</p>`)}
    <dl class="sums">
      ${priced.price.map(
        (one) => html`<div>
          <dt>${one.names ? named(one.names) : t(`price.${one.kind}`)} <small>${one.recipient && t(`to.${one.recipient}`)}</small></dt>
          <dd>${money(one.amount, total.currency)}</dd>
        </div>`,
      )}
      <div class="total"><dt>${t("price.total")}</dt><dd>${money(total.amount, total.currency)}</dd></div>
    </dl>
    <p>${t(`promise.${wish.value.fulfilment}`, { from: hour(promised.begins), to: hour(promised.ends) })}</p>
    <details>
      <summary>${t("basket.cancelling")}</summary>
      <ul>${priced.cancellation_fees.map(
        (one) => html`<li>${t(`status.${one.while_status}`)}: ${money(one.fee, total.currency)}</li>`,
      )}</ul>
    </details>
    ${age && html`<p class="hint">${t("basket.age", { age })}</p>`}
    <fieldset>
      <legend>${t("basket.pay.with")}</legend>
      ${methods.value.map(
        (one) => html`<label class="check" key=${one}>
          <input type="radio" name="method" checked=${method.value === one} onChange=${() => (method.value = one)} />
          <span>${t(`method.${one}`)}</span>
        </label>`,
      )}
    </fieldset>
    <button class="main wide" aria-busy=${String(work.busy.value.includes("order"))} onClick=${buy}>
      ${t("basket.order", { sum: money(total.amount, total.currency) })}
    </button>
    <p class="quiet center">${t("basket.valid", { left: clock(left) })}</p>
  `;
}

async function buy() {
  const placed = await order();
  if (placed) begin(placed.order_id, placed.payments);
  else if (screen.value === "basket" && work.problem.value?.status === 410) price();
}
