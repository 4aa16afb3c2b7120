// A customer who would pay for cancelling asks the store to be let go for nothing. Silence: it goes on.
import { clock, has, hour, t } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { settle } from "../lib/work.js";
import { asking } from "./ending.js";
import { order } from "./following.js";
import { mina, work } from "./state.js";

const MOST = 2; // so often the store may be asked about one order
const MADE = new Set(["CONFIRMED", "PREPARING", "READY_FOR_PICKUP"]);

/** Whether the store can be asked: it has taken the order on, and still has it. */
export const canAsk = ({ status, customer_request: plea }) =>
  MADE.has(status) && plea?.status !== "open" && (plea?.number ?? 0) < MOST;

export const hasAsked = ({ customer_request: plea }) => plea?.number >= MOST && plea.status !== "open";

export const pleaButton = (id, code) => html`<button onClick=${() => ask(id, code)}>${t("plea.ask")}</button>`;

function ask(id, code) {
  return work.run("cancel", async () => {
    settle(order, await mina.post(`/v1/orders/${id}/ask-to-cancel`, { code }));
    asking.value = false;
  });
}

/** The request and its time, or what the store has answered. */
export function plea({ customer_request: plea, status }) {
  if (!plea || !MADE.has(status) || plea.status === "withdrawn") return null;
  const { status: how, answer_by: until, denied_because: because } = plea;
  if (how !== "open") {
    const why = `plea.because.${because}`;
    return html`<p class="warning" role="status">${t(`plea.${how}`)} ${has(why) && t(why)}</p>`;
  }
  return html`<div class="issues" role="group" aria-label=${t("plea.title")}>
    <p role="status"><b>${t("plea.title")}</b> ${t("plea.until", { hour: hour(until) })}</p>
    <p class="sum" aria-hidden="true">${clock((Date.parse(until) - now.value) / 1000)}</p>
  </div>`;
}
