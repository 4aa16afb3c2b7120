// The stores that one likes.
import { heading, tile } from "../lib/frame.js";
import { dayOf, named, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { go, mina, open, work } from "./state.js";

export const liked = signal([]); // favourites, the newest first
let cameFrom = "browse";

export const likes = (id) => liked.value.some((one) => one.store_id === id);

export async function readLiked() {
  liked.value = (await mina.get("/v1/favourites?limit=100")).items;
}

/** The heart beside a store's name. */
export function heart({ id, names }) {
  return html`<button class="heart" aria-pressed=${String(likes(id))} aria-label=${t("like", { store: named(names) })}
    onClick=${() => toggle(id)}>${likes(id) ? "♥" : "♡"}</button>`;
}

function toggle(id) {
  return work.run("like", async () => {
    if (likes(id)) await mina.del(`/v1/favourites/${id}`);
    else await mina.put(`/v1/favourites/${id}`);
    await readLiked();
  });
}

export function toLiked(from) {
  cameFrom = from;
  go("liked");
  return work.run("like", readLiked);
}

export function favourites() {
  return html`
    ${heading(t("liked"), () => go(cameFrom))}
    ${!liked.value.length && html`<p class="empty">${t("liked.none")}</p>`}
    <ul class="cards">${liked.value.map(
      (one) => html`<li key=${one.store_id}><button class="card" disabled=${!one.listed} onClick=${() => open({ id: one.store_id, names: one.names })}>
        ${tile(one.names)}
        <span class="text"><strong>${named(one.names)}</strong>
          <small>${one.listed ? t("liked.since", { day: dayOf(one.since) }) : t("liked.away")}</small></span>
      </button></li>`,
    )}</ul>
  `;
}
