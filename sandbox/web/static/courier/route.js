// Several deliveries in hand: the order of their doors, which is at hand, and which are still to be fetched.
import { hour, t } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { net } from "./earnings.js";
import { job, jobs, step } from "./state.js";

const HELD = new Set(["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"]);

export const isRoute = () => jobs.value.length > 1;
export const short = ({ order_id: id }) => id.slice(-4);

/** All of them, or nothing where there is one. */
export function route() {
  if (!isRoute()) return null;
  return html`<section class="part" aria-labelledby="route">
    <h4 id="route">${t("route", { count: jobs.value.length })}</h4>
    <ol class="lines">${jobs.value.map(stop)}</ol>
  </section>`;
}

function stop(one) {
  const isAtHand = one.id === job.value.id;
  const state = one.status === "RETURNING_TO_MERCHANT" ? "route.back" : HELD.has(one.status) ? "route.held" : "route.open";
  return html`<li key=${one.id} aria-current=${isAtHand ? "step" : undefined}>
    <span class="number">${one.stop}</span>
    <div class="text"><strong>${one.drop_off?.address ?? one.pickup.address}</strong>
      <small>${isAtHand && html`<b>${t("route.now")}</b> · `}${t("ticket", { id: short(one) })} · ${t(state)} · ${t("route.by", { hour: hour(one.promised_by) })}</small></div>
    <span class="price">${net(one.earning)}</span>
    ${!isAtHand && one.status === "ARRIVED_AT_MERCHANT" && html`<button onClick=${() => step("picked-up", undefined, one)}>${t("route.have", { id: short(one) })}</button>`}
  </li>`;
}
