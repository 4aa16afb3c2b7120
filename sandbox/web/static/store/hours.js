// Whether the store takes orders now: today's hours, pauses with their reason, and the rush.
import { heading, picker } from "../lib/frame.js";
import { dateIn, has, hour, t, when } from "../lib/texts.js";
import { html, now, signal } from "../lib/view.js";
import { record } from "./attention.js";
import { calm, pause, resume, rush, store, today, work } from "./state.js";

const REASONS = ["busy", "equipment", "staff", "stock", "other"];
const SPANS = [15, 30, 60, 120, 0];
const MORE = [10, 20, 30];
const RUSHES = [30, 60, 120];
const reason = signal("busy");
const span = signal(30);
const more = signal(20);
const lasts = signal(60);
const MINUTE = 60_000;

export const rushes = () => Boolean(store.value.rush) && Date.parse(store.value.rush.until) > now.value;

export function open() {
  return html`
    ${heading(t("store.pause"))}
    ${standing()}
    ${store.value.pause_reason ? null : rest()}
    ${busy()}
    ${record()}
  `;
}

/** How it stands, and the one press that turns it round. */
function standing() {
  const { closed, pause_reason: why, paused_until: until, special_hours: days } = store.value;
  const special = days.some((one) => one.date === dateIn(0));
  const act = (act, key, main) => html`<button class=${main ? "main wide" : "wide"} aria-busy=${String(work.busy.value.includes("pause"))} onClick=${act}>${t(key)}</button>`;
  if (why) {
    return html`<div class="part">
      <p class="state" role="status">${t("pause.now", { reason: t(`pause.${why}`) })}</p>
      <p class="quiet">${until ? t("pause.until", { hour: when(until) }) : t("pause.open")}</p>
      ${act(resume, "pause.end", true)}
    </div>`;
  }
  return html`<div class="part">
    <p class="state" role="status">${closed ? told(closed) : t("open.now")}</p>
    ${closed ? act(() => today([{ opens: hour(Date.now()), closes: hour(Date.now() + 120 * MINUTE) }]), "open.anyway", true) : act(() => today([]), "open.close")}
    ${special && act(() => today(null), "open.usual")}
  </div>`;
}

function told({ code, opens_at: opens }) {
  const said = t(has(`issue.${code}`) ? `issue.${code}` : "board.paused");
  return opens ? `${said} ${t("issue.until", { hour: when(opens) })}` : said;
}

function rest() {
  return html`<form class="part" onSubmit=${(event) => (event.preventDefault(), pause(reason.value, span.value))}>
    <h4>${t("pause.begin")}</h4>
    <p class="quiet">${t("pause.hint")}</p>
    <div class="pair">
      ${picker(t("pause.by.reason"), REASONS.map((one) => [one, t(`pause.${one}`)]), reason.value, (one) => (reason.value = one))}
      ${picker(t("pause.by.span"), SPANS.map((one) => [one, one ? t("pause.minutes", { count: one }) : t("pause.hand")]), span.value, (one) => (span.value = Number(one)))}
    </div>
    <button class="wide" aria-busy=${String(work.busy.value.includes("pause"))}>${t("pause.begin")}</button>
  </form>`;
}

/** A rush: everything is promised so much later, for a while, and nobody is turned away. */
function busy() {
  if (rushes()) {
    const { minutes, until } = store.value.rush;
    return html`<div class="part"><h4>${t("rush")}</h4>
      <p class="hint" role="status">${t("rush.now", { count: minutes, hour: hour(until) })}</p>
      <button class="wide" onClick=${calm}>${t("rush.end")}</button>
    </div>`;
  }
  return html`<form class="part" onSubmit=${(event) => (event.preventDefault(), rush(more.value, lasts.value))}>
    <h4>${t("rush")}</h4>
    <p class="quiet">${t("rush.hint")}</p>
    <div class="pair">
      ${picker(t("rush.more"), MORE.map((one) => [one, t("delay.minutes", { count: one })]), more.value, (one) => (more.value = Number(one)))}
      ${picker(t("rush.span"), RUSHES.map((one) => [one, t("pause.minutes", { count: one })]), lasts.value, (one) => (lasts.value = Number(one)))}
    </div>
    <button class="wide" aria-busy=${String(work.busy.value.includes("pause"))}>${t("rush.begin")}</button>
  </form>`;
}
