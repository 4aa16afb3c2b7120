// The courier's app: on or off duty, an offer and its countdown, a delivery step by step.
import { place } from "../lib/api.js";
import { frame, heading } from "../lib/frame.js";
import { describe, map } from "../lib/map.js";
import { phone } from "../lib/phone.js";
import { t } from "../lib/texts.js";
import { html, mount } from "../lib/view.js";
import { earnings } from "./earnings.js";
import { delivery, outcome } from "./job.js";
import { proposal } from "./offer.js";
import { at, begin as open, declined, duty, hear, job, offer, ready, toggleDuty, work } from "./state.js";
import { why } from "./why.js";

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
    ${outcome("state")}
    ${declined.value && on && html`<p class="hint" role="status">${t("offer.declined")}</p>`}
    <p class="quiet">${t(on ? "duty.waiting" : "duty.hint")}</p>
    ${!on && html`<button class="main wide" onClick=${toggleDuty} disabled=${!ready.value}>${t("duty.start")}</button>`}
    ${map({ frame: [at.value], marks: [{ kind: "courier", at: at.value }], label: describe("here") })}
    ${earnings()}
    ${why()}
  `;
}
