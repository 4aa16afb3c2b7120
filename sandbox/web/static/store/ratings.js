// What customers thought: stars and words without their names, and what the store answers.
import { heading } from "../lib/frame.js";
import { shown } from "../lib/stars.js";
import { dayOf, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { chosen, owner, store, work } from "./state.js";

const PAGE = 20;
const MOST = 300;
const found = signal(null); // { of: a store's id, items, cursor }
const words = signal({}); // of answers that are being written, by rating

async function read(cursor = "") {
  const id = chosen.value;
  const page = await owner.get(`/v1/stores/${id}/ratings?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
  if (id !== chosen.value) return;
  found.value = { of: id, items: [...(cursor ? found.value.items : []), ...page.items], cursor: page.next_cursor };
}

export const readRatings = () => work.run("ratings", read);

export function ratings() {
  const { rating } = store.value;
  const { items, cursor } = found.value?.of === chosen.value ? found.value : {};
  return html`
    ${heading(t("store.ratings"))}
    <p class="quiet">${rating ? t("ratings.mean", { mean: (rating.hundredths / 100).toFixed(1), count: rating.count }) : t("ratings.few")}</p>
    ${!items && html`<p class="quiet">${t("wait")}</p>`}
    ${items?.length === 0 && html`<p class="empty">${t("ratings.none")}</p>`}
    <ul class="cards">${items?.map((one) => html`<li key=${one.id}>${row(one)}</li>`)}</ul>
    ${cursor && html`<button class="wide" onClick=${() => work.run("ratings", () => read(cursor))}>${t("more")}</button>`}
  `;
}

function row({ id, store: stars, comment, given_on: day, answer }) {
  const said = words.value[id] ?? answer?.text ?? "";
  const write = (text) => (words.value = { ...words.value, [id]: text });
  return html`<article class="ticket" aria-label=${t("ratings.one", { day: dayOf(day) })}>
    <header>${shown(stars)} <small>${dayOf(day)}</small></header>
    ${comment && html`<p class="note">“${comment}”</p>`}
    <form onSubmit=${(event) => (event.preventDefault(), reply(id, said.trim()))}>
      <label>${t("ratings.answer")}
        <input required maxlength=${MOST} autocomplete="off" value=${said} onInput=${(event) => write(event.target.value)} /></label>
      <button class="small" disabled=${said.trim() === (answer?.text ?? "")}>${t(answer ? "ratings.again" : "ratings.send")}</button>
    </form>
    ${answer && html`<p class="quiet" role="status">${t("ratings.answered", { day: dayOf(answer.at) })}</p>`}
  </article>`;
}

function reply(id, text) {
  return work.run("ratings", async () => {
    await owner.put(`/v1/stores/${chosen.value}/ratings/${id}/answer`, { text });
    await read();
  });
}
