// What one thought of an order: stars for its store and for who brought it, words, and the store's answer.
import { dayOf, t } from "../lib/texts.js";
import { shown, stars } from "../lib/stars.js";
import { html, signal } from "../lib/view.js";
import { settle } from "../lib/work.js";
import { mina, work } from "./state.js";

const MOST = 300;
export const rated = signal(null); // what was said, as the API has it
const draft = signal(null); // what is being said: { order, store, courier, comment }

export function forgetRating() {
  rated.value = draft.value = null;
}

export async function readRating(id) {
  settle(rated, await mina.get(`/v1/orders/${id}/rating`).catch(() => null));
}

export function rating(seen) {
  const { id } = seen;
  const said = rated.value?.order_id === id ? rated.value : null;
  if (said && draft.value?.order !== id) return told(said);
  const one = draft.value?.order === id ? draft.value : { order: id, store: 0, courier: 0, comment: "" };
  const set = (change) => (draft.value = { ...one, ...change });
  return html`<form onSubmit=${(event) => (event.preventDefault(), rate(one))}>
    <div class="part">
      <h4>${t("rate")}</h4>
      ${stars("store", t("rate.store"), one.store, (store) => set({ store }))}
      ${seen.delivered_by === "platform" && stars("courier", t("rate.courier"), one.courier, (courier) => set({ courier }))}
      <label>${t("rate.words")}
        <input maxlength=${MOST} autocomplete="off" value=${one.comment} onInput=${(event) => set({ comment: event.target.value })} />
        <small>${t("rate.private")}</small>
      </label>
      <button class="wide" aria-busy=${String(work.busy.value.includes("rate"))}>${t("rate.send")}</button>
    </div>
  </form>`;
}

function told(said) {
  const { order_id: order, store, courier, comment, answer, editable_until: until } = said;
  const change = () => (draft.value = { order, store, courier: courier ?? 0, comment: comment ?? "" });
  return html`<div class="part" role="group" aria-label=${t("rate.said")}>
    <div class="between"><h4>${t("rate.said")}</h4>
      ${Date.parse(until) > Date.now() && html`<button onClick=${change}>${t("place.edit")}</button>`}</div>
    <div role="status"><p>${t("rate.store")} ${shown(store)}</p>${courier && html`<p>${t("rate.courier")} ${shown(courier)}</p>`}</div>
    ${comment && html`<p class="note">“${comment}”</p>`}
    ${answer ? html`<p class="hint"><b>${t("rate.answer", { day: dayOf(answer.at) })}</b> ${answer.text}</p>` : html`<p class="quiet">${t("rate.waits")}</p>`}
  </div>`;
}

function rate({ order, store, courier, comment }) {
  const body = { store, ...(courier && { courier }), ...(comment.trim() && { comment: comment.trim() }) };
  return work.run("rate", async () => {
    rated.value = await mina.put(`/v1/orders/${order}/rating`, body);
    draft.value = null;
  });
}
