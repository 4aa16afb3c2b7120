// What a store tells of an order: that it cannot take it or go on, and that it takes longer.
import { picker } from "../lib/frame.js";
import { clock, hour, t } from "../lib/texts.js";
import { html, now, signal } from "../lib/view.js";
import { command, telling } from "./state.js";

const REASONS = ["too_busy", "item_unavailable", "closing", "cannot_fulfil_note", "other"];
const DELAYS = ["kitchen_busy", "item_takes_longer", "staff_missing", "equipment_broken", "courier_late", "weather", "other"];
const LATER = [10, 20, 30];
const MINUTE = 60_000;
/** A new order is rejected; of one that is confirmed its customer is asked. */
const GIVEN_UP = {
  CREATED: "reject",
  CONFIRMED: "request-cancellation",
  PREPARING: "request-cancellation",
  READY_FOR_PICKUP: "request-cancellation",
};
const COOKED = new Set(["CONFIRMED", "PREPARING"]);
const why = signal("kitchen_busy");

export const tell = (id, what) => () => (telling.value = id && { id, what });

/** The ways out of an order, as buttons. */
export function ways({ id, status, cancellation_request: asked }) {
  return html`
    ${COOKED.has(status) && html`<button onClick=${tell(id, "delay")}>${t("do.delay")}</button>`}
    ${GIVEN_UP[status] && asked?.status !== "open" && html`<button onClick=${tell(id, "giving_up")}>${t(`do.${GIVEN_UP[status]}`)}</button>`}
  `;
}

const PANELS = { delay, giving_up: refusal };

/** The panel of the way that was pressed, or null. */
export const panel = (order) => (telling.value?.id === order.id && PANELS[telling.value.what]?.(order)) || null;

function refusal(order) {
  const way = GIVEN_UP[order.status] ?? "reject";
  return html`<div class="issues" role="group" aria-label=${t(`do.${way}`)}>
    <p>${t("reject.why")}</p>
    <div class="row">
      ${REASONS.map((code) => html`<button key=${code} onClick=${() => command(order, way, { code })}>${t(`reject.${code}`)}</button>`)}
      <button class="quiet" onClick=${tell("")}>${t("back")}</button>
    </div>
  </div>`;
}

/** Another time is promised on a whole minute, and so many minutes after the present promise. */
function delay(order) {
  const begins = Math.max(Date.parse(order.promised.begins), Date.now());
  const at = (minutes) => new Date(Math.floor((begins + minutes * MINUTE) / MINUTE) * MINUTE).toISOString();
  return html`<div class="issues" role="group" aria-label=${t("do.delay")}>
    ${picker(t("delay.why"), DELAYS.map((one) => [one, t(`delay.${one}`)]), why.value, (one) => (why.value = one))}
    <p>${t("delay.by")}</p>
    <div class="row">
      ${LATER.map((one) => html`<button key=${one} onClick=${() => command(order, "delay", { promised_for: at(one), reason: why.value })}>${t("delay.minutes", { count: one })}</button>`)}
      <button class="quiet" onClick=${tell("")}>${t("back")}</button>
    </div>
  </div>`;
}

/** The time that is left to answer, for who can see: read out each second it would be a nuisance. */
export const left = ({ answer_by: until }) => html` <span class="due" aria-hidden="true">${clock((Date.parse(until) - now.value) / 1000)}</span>`;

/** What was told, and how it stands: the last request to cancel, the last delay. */
export function told({ cancellation_request: asked, delay, first_promised: first }) {
  return html`
    ${asked && html`<p class=${asked.status === "open" ? "warning" : "quiet"} role="status">${t(`asked.${asked.status}`)}${asked.status === "open" && left(asked)}</p>`}
    ${delay && html`<p class="quiet">${t("delay.told", { was: hour(first.ends) })} ${t(`delay.${delay.reason}`)}</p>`}
  `;
}
