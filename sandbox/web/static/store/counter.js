// Handing over: whose an order is, by the code that only its customer is shown. Nobody has to ask for it.
import { t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { handOver, work } from "./state.js";

const TRIES = 5;
const typed = signal({}); // digits that are being written, by order
const left = signal({}); // tries, by order, once a code was wrong

/** What hands an order over that its store hands over now: at the counter, or at the door by its rider. */
const way = ({ fulfilment, status, delivered_by: by }) =>
  (fulfilment === "takeaway" && status === "READY_FOR_PICKUP" && "picked-up") ||
  (fulfilment === "delivery" && by === "store" && status === "DISPATCHED" && "delivered");

const triesOf = ({ id }) => left.value[id] ?? TRIES;

/** Whether the code is what hands an order over first of all. */
export const asksForCode = (order) => Boolean(way(order)) && triesOf(order) > 0;

export function counter(order) {
  if (!way(order)) return null;
  if (!asksForCode(order)) return html`<p class="warning" role="status">${t("problem.code_locked")}</p>`;
  const { id } = order;
  const hint = `tries-${id}`;
  const write = (digits) => (typed.value = { ...typed.value, [id]: digits });
  return html`<form onSubmit=${(event) => (event.preventDefault(), check(order))}>
    <div class="between end">
      <label class="grow">${t("code.label")}
        <input class="digits" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" required autocomplete="off" aria-describedby=${hint}
          value=${typed.value[id] ?? ""} onInput=${(event) => write(event.target.value)} /></label>
      <button class="main" aria-busy=${String(work.busy.value.includes(id))}>${t("code.check")}</button>
    </div>
    <p class="quiet" id=${hint}>${t("pin.tries", { count: triesOf(order) })}</p>
  </form>`;
}

function check(order) {
  const { id } = order;
  const code = typed.value[id];
  typed.value = { ...typed.value, [id]: "" };
  return handOver(order, code, way(order), ({ code: why, body }) => {
    const count = { wrong_code: body.tries_left, code_locked: 0 }[why];
    if (count !== undefined) left.value = { ...left.value, [id]: count };
  });
}
