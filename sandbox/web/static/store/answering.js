// A customer asks the store to be let go for nothing: it answers in time, or the order goes on.
import { has, hour, t } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { command, telling } from "./state.js";
import { left, tell } from "./telling.js";

const REASONS = ["dish_already_done", "out_for_delivery", "other"];
const GOING_ON = "going_on";

/** What the customer asks for and the two answers, or what came of it; null where nobody asked. */
export function plea(order) {
  const { id, customer_request: asked } = order;
  if (!asked || asked.status === "withdrawn") return null;
  if (asked.status !== "open") {
    const why = `plea.because.${asked.denied_because}`;
    return html`<p class="quiet" role="status">${t(`pleaded.${asked.status}`)} ${has(why) && t(why)}</p>`;
  }
  const isGoingOn = telling.value?.id === id && telling.value.what === GOING_ON;
  return html`<div class="issues" role="group" aria-label=${t("pleaded")}>
    <p role="status"><b>${t("pleaded")}</b> ${t(`cancel.${asked.code}`)}</p>
    <p class="quiet">${t("pleaded.until", { hour: hour(asked.answer_by) })}${left(asked)}</p>
    ${isGoingOn ? reasons(order) : html`<div class="row">
      <button onClick=${() => command(order, "let-go")}>${t("pleaded.let-go")}</button>
      <button onClick=${tell(id, GOING_ON)}>${t("pleaded.go-on")}</button>
    </div>`}
  </div>`;
}

function reasons(order) {
  return html`<p>${t("out.why")}</p><div class="row">
    ${REASONS.map((code) => html`<button key=${code} onClick=${() => command(order, "go-on", { code })}>${t(`pleaded.${code}`)}</button>`)}
    <button class="quiet" onClick=${tell("")}>${t("back")}</button>
  </div>`;
}
