// The ways out of a delivery: giving it back before pick-up, bringing it back after. Nobody is there: wait.
import { panel } from "../lib/frame.js";
import { clock, remember, remembered, t } from "../lib/texts.js";
import { html, now, signal } from "../lib/view.js";
import { FREE } from "./earnings.js";
import { job, PACE, PEDAL, setOff, step } from "./state.js";

const BEFORE = new Set(["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT"]);
const RELEASES = ["breakdown", "accident", "too_long_a_wait", "other"];
const RETURNS = ["customer_absent", "customer_refused", "age_not_proven", "wrong_address", "damaged", "unsafe", "other"];
/** Five minutes at a scooter's pace, and shorter by as much as this page rides faster. */
const PATIENCE = (300_000 * PEDAL) / PACE;
const out = signal(""); // the way out that is looked at
const why = signal(""); // why it cannot be handed over

const close = () => (out.value = why.value = "");

export function ways(status) {
  if (status === "RETURNING_TO_MERCHANT") return null;
  const name = BEFORE.has(status) ? "release" : "undeliverable";
  if (out.value !== name) return html`<button class="wide" onClick=${() => ((why.value = ""), (out.value = name))}>${t(`out.${name}`)}</button>`;
  if (name === "release") return reasons(name, RELEASES, (code) => (close(), step(name, { code })));
  if (!why.value) return reasons(name, RETURNS.filter((code) => code !== "customer_absent" || status === "ARRIVED_AT_CUSTOMER"), choose);
  return why.value === "customer_absent" ? waiting() : sure();
}

function reasons(name, codes, act) {
  return panel(t(`out.${name}`), html`
    <p><b>${t("out.why")}</b> ${t(`out.${name}.then`)}</p>
    <div class="row">
      ${codes.map((code) => html`<button key=${code} onClick=${() => act(code)}>${t(`out.${code}`)}</button>`)}
      <button class="quiet" onClick=${close}>${t("back")}</button>
    </div>`);
}

const waits = () => `waits.${job.value.id}`;

/** Who waits already goes on waiting, though the page was closed meanwhile. */
function choose(code) {
  why.value = code;
  if (code === "customer_absent" && !remembered(waits())) remember(waits(), Date.now());
}

function waiting() {
  const left = (remembered(waits()) + PATIENCE - now.value) / 1000;
  return html`<div key="waiting">${panel(t("out.customer_absent"), html`
    <p role="status"><b>${t(left > 0 ? "wait.ring" : "wait.over")}</b></p>
    ${left > 0 && html`<p class="sum" aria-hidden="true">${clock(left + 1)}</p>`}
    <p>${t("out.costs")}</p>
    <div class="row">
      <button class="danger" disabled=${left > 0} onClick=${bringBack}>${t("wait.leave")}</button>
      <button onClick=${close}>${t("wait.came")}</button>
    </div>`)}</div>`;
}

function sure() {
  return html`<div key="sure">${panel(t(`out.${why.value}`), html`
    <p><b>${t(`out.${why.value}`)}.</b> ${t(FREE.has(why.value) ? "out.free" : "out.costs")}</p>
    <div class="row">
      <button class="danger" onClick=${bringBack}>${t("out.yes")}</button>
      <button onClick=${close}>${t("back")}</button>
    </div>`)}</div>`;
}

function bringBack() {
  const code = why.value;
  close();
  return setOff("undeliverable", job.value.pickup.location.coordinates, { code });
}
