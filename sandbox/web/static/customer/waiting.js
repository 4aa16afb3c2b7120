// Who fetches an order by car tells at which parking bay they wait: the store brings it out.
import { hour, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { settle } from "../lib/work.js";
import { order } from "./following.js";
import { mina, work } from "./state.js";

const MOST = 5; // so often somebody may park anew
const MADE = new Set(["CONFIRMED", "PREPARING", "READY_FOR_PICKUP"]);
const spot = signal("");

/** Where one waits, and the field to say so, while the store has it and it is fetched. */
export function bay({ id, fulfilment, status, customer_waits: waits }) {
  if (fulfilment !== "takeaway" || !MADE.has(status)) return null;
  return html`<form onSubmit=${(event) => (event.preventDefault(), tell(id))}>
    <div class="part">
      ${waits && html`<p role="status">${t("bay.told", { spot: waits.spot, hour: hour(waits.since) })}</p>`}
      ${(waits?.number ?? 0) < MOST && html`<div class="between end">
        <label class="grow">${t(waits ? "bay.other" : "bay.here")}
          <input required pattern="[A-Za-z]{0,3}-?[0-9]{1,4}" maxlength="8" autocomplete="off" autocapitalize="characters" placeholder="B-12"
            value=${spot.value} onInput=${(event) => (spot.value = event.target.value)} /></label>
        <button aria-busy=${String(work.busy.value.includes("bay"))}>${t("bay.tell")}</button>
      </div>`}
    </div>
  </form>`;
}

function tell(id) {
  return work.run("bay", async () => {
    settle(order, await mina.post(`/v1/orders/${id}/waiting`, { spot: spot.value.toUpperCase() }));
    spot.value = "";
  });
}
