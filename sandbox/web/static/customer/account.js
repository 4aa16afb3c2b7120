// Signing in by a code that comes to a phone or by e-mail, ordering as a guest, signing out.
import { call, place } from "../lib/api.js";
import { choice, heading } from "../lib/frame.js";
import { dayOf, language, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { toBasket } from "./basket.js";
import { askForCode, beGuest, isGuest, isOwn, playedBySandbox, session, signIn } from "./session.js";
import { go, work } from "./state.js";

const WAIT = 25;
const way = signal("phone");
const address = signal("");
const asked = signal(null); // { id, to }: a code was sent
const code = signal("");
const came = signal(0); // orders that were claimed
let cameFrom = "me";
let anew = async () => {};
let phone; // on which an SMS is shown

/** `then` hears of somebody else, and whether what they follow stays theirs; `device` shows an SMS. */
export function begins(device, then) {
  phone = device;
  anew = then;
}

export function toAccount(from = "me") {
  cameFrom = from;
  forget();
  came.value = 0;
  go("account");
}

function forget() {
  asked.value = null;
  code.value = address.value = "";
}

/** Whoever is somebody else sees nothing of who was there before. */
const change = (act, to = "account") =>
  work.run("account", async () => {
    await act();
    forget();
    await anew();
    go(to);
  });

export function account() {
  return html`
    ${heading(t("account"), () => go(cameFrom))}
    ${came.value > 0 && html`<p class="hint" role="status">${t("account.claimed", { count: came.value })}</p>`}
    <p class="state" role="status">${standing()}</p>
    ${!isOwn() && (asked.value ? proof() : addressed())}
    <div class="part">
      ${!isGuest() && html`<button class="wide" onClick=${() => change(beGuest, "browse")}>${t(isOwn() ? "account.out" : "account.guest")}</button>`}
      ${session.value && html`<button class="wide" onClick=${() => change(playedBySandbox)}>${t("account.played", { name: place.people.customer.name })}</button>`}
    </div>
  `;
}

function standing() {
  if (isOwn()) return html`${t("account.in")} <small>${session.value.name}</small>`;
  if (!isGuest()) return html`${place.people.customer.name} <small>${t("account.sandbox")}</small>`;
  return html`${t("guest")} <small>${t("guest.about", { day: dayOf(session.value.until) })}</small>`;
}

const isPhone = () => way.value === "phone";

function addressed() {
  const pick = (one) => ((way.value = one), (address.value = ""));
  return html`<form onSubmit=${(event) => (event.preventDefault(), ask())}>
    <div class="part">
      <h4>${t("account.sign")}</h4>
      <p class="quiet">${t("account.how")}</p>
      ${choice(t("account.way"), ["phone", "email"].map((one) => [one, t(`account.${one}`)]), way.value, pick)}
      <label key=${way.value}>${t(`account.${way.value}`)}
        <input name=${way.value} type=${isPhone() ? "tel" : "email"} autocomplete=${isPhone() ? "tel" : "email"} required maxlength="190"
          pattern=${isPhone() ? "[+]?[0-9 \\-]{8,20}" : undefined} placeholder=${isPhone() ? "010-1234-5678" : "you@example.com"}
          value=${address.value} onInput=${(event) => (address.value = event.target.value)} /></label>
      <button class="main wide" aria-busy=${String(work.busy.value.includes("account"))}>${t("account.send")}</button>
    </div>
  </form>`;
}

function proof() {
  const { to } = asked.value;
  return html`<form onSubmit=${(event) => (event.preventDefault(), prove())}>
    <div class="part">
      <p role="status">${t("account.sent", { to: to.phone ?? to.email })}</p>
      ${to.email && html`<p class="quiet">${t("account.mail")} <a href=${`${new URL(place.api).origin}/_ministack/ses/messages`} target="_blank" rel="noreferrer">${t("account.mail.box")}</a></p>`}
      <label>${t("account.code")}
        <input id="code" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" required autocomplete="one-time-code"
          value=${code.value} onInput=${(event) => (code.value = event.target.value)} /></label>
      <button class="main wide" aria-busy=${String(work.busy.value.includes("account"))}>${t("account.enter")}</button>
      <button type="button" class="wide" onClick=${forget}>${t("account.other")}</button>
    </div>
  </form>`;
}

/** As it is dialled here, or with its country: 010-1234-5678 is +821012345678. */
function dialled(text) {
  const digits = text.replace(/[^\d+]/g, "");
  return digits.startsWith("+") ? digits : `+82${digits.replace(/^0/, "")}`;
}

function ask() {
  const to = isPhone() ? { phone: dialled(address.value) } : { email: address.value.trim() };
  return work.run("account", async () => {
    const before = to.phone ? await texts(to.phone, 0, 0) : [];
    asked.value = { id: await askForCode(to, language.value), to };
    setTimeout(() => document.querySelector("#code")?.focus());
    if (to.phone) wait(to.phone, before.at(-1)?.number ?? 0);
  });
}

/** Here an SMS leaves nobody's machine: it lies in its number's inbox, and the phone shows it. */
async function wait(number, last) {
  const [message] = await texts(number, last, WAIT).catch(() => []);
  if (message) phone.show({ ...message, title: t("account.sms"), stays: true });
}

const texts = async (number, after, wait) =>
  (await call("", "GET", `/inbox/${encodeURIComponent(number)}?after=${after}&wait=${wait}`, undefined, { base: place.push })).messages;

function prove() {
  const { id, to } = asked.value;
  return work.run("account", async () => {
    const wasGuest = isGuest();
    const orders = await signIn(id, to, code.value);
    forget();
    await anew(wasGuest);
    phone.dismiss();
    came.value = orders;
    return cameFrom === "basket" ? toBasket() : go("account");
  });
}
