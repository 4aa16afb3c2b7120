// Who the customer at this page is: whom the sandbox plays, a guest, or somebody who signed in by a code.
import { api, exchange, place, wear } from "../lib/api.js";
import { remember, remembered } from "../lib/texts.js";
import { signal } from "../lib/view.js";

const OVER = new Set(["guest_refused", "session_over"]);
let over = () => {};
/** { kind: "guest" | "account", refresh, name, guest? }; null: whom the sandbox plays. */
export const session = signal(remembered("session") ?? null);

export const isGuest = () => session.value?.kind === "guest";
export const isOwn = () => session.value?.kind === "account";

function keep(kept) {
  remember("session", kept);
  session.value = kept;
}

/** Be somebody from now on; `first` is a token that is good at once. */
function become(kept, first) {
  let token = first;
  wear("customer", kept && (async () => {
    const held = token;
    token = "";
    return held || renew();
  }));
  keep(kept);
}

/** The next access token. A guest's refresh token turns with each; who is over orders as another guest. */
async function renew() {
  const { kind, refresh } = session.peek();
  const path = kind === "guest" ? "/v1/guests/token" : "/v1/sign-in/token";
  try {
    const got = await exchange(path, { refresh_token: refresh });
    keep({ ...session.peek(), refresh: got.refresh_token ?? refresh });
    return got.access_token;
  } catch (refused) {
    if (!OVER.has(refused.code)) throw refused;
    const got = await begun();
    over();
    return got.access_token;
  }
}

/** `then` is called when a session is over by itself. */
export const whenOver = (then) => (over = then);

async function begun() {
  const got = await exchange("/v1/guests");
  keep({ kind: "guest", refresh: got.refresh_token, name: "", until: got.claim_until });
  return got;
}

/** Go on as who one was when the page was closed. */
export const resume = () => session.peek() && become(session.peek(), "");

export const playedBySandbox = () => become(null, "");

export async function beGuest() {
  const got = await begun();
  become(session.peek(), got.access_token);
}

/** Have a code sent: { phone } or { email }. Its id. */
export async function askForCode(to, language) {
  return (await api("").post("/v1/sign-in/codes", { ...to, language })).id;
}

/** Sign in by the code; what was ordered here as a guest is claimed then. How many orders came along. */
export async function signIn(id, to, code) {
  const got = await api("").post(`/v1/sign-in/codes/${id}/confirm`, { ...to, code });
  const guest = isGuest() ? session.peek().refresh : undefined;
  become({ kind: "account", refresh: got.refresh_token, name: to.phone ?? to.email, guest }, got.access_token);
  return claim();
}

/** Repeated until it was answered: a claim that was cut off is finished when the page opens again. */
export async function claim() {
  const { guest, ...account } = session.peek() ?? {};
  if (!guest) return 0;
  const { orders } = await api("customer").post("/v1/guests/claim", { refresh_token: guest });
  keep({ ...account, ...{ refresh: session.peek().refresh } });
  return orders;
}

export const nameOf = () => session.value?.name || place.people.customer.name;
