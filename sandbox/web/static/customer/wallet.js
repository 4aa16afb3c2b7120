// What was saved to pay with. A card's number is typed into Stripe's frame, and never comes here.
import { newKey, place } from "../lib/api.js";
import { heading } from "../lib/frame.js";
import { language, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { looks } from "./basket.js";
import { saved } from "./buying.js";
import { go, mina, screen, work } from "./state.js";

const setup = signal(null); // { id, client_secret }
const agreed = signal(false);

async function read() {
  saved.value = place.real_stripe ? [] : (await mina.get("/v1/payment-methods")).items;
}

export function toWallet() {
  agreed.value = false;
  go("wallet");
  return work.run("wallet", read);
}

export function wallet() {
  return html`
    ${heading(t("wallet"), () => go("me"))}
    ${!saved.value.length && html`<p class="empty">${t("wallet.none")}</p>`}
    <ul class="cards">${saved.value.map(
      (one) => html`<li key=${one.id} class="kept">
        <span class="text"><strong>${looks(one)}</strong>
          ${one.expires && html`<small>${t("wallet.expires", { month: String(one.expires.month).padStart(2, "0"), year: one.expires.year })}</small>`}
        </span>
        ${one.default
          ? html`<small class="tag">${t("wallet.first")}</small>`
          : html`<button onClick=${() => act(() => mina.post(`/v1/payment-methods/${one.id}/default`))} aria-label=${t("wallet.first.be.of", { name: looks(one) })}>${t("wallet.first.be")}</button>`}
        <button class="danger" onClick=${() => act(() => mina.del(`/v1/payment-methods/${one.id}`))} aria-label=${t("wallet.remove.of", { name: looks(one) })}>${t("wallet.remove")}</button>
      </li>`,
    )}</ul>
    ${!place.real_stripe && html`<form class="part" onSubmit=${(event) => (event.preventDefault(), begin())}>
      <label class="check"><input type="checkbox" required checked=${agreed.value} onChange=${(event) => (agreed.value = event.target.checked)} />
        <span>${t("wallet.agree")}</span></label>
      <button class="main wide">${t("wallet.add")}</button>
    </form>`}
  `;
}

const act = (what) =>
  work.run("wallet", async () => {
    await what();
    await read();
  });

function begin() {
  return work.run("wallet", async () => {
    setup.value = await mina.post("/v1/payment-methods", { method: "card", agreed: true }, { key: newKey() });
    go("save");
  });
}

/** Stripe's frame says that it is done: ask what came of it. */
export function finishSaving() {
  if (screen.value !== "save") return undefined;
  return work.run("wallet", async () => {
    await mina.post(`/v1/payment-methods/${setup.value.id}/confirm`);
    await toWallet();
  });
}

export function save() {
  const asked = new URLSearchParams({ client_secret: setup.value.client_secret, lang: language.value });
  return html`
    ${heading(t("wallet.add"), () => go("wallet"))}
    <p class="quiet">${t("pay.where")}</p>
    <iframe class="pay" title=${t("wallet.add")} src=${`${place.stripe}/pages/checkout?${asked}`}></iframe>
  `;
}
