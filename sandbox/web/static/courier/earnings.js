// What was earned: today's entries of the ledger, one by one, and the days before.
import { place } from "../lib/api.js";
import { dateIn, dayOf, hour, money, t, word } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { woo } from "./state.js";

const PAGE = 50;
/** Why it comes back though nobody owes anything for it: neither is a tip paid. */
export const FREE = new Set(["damaged", "unsafe", "other"]);
const posted = signal([]); // entries, the newest first

export async function takings() {
  posted.value = (await woo.get(`/v1/earnings?limit=${PAGE}`)).items;
}

const day = (moment) => dateIn(0, Date.parse(moment));
const sum = (some) => some.reduce((all, one) => all + one.money.amount, 0);

export function earnings() {
  const { currency } = posted.value[0]?.money ?? place;
  const today = posted.value.filter((one) => day(one.posted_at) === dateIn(0));
  const before = [...new Set(posted.value.map((one) => day(one.posted_at)))].filter((one) => one !== dateIn(0));
  const of = (why) => today.filter((one) => one.why === why);
  return html`<section class="part" aria-labelledby="earned">
    <div class="between"><h4 id="earned">${t("earned.today")}</h4><strong class="takings">${money(sum(today), currency)}</strong></div>
    ${today.length
      ? html`<p class="quiet">${t("earned.of", { count: of("delivered").length, tips: money(sum(of("tip")), currency) })}</p>
          <ul class="lines">${today.map(entry)}</ul>`
      : html`<p class="empty">${t("earned.none")}</p>`}
    ${before.length > 0 && html`<details><summary>${t("earned.before")}</summary><ul class="lines">${before.map(
      (date) => html`<li><div class="text"><strong>${dayOf(`${date}T12:00:00+09:00`)}</strong></div>
        <span class="price">${money(sum(posted.value.filter((one) => day(one.posted_at) === date)), currency)}</span></li>`,
    )}</ul></details>`}
    <p class="quiet">${t("earned.ledger")}</p>
  </section>`;
}

/** Of what comes back the tip is paid where its customer pays for the order. */
export const earned = ({ earning, code }) => net(FREE.has(code) ? { ...earning, tip: 0 } : earning);

export const net = ({ net: sum, tip, currency }) => money(sum + tip, currency);

function entry(one) {
  return html`<li><div class="text"><strong>${word("earned", one.why)}</strong>
      <small>${hour(one.posted_at)} · ${one.delivery_id.slice(-4)}</small></div>
    <span class="price">${money(one.money.amount, one.money.currency)}</span></li>`;
}
