// The delivery at hand: where to, what next, the PIN at the door, and the ways out.
import { heading } from "../lib/frame.js";
import { describe, doors, map } from "../lib/map.js";
import { hour, metres, money, named, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { earned } from "./earnings.js";
import { ways } from "./leaving.js";
import { isRoute, route, short } from "./route.js";
import { arrive, at, done, from, job, jobs, left, path, setOff, step, work } from "./state.js";
import { why } from "./why.js";

const TO_STORE = new Set(["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "RETURNING_TO_MERCHANT"]);
const NEAR = 20; // metres that nobody needs to be told
const pin = signal("");
const aged = signal(false);

export function delivery() {
  const { status, pickup, drop_off: drop, earning, promised_by: by } = job.value;
  const toStore = TO_STORE.has(status) || !drop;
  const goal = (toStore ? pickup : drop).location.coordinates;
  const homes = jobs.value.filter((one) => one.drop_off).map((one) => [one.stop, one.drop_off.location.coordinates]);
  const marks = [
    { kind: "store", at: pickup.location.coordinates },
    ...(isRoute() ? doors(homes) : [{ kind: "home", at: drop?.location.coordinates }]),
    { kind: "courier", at: at.value },
  ];
  return html`
    ${outcome("hint")}
    ${heading(t(`job.${status}`))}
    <p class="state" role="status">${toStore ? named(pickup.names) : drop.address}
      <small>${toStore ? pickup.address : ""} ${left(goal) > NEAR && metres(left(goal))}</small></p>
    ${map({ frame: [goal, from.value ?? at.value], marks, path: path.value, label: describe("ride", { metres: metres(left(goal)) }) })}
    ${status === "RETURNING_TO_MERCHANT" && html`<p class="hint">${t("returning", { sum: earned(job.value) })}</p>`}
    ${!toStore && entrance(drop)}
    ${[job.value.courier_note, job.value.note].filter(Boolean).map((one) => html`<p class="note">“${one}”</p>`)}
    ${next(status, goal)}
    ${status !== "RETURNING_TO_MERCHANT" && html`<p class="quiet center">${t("job.facts", { by: hour(by), sum: money(earning.net + earning.tip, earning.currency) })}</p>`}
    ${route()}
    ${ways(status)}
    ${why()}
  `;
}

/** How the last one ended: also while others of the same route are still in hand. */
export const outcome = (look) =>
  done.value && html`<p class=${look} role="status">${t(`done.${done.value.status}`, { sum: earned(done.value) })}</p>`;

/** How to get in, and whether it is left at the door. */
function entrance({ entrance_code: code, leave_at_door: leave }) {
  if (!code && !leave) return null;
  return html`<dl class="facts">
    ${code && html`<div><dt>${t("place.entrance_code")}</dt><dd><b>${code}</b></dd></div>`}
    ${leave && html`<div><dt>${t("door")}</dt><dd>${t("place.leave")}</dd></div>`}
  </dl>`;
}

/** The one thing to do next. */
function next(status, goal) {
  const [store, home] = [job.value.pickup.location.coordinates, job.value.drop_off?.location.coordinates];
  switch (status) {
    case "ACCEPTED":
      return main("heading-to-store", () => setOff("heading-to-store", store));
    case "PICKUP_ONGOING":
      return main("arrived-at-store", () => arrive("arrived-at-store", store));
    case "ARRIVED_AT_MERCHANT":
      return main("picked-up", () => step("picked-up"), isRoute() && t("route.have", { id: short(job.value) }));
    case "ORDER_PICKED":
      return main("heading-to-customer", () => setOff("heading-to-customer", home));
    case "DELIVERY_ONGOING":
      return main("arrived-at-customer", () => arrive("arrived-at-customer", goal));
    case "ARRIVED_AT_CUSTOMER":
      return door();
    case "RETURNING_TO_MERCHANT":
      return main("returned", () => arrive("returned", store));
    default:
      return null;
  }
}

function main(name, act, words) {
  const riding = path.value.length > 1 && name.startsWith("arrived");
  return html`<button class="main wide" aria-busy=${String(work.busy.value.includes("step"))} onClick=${act}>
    ${words || t(riding ? `${name}.already` : `do.${name}`)}
  </button>`;
}

function door() {
  return html`<form class="door" onSubmit=${hand}>
    <label for="pin">${t("pin.label")}</label>
    <input id="pin" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" required=${job.value.proof === "pin"} autocomplete="off"
      value=${pin.value} onInput=${(event) => (pin.value = event.target.value)} aria-describedby="pin-tries" />
    <p class="quiet" id="pin-tries">${t("pin.tries", { count: job.value.pin_tries_left })}</p>
    ${job.value.minimum_age &&
    html`<label><input type="checkbox" required checked=${aged.value} onChange=${(event) => (aged.value = event.target.checked)} />
      ${t("age.checked", { age: job.value.minimum_age })}</label>`}
    <button class="main wide" aria-busy=${String(work.busy.value.includes("step"))}>${t("do.delivered")}</button>
  </form>`;
}

function hand(event) {
  event.preventDefault();
  const said = { pin: pin.value || null, age_checked: aged.value };
  pin.value = "";
  aged.value = false;
  return step("delivered", said);
}
