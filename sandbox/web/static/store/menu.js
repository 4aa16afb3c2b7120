// What is sold out for today, and pauses with their reasons.
import { heading } from "../lib/frame.js";
import { hour, money, named, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { menu, offer, pause, resume, store, work } from "./state.js";

const REASONS = ["busy", "equipment", "staff", "stock", "other"];
const SPANS = [15, 30, 60, 0];
const reason = signal("busy");
const span = signal(30);

export function kitchen() {
  if (!menu.value) return html`${heading(t("store.menu"))}<p class="quiet">${t("wait")}</p>`;
  const { categories, unavailable, currency } = menu.value;
  const gone = new Map(unavailable.filter((one) => one.item_id && !one.group_id).map((one) => [one.item_id, one]));
  return html`
    ${heading(t("store.menu"))}
    <p class="quiet">${t("menu.hint")}</p>
    ${categories.map(
      (category) => html`<section key=${category.id} aria-labelledby=${`have-${category.id}`}>
        <h4 id=${`have-${category.id}`}>${named(category.names)}</h4>
        <ul class="lines">${category.items.map((item) => html`<li key=${item.id}>${row(item, gone.get(item.id), currency)}</li>`)}</ul>
      </section>`,
    )}
  `;
}

function row(item, away, currency) {
  return html`
    <div class="text"><strong>${named(item.names)}</strong>
      <small>${away ? `${t(`gone.${away.why}`)}${away.until ? ` · ${t("menu.until", { hour: hour(away.until) })}` : ""}` : money(item.price, currency)}</small>
    </div>
    <button role="switch" class="switch" aria-checked=${String(!away)} aria-busy=${String(work.busy.value.includes(item.id))}
      aria-label=${t("menu.there", { item: named(item.names) })} onClick=${() => offer(item, Boolean(away))}></button>
  `;
}

export function rest() {
  const { pause_reason: why, paused_until: until } = store.value;
  if (why) {
    return html`${heading(t("store.pause"))}
      <p class="state" role="status">${t("pause.now", { reason: t(`pause.${why}`) })}</p>
      <p class="quiet">${until ? t("pause.until", { hour: hour(until) }) : t("pause.open")}</p>
      <button class="main wide" onClick=${resume}>${t("pause.end")}</button>`;
  }
  return html`${heading(t("store.pause"))}
    <p class="quiet">${t("pause.hint")}</p>
    ${radios("reason", REASONS.map((one) => [one, t(`pause.${one}`)]), reason)}
    ${radios("span", SPANS.map((one) => [one, one ? t("pause.minutes", { count: one }) : t("pause.hand")]), span)}
    <button class="main wide" onClick=${() => pause(reason.value, span.value)}>${t("pause.begin")}</button>`;
}

function radios(name, options, value) {
  return html`<fieldset>
    <legend>${t(`pause.by.${name}`)}</legend>
    ${options.map(
      ([one, text]) => html`<label class="check" key=${one}>
        <input type="radio" name=${`pause-${name}`} checked=${value.value === one} onChange=${() => (value.value = one)} />
        <span>${text}</span>
      </label>`,
    )}
  </fieldset>`;
}
