// Late orders, and giving one up: what the customer may decide, and its price.
import { api } from "../lib/api.js";
import { panel, picker } from "../lib/frame.js";
import { hour, money, remember, remembered, t } from "../lib/texts.js";
import { html, now, signal } from "../lib/view.js";
import { settle } from "../lib/work.js";
import { feeOf } from "./buying.js";
import { order } from "./following.js";
import { canAsk, hasAsked, pleaButton } from "./pleading.js";
import { mina, work } from "./state.js";

const WHOLE = 10_000;
const REASONS = ["changed_mind", "ordered_by_mistake", "takes_too_long", "other"];
const COOKED = new Set(["CONFIRMED", "PREPARING"]);
export const asking = signal(false);
const reason = signal("changed_mind");
const patient = signal(remembered("patient") ?? "");
const terms = signal(null); // the published table of what cancelling costs

export async function readTerms() {
  terms.value = await api("").get("/v1/cancellation-terms");
}

/** Whether the promise is broken so far that one may go for nothing, by the published table. */
function isBroken({ promised, first_promised: first, delay, status }) {
  if (!terms.value) return false;
  const limit = Date.parse((first ?? promised).ends) + terms.value.late_minutes * 60_000;
  return (Boolean(delay) && Date.parse(promised.ends) > limit) || (COOKED.has(status) && now.value > limit);
}

/** What cancelling costs: as the price told it, or as the table has it; 0 where it is late, or the store asks. */
function fee(seen) {
  if (isBroken(seen) || seen.cancellation_request?.status === "open") return 0;
  const told = feeOf(seen.id, seen.status);
  if (told !== undefined || !terms.value) return told;
  const rule = terms.value.rules.find((one) => one.initiated_by === "customer" && one.while_status === seen.status && !one.late);
  const paid = seen.lines.reduce((sum, line) => sum + line.amount - (line.discount ?? 0), 0);
  return rule && Math.floor((paid * rule.basis_points) / WHOLE);
}

/** It takes longer than was promised: why, until when, and what one may do about it. */
export function delayed(seen) {
  const { id, delay, first_promised: first, promised } = seen;
  const broken = isBroken(seen);
  const key = `${id}.${delay?.number ?? 0}`;
  if ((!delay && !broken) || patient.value === key) return null;
  const wait = () => {
    patient.value = key;
    remember("patient", key);
  };
  return html`<div class="issues" role="group" aria-label=${t("late")}>
    <p role="status"><b>${t("late")}</b> ${delay && t(`delay.${delay.reason}`)}</p>
    <p>${t("late.now", { was: hour((first ?? promised).ends), now: hour(promised.ends) })}</p>
    ${broken && html`<p class="quiet">${t("late.free")}</p>`}
    <div class="row">
      <button onClick=${wait}>${t("nobody.wait")}</button>
      ${broken && html`<button class="danger" onClick=${() => cancel(id, "takes_too_long")}>${t("nobody.cancel")}</button>`}
    </div>
  </div>`;
}

/** What it costs, and both choices: to pay that, or to ask the store to let it go for nothing. */
export function cancelling(seen) {
  const { id, total, status } = seen;
  const [isReady, may] = [status === "READY_FOR_PICKUP", canAsk(seen)];
  if (isReady && !may) return null;
  const begin = t(isReady ? "plea.ask" : "order.cancel");
  if (!asking.value) return html`<button class="wide danger" onClick=${() => (asking.value = true)}>${begin}</button>`;
  const costs = fee(seen);
  const sum = costs && money(costs, total.currency);
  const told = isReady ? t("plea.ready") : costs === undefined ? t("cancel.table") : costs ? t("cancel.costs", { fee: sum }) : t("cancel.free");
  const asks = may && (isReady || costs !== 0);
  return panel(begin, html`
    <p role="status"><b>${told}</b> ${asks && t("plea.how")} ${!asks && costs !== 0 && hasAsked(seen) && t("plea.twice")}</p>
    ${picker(t("cancel.why"), REASONS.map((one) => [one, t(`cancel.${one}`)]), reason.value, (one) => (reason.value = one))}
    <div class="row">
      ${asks && pleaButton(id, reason.value)}
      ${!isReady && html`<button class="danger" onClick=${() => cancel(id, reason.value)}>${sum ? t("cancel.pay", { fee: sum }) : t("cancel.yes")}</button>`}
      <button onClick=${() => (asking.value = false)}>${t("cancel.no")}</button>
    </div>`);
}

function cancel(id, code) {
  return work.run("cancel", async () => {
    settle(order, await mina.post(`/v1/orders/${id}/cancel`, { code }));
    asking.value = false;
  });
}
