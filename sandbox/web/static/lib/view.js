// Three libraries, each a file without imports, joined here: markup, drawing, and what changes.
import { h, render } from "../vendor/preact.mjs";
import htm from "../vendor/htm.module.js";
import { batch, computed, effect, signal } from "../vendor/signals-core.module.js";

export { batch, computed, effect, signal };
export const html = htm.bind(h);

/** Draw a view into an element, and again whenever a signal that it has read changes. */
export function mount(element, view) {
  effect(() => render(view(), element));
}

/** Move to an app's heading, so that keyboard and screen reader follow to what is new. */
export function focusHeading(who) {
  setTimeout(() => document.querySelector(`#${who} [data-heading]`)?.focus());
}

/** Begin an app's screen at its top: on a narrow page the page itself is scrolled. */
export function toTop(who) {
  document.querySelector(`#${who} .screen`)?.scrollTo(0, 0);
  if (matchMedia("(max-width: 1000px)").matches) scrollTo(0, 0);
}

/** The current second, for countdowns: a signal that ticks. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);
