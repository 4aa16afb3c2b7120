// Orders as a kitchen needs them: what is new, what is cooking, what waits to be fetched.
import { chosen, heading } from "../lib/frame.js";
import { clock, has, hour, money, named, t, when, word } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { plea } from "./answering.js";
import { alarms } from "./attention.js";
import { asksForCode, counter } from "./counter.js";
import { rushes } from "./hours.js";
import { command, couriers, orders, store, work } from "./state.js";
import { panel, told, ways } from "./telling.js";

const LANES = {
  new: ["CREATED"],
  cooking: ["CONFIRMED", "PREPARING"],
  ready: ["READY_FOR_PICKUP"],
  away: ["DISPATCHED"],
  back: [],
  over: ["DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"],
};
const COMMANDS = { confirm: "confirm", prepare: "preparing", ready: "ready", pick_up: "picked-up", dispatch: "dispatch", deliver: "delivered" };
const MOST_OVER = 4;

export function board() {
  return html`
    ${heading(t("board.title"))}
    ${store.value.closed && html`<p class="warning">${why()}</p>`}
    ${alarms()}
    ${rushes() && html`<p class="hint">${t("rush.now", { count: store.value.rush.minutes, hour: hour(store.value.rush.until) })}</p>`}
    <p class="hidden" role="status">${t("board.new", { count: lane("new").length })}</p>
    ${Object.keys(LANES).map(column)}
  `;
}

/** Why there are no new orders: what the platform has paused is told in its own words. */
function why() {
  const { pause_reason: reason } = store.value;
  return reason ? `${t("board.paused")} ${t("pause.now", { reason: t(`pause.${reason}`) })}` : t("board.paused");
}

const comesBack = ({ id }) => couriers.value[id]?.status === "RETURNING_TO_MERCHANT";

function lane(name) {
  const found = orders.value.filter((one) => (comesBack(one) ? name === "back" : LANES[name].includes(one.status)));
  return name === "over" ? found.slice(0, MOST_OVER) : found.reverse(); // who has waited longest, first
}

function column(name) {
  const found = lane(name);
  if (!found.length && name !== "new") return null;
  return html`<section key=${name} class="lane ${name}" aria-labelledby=${`lane-${name}`}>
    <h4 id=${`lane-${name}`}>${t(`lane.${name}`)} <span class="count">${found.length}</span></h4>
    ${!found.length && html`<p class="empty">${t("board.quiet")}</p>`}
    <ul class="cards">${found.map((one) => html`<li key=${one.id}>${ticket(one)}</li>`)}</ul>
  </section>`;
}

function ticket(order) {
  const { id, status, fulfilment, promised, lines, total, due_at: due, customer_waits: waits } = order;
  const short = id.slice(-4);
  const bringing = couriers.value[id];
  const why = bringing?.return_code && word("out", bringing.return_code);
  const past = (why && coming(bringing)) || t(`status.${status}`);
  if (LANES.over.includes(status)) {
    return html`<article class="ticket past" aria-label=${t("ticket", { id: short })}><strong>${short}</strong>
      <span class="text">${past} ${why && html`<small>${why}</small>`}</span>
      <span class="price">${money(total.amount, total.currency)}</span></article>`;
  }
  return html`<article class="ticket" aria-label=${t("ticket", { id: short })}>
    <header>
      <strong>${short}</strong> <span class="tag">${t(`fulfilment.${fulfilment}`)}</span>
      <span class="price">${money(total.amount, total.currency)}</span>
    </header>
    <p class="quiet">${t(`ticket.${fulfilment}`, { hour: when(promised.ends) })}
      ${status === "CREATED" && due && html` · <b class="due">${t("ticket.due", { left: clock((Date.parse(due) - now.value) / 1000) })}</b>`}
    </p>
    <ul class="lines">${lines.map((line) => html`<li><div class="text"><strong>${line.quantity} × ${named(line.names)}</strong>${chosen(line)}</div></li>`)}</ul>
    ${order.note && html`<p class="note">“${order.note}”</p>`}
    ${bringing && html`<p class="quiet">${coming(bringing)}</p>`}
    ${waits && html`<p class="warning" role="status"><b class="spot">${waits.spot}</b> ${t("waits", { hour: hour(waits.since) })}</p>`}
    ${told(order)}
    ${plea(order)}
    ${counter(order)}
    ${panel(order) ?? buttons(order)}
  </article>`;
}

function coming({ status, courier }) {
  const key = `coming.${status}`;
  return has(key) ? t(key, { name: courier?.given_name ?? "" }) : "";
}

function buttons(order) {
  const may = order.next_commands.filter((one) => one in COMMANDS && allowed(order, one));
  const byCode = asksForCode(order);
  return html`<div class="row">
    ${may.map((one, index) => html`<button class=${index === 0 && !byCode ? "main" : ""} aria-busy=${String(work.busy.value.includes(order.id))}
      onClick=${() => command(order, COMMANDS[one])}>${t(byCode ? "code.without" : `do.${one}`)}</button>`)}
    ${ways(order)}
  </div>`;
}

/** What couriers bring, they fetch and hand over themselves. */
function allowed({ fulfilment, delivered_by: by }, one) {
  return fulfilment !== "delivery" || by === "store" || !["dispatch", "deliver"].includes(one);
}
