// Tips: a few sums, or one's own, with the order and after it.
import { newKey } from "../lib/api.js";
import { choice } from "../lib/frame.js";
import { digits, minor, money, remember, remembered, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { begin } from "./paying.js";
import { mina, work } from "./state.js";

const TIPS = [1000, 2000, 3000];
const MOST = 1_000_000;
const own = signal(false); // whether one's own sum is written
const written = signal("");

export function forgetTip() {
  own.value = false;
  written.value = "";
}

function field(currency, label, act, words) {
  return html`<form onSubmit=${(event) => (event.preventDefault(), act(minor(written.value, currency)))}>
    <div class="between end">
      <label class="grow">${label}
        <input type="number" inputmode="decimal" required min=${1 / 10 ** digits(currency)} max=${MOST} step=${1 / 10 ** digits(currency)} autocomplete="off"
          value=${written.value} onInput=${(event) => (written.value = event.target.value)} />
      </label>
      <button>${words}</button>
    </div>
  </form>`;
}

/** A tip that is priced with the order. `set` hears the sum, in minor units. */
export function gratuity(currency, chosen, set) {
  const isOwn = own.value || ![0, ...TIPS].includes(chosen);
  const pick = (sum) => ((own.value = sum === "own"), sum !== "own" && set(sum));
  return html`<div class="part"><h4>${t("tip.with")}</h4>
    ${choice(
      t("tip.with"),
      [...[0, ...TIPS].map((sum) => [sum, sum ? money(sum, currency) : t("none")]), ["own", t("tip.own")]],
      isOwn ? "own" : chosen,
      pick,
    )}
    ${isOwn && field(currency, t("tip.sum"), set, t("tip.set"))}
  </div>`;
}

/** A tip after the order was brought. */
export function tips({ id, total }) {
  const given = remembered(`tipped.${id}`);
  if (given) return html`<p class="hint" role="status">${t("tip.thanks")}</p>`;
  return html`<div class="part" role="group" aria-label=${t("tip.title")}>
    <p>${t("tip.title")}</p>
    <div class="row">${TIPS.map((sum) => html`<button onClick=${() => tip(id, sum)}>${money(sum, total.currency)}</button>`)}
      <button aria-expanded=${String(own.value)} onClick=${() => (own.value = !own.value)}>${t("tip.own")}</button></div>
    ${own.value && field(total.currency, t("tip.sum"), (sum) => tip(id, sum), t("tip.give"))}
  </div>`;
}

function tip(id, amount) {
  const key = remembered(`tip.${id}.${amount}`) ?? newKey();
  remember(`tip.${id}.${amount}`, key);
  return work.run("tip", async () => {
    const opened = await mina.post(`/v1/orders/${id}/tips`, { amount }, { key });
    forgetTip();
    begin(id, [opened], () => remember(`tipped.${id}`, true));
  });
}
