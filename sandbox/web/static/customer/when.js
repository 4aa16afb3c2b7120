// When it should be there: as soon as it can be, or at a slot that the store can promise.
import { api, query } from "../lib/api.js";
import { choice, picker } from "../lib/frame.js";
import { dateIn, dayOf, hour, t, when as moments } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { basket, count, here, wish, work } from "./state.js";

const DAYS = 7;
const FEW = 6;
export const moment = signal(null); // null: as soon as it can be
export const instead = signal([]); // what a store can do that cannot do what was asked for
const slots = signal(null); // of the day that is looked at; null: not known yet
const later = signal(false);
const day = signal(0);

export function forgetTime() {
  later.value = false;
  moment.value = null;
  slots.value = null;
  instead.value = [];
  day.value = 0;
}

async function slotsOf(number) {
  const { fulfilment } = wish.value;
  const [lon, lat] = here();
  const to = fulfilment === "delivery" ? { lat, lon } : {};
  const asked = query({ fulfilment, date: dateIn(number), items: count.value, ...to });
  const { items } = await api("").get(`/v1/stores/${basket.value.store.id}/slots${asked}`);
  return items.map((one) => one.scheduled_for);
}

/** The next slots, where none were named: today's, or else tomorrow's. */
export async function lookInstead(named) {
  if (named?.length) {
    instead.value = named;
    return;
  }
  const today = await slotsOf(0);
  instead.value = (today.length ? today : await slotsOf(1)).slice(0, FEW);
}

/** The slots of the day that is chosen; the first of them is taken, and `then` told. Late in the
 * evening today has none left: who has not chosen a day sees tomorrow's. */
function look(then, anyDay = false) {
  slots.value = null;
  return work.again("slots", async () => {
    let found = await slotsOf(day.value);
    if (anyDay && !found.length && day.value === 0) found = await slotsOf((day.value = 1));
    slots.value = found;
    take(slots.value[0] ?? null, then);
  });
}

function take(at, then) {
  moment.value = at;
  return at && then();
}

function pick(way, then) {
  later.value = way === "later";
  if (later.value) return look(then, true);
  moment.value = null;
  return then();
}

/** The choice, as the basket shows it. `then` is called when it has changed. */
export function timing(then) {
  const ways = ["asap", "later"].map((one) => [one, t(`when.${one}`)]);
  return html`<div class="part">
    <h4>${t("when")}</h4>
    ${choice(t("when"), ways, later.value ? "later" : "asap", (way) => pick(way, then))}
    ${later.value && html`<div class="pair">
      ${picker(t("when.day"), days(), day.value, (value) => ((day.value = Number(value)), look(then)))}
      ${slots.value?.length
        ? picker(t("when.slot"), slots.value.map((one) => [one, hour(one)]), moment.value, (at) => take(at, then))
        : html`<p class="quiet">${t(slots.value ? "when.none" : "wait")}</p>`}
    </div>`}
  </div>`;
}

function days() {
  const named = ["when.today", "when.tomorrow"];
  return Array.from({ length: DAYS }, (_, number) => [
    number,
    named[number] ? t(named[number]) : dayOf(Date.now() + number * 86_400_000),
  ]);
}

/** The next slots, offered where the store cannot do what was asked for. */
export function alternatives(then) {
  if (!instead.value.length) return null;
  return html`<div class="part" role="group" aria-label=${t("when.instead")}>
    <h4>${t("when.instead")}</h4>
    <div class="row">${instead.value.map((one) => html`<button key=${one} onClick=${() => choose(one, then)}>${moments(one)}</button>`)}</div>
  </div>`;
}

function choose(at, then) {
  later.value = true;
  day.value = Math.max(0, Array.from({ length: DAYS }, (_, number) => dateIn(number)).indexOf(dateIn(0, Date.parse(at))));
  slots.value = instead.value.includes(at) ? [...instead.value] : slots.value;
  instead.value = [];
  return take(at, then);
}
