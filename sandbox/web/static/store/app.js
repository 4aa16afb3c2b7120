// The store's app: its board of orders, what is sold out, and its pauses.
import { place } from "../lib/api.js";
import { choice, frame } from "../lib/frame.js";
import { phone } from "../lib/phone.js";
import { sound, toggleSound } from "../lib/sound.js";
import { named, t } from "../lib/texts.js";
import { html, mount } from "../lib/view.js";
import { board } from "./board.js";
import { open as standing } from "./hours.js";
import { kitchen } from "./menu.js";
import { begin as open, chosen, go, hear, pick, screen, store, stores, work } from "./state.js";

const SCREENS = { orders: board, menu: kitchen, pause: standing };

export function begin(element) {
  const device = phone("store", hear);
  work.run("open", open);
  mount(element, () =>
    frame({
      who: "store",
      name: place.people.store.name,
      side: html`<button aria-pressed=${String(sound.value)} onClick=${toggleSound}>
        ${t(sound.value ? "sound.on" : "sound.off")}
      </button>`,
      device,
      problem: work.problem,
      children: html`
        <label>${t("store.which")}
          <select value=${chosen.value} onChange=${(event) => pick(event.target.value)}>
            ${stores.value.map(
              (one) => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen.value}>${named(one.names)}</option>`,
            )}
          </select>
        </label>
        ${choice(
          t("store.screens"),
          ["orders", "menu", "pause"].map((one) => [one, t(`store.${one}`)]),
          screen.value,
          go,
        )}
        ${store.value ? SCREENS[screen.value]() : html`<p class="quiet">${t("wait")}</p>`}
      `,
    }),
  );
}
