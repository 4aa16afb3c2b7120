// What asks for the store's attention: orders that wait or were missed, its app and systems, the pause.
import { t, when } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { attention, orders, returned, systems } from "./state.js";

const TOLD = 5 * 60_000;
const MINUTE = 60;
const OURS = new Set(["no_response", "no_heartbeat"]);

/** What is to be done at once, above the orders. */
export function alarms() {
  const { paused, misses, escalations = [] } = attention.value ?? {};
  const open = new Set(orders.value.filter((one) => one.status === "CREATED").map((one) => one.id));
  const reminded = escalations.filter((one) => open.has(one.order_id)).length;
  const pleas = orders.value.filter((one) => one.customer_request?.status === "open").length;
  const why = `alarm.${paused?.reason}`;
  const counts = misses && { count: misses.count, most: misses.pause_at, minutes: misses.window_seconds / MINUTE };
  return html`
    ${reminded > 0 && html`<p class="warning" role="alert">${t("board.reminded", { count: reminded })}</p>`}
    ${pleas > 0 && html`<p class="warning" role="alert">${t("board.pleas", { count: pleas })}</p>`}
    ${OURS.has(paused?.reason) && html`<p class="warning" role="alert">${t(why, { most: misses.pause_at })}</p>`}
    ${counts?.count > 0 && paused?.reason !== "no_response" && html`<p class="warning" role="status">${t("alarm.missed", counts)}</p>`}
    ${now.value - returned.value < TOLD && html`<p class="hint" role="status">${t("alarm.back")}</p>`}
  `;
}

/** What was within a day, the app, and the store's own systems. */
export function record() {
  if (!attention.value) return null;
  const { escalations, heartbeat } = attention.value;
  return html`<div class="part"><h4>${t("alarm.title")}</h4>
    ${!escalations.length && html`<p class="quiet">${t("alarm.none")}</p>`}
    <ul class="lines">${escalations.map((one) => html`<li key=${one.order_id}>${waited(one)}</li>`)}</ul>
    <h4>${t("alarm.systems")}</h4>
    <p class="quiet">${t(`alarm.app.${heartbeat.state}`, { hour: heartbeat.seen_at ? when(heartbeat.seen_at) : "" })}</p>
    ${systems.value.map((one) => html`<p key=${one.id} class=${ails(one) ? "warning" : "quiet"}>${system(one)}</p>`)}
  </div>`;
}

function waited({ order_id: id, reminders, reminded_at: last, confirm_by: until, missed_at: missed }) {
  const told = last ? t("alarm.reminded", { count: reminders, hour: when(last) }) : "";
  const isOpen = until && orders.value.some((one) => one.id === id && one.status === "CREATED");
  return html`<div class="text"><strong>${t("ticket", { id: id.slice(-4) })}</strong> <small>${told}</small>
    ${isOpen && html`<small class="shut">${t("alarm.open", { hour: when(until) })}</small>`}
    ${missed && html`<small class="shut">${t("alarm.lapsed", { hour: when(missed) })}</small>`}</div>`;
}

const ails = ({ status, health }) => status !== "active" || health.failures_in_a_row > 0;

function system({ url, status, health }) {
  const { failing_since: since, failures_in_a_row: count } = health;
  const how = status === "active" && since ? "failing" : status;
  return t(`alarm.system.${how}`, { host: new URL(url).host, count, hour: since ? when(since) : "" });
}
