// Why one was asked, in plain words, and the way to a person who looks at it.
import { newKey } from "../lib/api.js";
import { language, t, when } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { offered, woo, work } from "./state.js";

const MOST = 500;
const shown = signal(""); // the offer that is explained
const told = signal(null); // its explanation
const appeal = signal(null); // the last one that was made against it
const words = signal("");
let key = ""; // of what is written: it is one appeal, however often it is sent

/** A button for the last offer, and below it what was told. */
export function why() {
  const id = offered.value;
  if (!id) return null;
  const isShown = shown.value === id;
  return html`
    <button key="why" class="wide" aria-expanded=${String(isShown)} onClick=${() => (isShown ? (shown.value = "") : explain(id))}>${t("why")}</button>
    ${isShown && html`<div key="because" class="part">${told.value?.id === id ? explanation(told.value) : html`<p class="quiet">${t("wait")}</p>`}</div>`}
  `;
}

function explain(id) {
  shown.value = id;
  words.value = "";
  key = newKey();
  return work.run("why", async () => {
    const [said, { items }] = await Promise.all([woo.get(`/v1/assignments/${id}/explanation`), woo.get("/v1/appeals")]);
    appeal.value = items.find((one) => one.assignment_id === id) ?? null;
    told.value = said;
  });
}

function explanation({ id, words: said, rule, decided_at: at }) {
  return html`
    <div class="hint" role="status"><ul>${said[language.value].map((one) => html`<li>${one}</li>`)}</ul></div>
    <p class="quiet">${t("why.rule", { when: when(at), rule })}</p>
    ${appeal.value ? answer(appeal.value) : form(id)}
  `;
}

function answer({ text, status, reason }) {
  return html`<div role="status">
    <p><b>${t("why.appeal")}</b> <small class=${status === "granted" ? "tag good" : "tag"}>${t(`appeal.${status}`)}</small></p>
    <p class="note">“${text}”</p>
    ${reason && html`<p class="hint"><b>${t("appeal.reason")}</b> ${reason}</p>`}
  </div>`;
}

function form(id) {
  return html`<form onSubmit=${(event) => (event.preventDefault(), send(id))}>
    <label>${t("why.wrong")}
      <textarea required rows="2" maxlength=${MOST} value=${words.value} onInput=${(event) => (words.value = event.target.value)}></textarea></label>
    <button class="wide" aria-busy=${String(work.busy.value.includes("why"))}>${t("appeal.send")}</button>
  </form>`;
}

function send(id) {
  return work.run("why", async () => {
    appeal.value = await woo.post(`/v1/assignments/${id}/appeal`, { text: words.value.trim() }, { key });
  });
}
