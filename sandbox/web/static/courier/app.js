// The courier's app: on or off duty, an offer and its countdown, a delivery step by step.
import { place } from "../lib/api.js";
import { frame, heading } from "../lib/frame.js";
import { describe, map } from "../lib/map.js";
import { phone } from "../lib/phone.js";
import { clock, hour, metres, money, named, t } from "../lib/texts.js";
import { html, mount, now } from "../lib/view.js";
import { earned, earnings, net } from "./earnings.js";
import { delivery } from "./job.js";
import { accept, at, begin as open, decline, declined, done, duty, hear, job, offer, ready, toggleDuty, work } from "./state.js";

const PERIOD = 45;

export function begin(element) {
  const device = phone("courier", hear);
  work.run("open", open);
  mount(element, () =>
    frame({
      who: "courier",
      name: place.people.courier.name,
      side: html`<button role="switch" class="switch" aria-checked=${String(duty.value.status === "on")}
        aria-label=${t("duty")} disabled=${!ready.value} onClick=${toggleDuty}></button>`,
      device,
      problem: work.problem,
      children: body(),
    }),
  );
}

function body() {
  if (!at.value) return html`<p class="quiet">${t("wait")}</p>`;
  if (job.value) return delivery();
  if (offer.value) return proposal(offer.value);
  return idle();
}

function idle() {
  const on = duty.value.status === "on";
  return html`
    ${heading(t(`duty.${duty.value.status}`))}
    ${done.value && html`<p class="state" role="status">${t(`done.${done.value.status}`, { sum: earned(done.value) })}</p>`}
    ${declined.value && on && html`<p class="hint" role="status">${t("offer.declined")}</p>`}
    <p class="quiet">${t(on ? "duty.waiting" : "duty.hint")}</p>
    ${!on && html`<button class="main wide" onClick=${toggleDuty} disabled=${!ready.value}>${t("duty.start")}</button>`}
    ${map({ frame: [at.value], marks: [{ kind: "courier", at: at.value }], label: describe("here") })}
    ${earnings()}
  `;
}

function proposal({ pickup, drop_area: area, ready_at: ready, until, earning, metres_to_pickup: near, metres_to_drop: far }) {
  const left = Math.max(0, (Date.parse(until) - now.value) / 1000);
  const [store, drop] = [pickup.location.coordinates, area.location.coordinates];
  const marks = [
    { kind: "store", at: store },
    { kind: "home", at: drop },
    { kind: "courier", at: at.value },
  ];
  return html`
    ${heading(t("offer.title"))}
    <p class="sum">${net(earning)} <small>${t("offer.net")}</small></p>
    <div class="countdown" aria-hidden="true"><i style=${{ width: `${Math.min(100, (left / PERIOD) * 100)}%` }}></i></div>
    <p class="quiet">${t("offer.left", { left: clock(left) })}</p>
    ${map({ frame: [store, drop, at.value], marks, label: describe("offer", { store: named(pickup.names) }) })}
    <dl class="facts">
      <div><dt>${t("offer.from")}</dt><dd>${named(pickup.names)}<small>${pickup.address}</small></dd></div>
      <div><dt>${t("offer.way")}</dt><dd>${t("offer.metres", { near: metres(near), far: metres(far) })}</dd></div>
      <div><dt>${t("offer.ready")}</dt><dd>${hour(ready)}</dd></div>
      <div><dt>${t("offer.pay")}</dt><dd>${t("offer.sums", {
        gross: money(earning.gross, earning.currency),
        fee: money(earning.fee, earning.currency),
        tip: money(earning.tip, earning.currency),
      })}</dd></div>
    </dl>
    <div class="row">
      <button class="main" onClick=${accept} aria-busy=${String(work.busy.value.includes("offer"))} disabled=${left === 0}>${t("offer.accept")}</button>
      <button onClick=${decline}>${t("offer.decline")}</button>
    </div>
    <p class="quiet center">${t("offer.free")}</p>
  `;
}
