// Stars: to give, as radio buttons that look like stars, and to read.
import { t } from "./texts.js";
import { html } from "./view.js";

const ALL = [1, 2, 3, 4, 5];

export function stars(name, legend, value, set) {
  return html`<fieldset class="stars">
    <legend>${legend}</legend>
    <div>${ALL.map(
      (count) => html`<label key=${count} class=${count <= value ? "lit" : ""}>
        <input type="radio" name=${`stars-${name}`} required=${name === "store"} checked=${count === value} onChange=${() => set(count)} />
        <span class="hidden">${t("stars.count", { count })}</span><span aria-hidden="true">★</span>
      </label>`,
    )}</div>
  </fieldset>`;
}

/** Stars as text: whoever cannot see them hears how many. */
export const shown = (count) =>
  html`<span class="shown"><span class="hidden">${t("stars.count", { count })}</span><span aria-hidden="true">${"★".repeat(count)}${"☆".repeat(5 - count)}</span></span>`;
