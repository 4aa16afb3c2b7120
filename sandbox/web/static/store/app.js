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
import { ratings, readRatings } from "./ratings.js";
import { begin as open, chosen, go, hear, pick, screen, store, stores, work } from "./state.js";

const SCREENS = { orders: board, menu: kitchen, pause: standing, ratings };

function show(to) {
  go(to);
  if (to === "ratings") readRatings();
}

export function begin(element) {
  const device = phone("store", hear);
  work.run("open", open);
  mount(element, () =>
    frame({
      who: "store",
      name: place.people.store.name,
      side: html`<button role="switch" aria-checked=${String(sound.value)} onClick=${toggleSound}>
        ${t("sound")} <span aria-hidden="true">${t(sound.value ? "sound.on" : "sound.off")}</span>
      </button>`,
      device,
      problem: work.problem,
      children: html`
        <label>${t("store.which")}
          <select value=${chosen.value} onChange=${(event) => (pick(event.target.value), show(screen.value))}>
            ${stores.value.map(
              (one) => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen.value}>${named(one.names)}</option>`,
            )}
          </select>
        </label>
        ${choice(
          t("store.screens"),
          Object.keys(SCREENS).map((one) => [one, t(`store.${one}`)]),
          screen.value,
          show,
        )}
        ${store.value ? SCREENS[screen.value]() : html`<p class="quiet">${t("wait")}</p>`}
      `,
    }),
  );
}
