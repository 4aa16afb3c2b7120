// Appeals against limits: a person looks, and says why.
import { newKey } from "../lib/api.js";
import { heading } from "../lib/frame.js";
import { dayOf, t, when } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { go, mina, screen, work } from "./state.js";

const OF_ONE = ["orders_waiting_limit", "cash_orders_limit", "refused_orders_limit", "failed_payments_limit"];
const LIMITS = new Set([...OF_ONE, ...OF_ONE.map((one) => `device_${one}`)]);
const MOST = 500;
const appeals = signal([]);
const limit = signal(""); // that is appealed against
const words = signal("");
let key = ""; // of what is written: it is one appeal, however often it is sent
let cameFrom = "me";

const read = async () => (appeals.value = (await mina.get("/v1/appeals")).items);

/** What helps with a limit: a button beside its words. */
export const remedy = ({ code }) =>
  LIMITS.has(code) && html`<button class="small" onClick=${() => toAppeals(code)}>${t("appeal.ask")}</button>`;

export function toAppeals(code = "") {
  cameFrom = code ? screen.value : "me";
  limit.value = code;
  words.value = "";
  key = newKey();
  go("appeals");
  return work.run("appeals", read);
}

export function appealing() {
  return html`
    ${heading(t("appeals"), () => go(cameFrom))}
    <p class="quiet">${t("appeals.about")}</p>
    ${limit.value && html`<form onSubmit=${(event) => (event.preventDefault(), send())}>
      <div class="part">
        <h4>${t("appeal.ask")}</h4>
        <p>${t(`problem.${limit.value}`)}</p>
        <label>${t("appeal.words")}
          <textarea required rows="3" maxlength=${MOST} value=${words.value} onInput=${(event) => (words.value = event.target.value)}></textarea></label>
        <button class="main wide" aria-busy=${String(work.busy.value.includes("appeals"))}>${t("appeal.send")}</button>
      </div>
    </form>`}
    ${!limit.value && !appeals.value.length && html`<p class="empty">${t("appeals.none")}</p>`}
    <ul class="cards">${appeals.value.map((one) => html`<li key=${one.id} class="part">${row(one)}</li>`)}</ul>
  `;
}

function row({ limit: which, text, status, created_at: at, reason, lifted_until: until }) {
  return html`
    <div class="between"><b>${t(`limit.${which}`)}</b><small class=${status === "granted" ? "tag good" : "tag"}>${t(`appeal.${status}`)}</small></div>
    <p class="note">“${text}”</p>
    <p class="quiet">${when(at)}</p>
    ${reason && html`<p class="hint"><b>${t("appeal.reason")}</b> ${reason} ${until && t("appeal.until", { day: dayOf(until) })}</p>`}
  `;
}

function send() {
  return work.run("appeals", async () => {
    await mina.post("/v1/appeals", { limit: limit.value, text: words.value.trim() }, { key });
    limit.value = "";
    await read();
  });
}
