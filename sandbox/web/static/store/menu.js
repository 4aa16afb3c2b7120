// What of the menu cannot be had, item by item and option by option, and when it comes back.
import { heading, picker } from "../lib/frame.js";
import { money, named, t, when } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { menu, offer, returns, work } from "./state.js";

const RETURNS = ["next_service_day", "next_opening", "hour", "by_hand"];

export function kitchen() {
  if (!menu.value) return html`${heading(t("store.menu"))}<p class="quiet">${t("wait")}</p>`;
  const { categories, currency } = menu.value;
  return html`
    ${heading(t("store.menu"))}
    ${picker(t("menu.returns"), RETURNS.map((one) => [one, t(`menu.returns.${one}`)]), returns.value, (one) => (returns.value = one))}
    ${categories.map(
      (category) => html`<section key=${category.id} aria-labelledby=${`have-${category.id}`}>
        <h4 id=${`have-${category.id}`}>${named(category.names)}</h4>
        <ul class="lines">${category.items.map((item) => html`<li key=${item.id}>${row(item, currency)}</li>`)}</ul>
      </section>`,
    )}
  `;
}

/** How a thing is away: { item_id, group_id?, option_id? } as the menu names it; or undefined. */
const away = ({ item_id: item, group_id: group, option_id: option }) =>
  menu.value.unavailable.find(
    (one) => one.item_id === item && (one.group_id ?? null) === (group ?? null) && (one.option_id ?? null) === (option ?? null),
  );

function row(item, currency) {
  const { length } = item.option_groups.flatMap((one) => one.options);
  return html`
    ${line({ item_id: item.id }, item.names, money(item.price, currency))}
    ${length > 0 && html`<details class="options"><summary>${t("menu.options", { count: length })}<span class="hidden"> ${named(item.names)}</span></summary>
      <ul class="lines">${item.option_groups.flatMap((group) =>
        group.options.map((option) => {
          const thing = { item_id: item.id, group_id: group.id, option_id: option.id };
          return html`<li key=${`${group.id}-${option.id}`}>${line(thing, option.names, named(group.names), named(item.names))}</li>`;
        }),
      )}</ul></details>`}
  `;
}

function line(thing, names, about, of) {
  const gone = away(thing);
  const what = of ? `${named(names)} · ${of}` : named(names);
  const key = Object.values(thing).join("/");
  const until = gone?.until ? ` · ${t("menu.until", { hour: when(gone.until) })}` : "";
  return html`
    <div class="text"><strong>${named(names)}</strong>
      <small class=${gone ? "shut" : ""}>${gone ? `${t(`gone.${gone.why}`)}${until}` : about}</small>
    </div>
    <button role="switch" class="switch" aria-checked=${String(!gone)} aria-busy=${String(work.busy.value.includes(key))}
      aria-label=${t("menu.there", { item: what })} onClick=${() => offer(key, thing, Boolean(gone))}></button>
  `;
}
