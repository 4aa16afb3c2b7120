// A store's menu, and one dish of it with its choices.
import { heading, tile } from "../lib/frame.js";
import { money, named, t, word } from "../lib/texts.js";
import { html } from "../lib/view.js";
import { basketBar } from "./basket.js";
import { badges, closed, facts, toBrowse } from "./browse.js";
import { conflicts } from "./eating.js";
import { heart } from "./favourites.js";
import { add, basket, choose, count, dish, go, gone, store, take } from "./state.js";

export function menu() {
  const { names, menu, about, offered, closed: shut, eta_minutes: eta } = store.value;
  return html`
    ${heading(named(names), toBrowse, heart(store.value))}
    <div class="facts">
      <p class=${shut ? "due" : "quiet"}>${shut ? closed(shut) : eta && t("customer.eta", { eta })}</p>
      <p class="quiet">${facts(store.value)}</p>
      ${badges({ rating: about.rating })}
      ${offered.length > 0 && html`<ul aria-label=${t("offers")}>${offered.map((one) => html`<li><small class="tag good">${terms(one, menu.currency)}</small></li>`)}</ul>`}
    </div>
    ${menu.categories.map(
      (category) => html`<section key=${category.id} aria-labelledby=${`cat-${category.id}`}>
        <h4 id=${`cat-${category.id}`}>${named(category.names)}</h4>
        <ul class="cards">
          ${category.items.map((item) => html`<li key=${item.id}>${entry(item, menu.currency)}</li>`)}
        </ul>
      </section>`,
    )}
    ${count.value > 0 && basketBar()}
  `;
}

/** What is offered by itself, and from what sum on. */
function terms({ names, minimum, first_order: first }, currency) {
  const more = [minimum && t("offer.minimum", { sum: money(minimum, currency) }), first && t("offer.first")];
  return [named(names), ...more.filter(Boolean)].join(" · ");
}

/** The price of a dish in an offer, where there is one; what counts in the end, the quote says. */
const cheaper = (item) =>
  store.value.offered.map((one) => one.benefit).find((one) => one.type === "item" && one.item_id === item.id && one.price < item.price);

function entry(item, currency) {
  const away = gone(item);
  const less = cheaper(item);
  return html`<button class="card" disabled=${Boolean(away)} onClick=${() => choose(item)}>
    ${tile(item.names)}
    <span class="text">
      <strong>${named(item.names)}</strong>
      <small>${named(item.descriptions)}</small>
      <span class="tags">
        ${item.diets.map((one) => html`<small class="tag good">${word("diet", one)}</small>`)}
        ${less && html`<small class="tag good">${t("dish.offer", { sum: money(less.price, currency) })}</small>`}
        ${away && html`<small class="tag bad">${t(`gone.${away.why}`)}</small>`}
        ${conflicts(item).map((one) => html`<small class="tag bad">${t("dish.holds", { what: word("allergen", one) })}</small>`)}
      </span>
    </span>
    <span class="price">${money(item.price, currency)}</span>
  </button>`;
}

export function plate() {
  const { item, quantity, note, missing } = dish.value;
  const { menu, names } = store.value;
  const other = basket.value.lines.length > 0 && basket.value.store.id !== store.value.id;
  const back = () => go("store");
  return html`
    ${heading(named(item.names), back)}
    <p>${named(item.descriptions)}</p>
    <p class="price">${money(item.price, menu.currency)}</p>
    ${conflicts(item).length > 0 && html`<p class="warning">${t("dish.avoided", { what: conflicts(item).map((one) => word("allergen", one)).join(", ") })}</p>`}
    <dl class="facts">
      <div><dt>${t("dish.allergens")}</dt><dd>${listed("allergen", item.allergens)}</dd></div>
      ${item.diets.length > 0 && html`<div><dt>${t("dish.diets")}</dt><dd>${listed("diet", item.diets)}</dd></div>`}
      ${item.nutrition && html`<div><dt>${t("dish.energy")}</dt><dd>${item.nutrition.kilocalories} kcal</dd></div>`}
    </dl>
    <form onSubmit=${(event) => (event.preventDefault(), add())}>
      ${item.option_groups.map((group) => options(item, group, missing.includes(group.id), menu.currency))}
      <label>${t("dish.note")}
        <input maxlength="200" value=${note} autocomplete="off"
          onInput=${(event) => (dish.value = { ...dish.value, note: event.target.value })} />
      </label>
      ${stepper(named(item.names), quantity, (value) => (dish.value = { ...dish.value, quantity: Math.max(1, value) }))}
      ${other && html`<p class="hint">${t("dish.empties", { store: named(basket.value.store.names) })}</p>`}
      <button class="main wide">${t("dish.add", { store: named(names) })}</button>
    </form>
  `;
}

const listed = (kind, some) => (some.length ? some.map((one) => word(kind, one)).join(", ") : t("none"));

function options(item, group, isMissing, currency) {
  const taken = dish.value.options[group.id];
  const one = group.max === 1;
  const full = !one && taken.length >= group.max;
  return html`<fieldset id=${`group-${group.id}`} key=${group.id} class=${isMissing ? "missing" : ""}
    aria-describedby=${`rule-${group.id}`}>
    <legend>${named(group.names)}</legend>
    <p class="rule" id=${`rule-${group.id}`} role=${isMissing ? "alert" : undefined}>${rule(group)}</p>
    ${group.options.map((option) => {
      const away = gone(item, group, option);
      const has = taken.includes(option.id);
      return html`<label class="check" key=${option.id}>
        <input type=${one && group.min ? "radio" : "checkbox"} name=${group.id} checked=${has}
          disabled=${Boolean(away) || (full && !has)}
          onChange=${(event) => take(group, option.id, event.target.checked)} />
        <span>${named(option.names)}${away && ` (${t(`gone.${away.why}`)})`}</span>
        ${option.price > 0 && html`<span class="price">+${money(option.price, currency)}</span>`}
      </label>`;
    })}
  </fieldset>`;
}

function rule({ min, max }) {
  if (min === max) return t("dish.exactly", { count: min });
  return min ? t("dish.between", { min, max }) : t("dish.most", { count: max });
}

/** How many of something: less, the number, more. */
export function stepper(what, quantity, set) {
  return html`<div class="stepper" role="group" aria-label=${t("quantity", { what })}>
    <button type="button" onClick=${() => set(quantity - 1)} aria-label=${t("less", { what })}>−</button>
    <output aria-live="polite">${quantity}</output>
    <button type="button" onClick=${() => set(quantity + 1)} aria-label=${t("more.of", { what })}>+</button>
  </div>`;
}
