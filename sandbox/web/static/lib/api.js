// The public API, as any app calls it: a token of the sandbox's, patience where that is safe.
import { has, remember, remembered, t } from "./texts.js";

const TOKEN_LASTS = 12 * 60_000;
const TRIES = 4;
const AT_ONCE = 2; // the embedded cloud starts another worker for each call beyond those that run
export const place = {};
const tokens = {};
const badges = {}; // by role: how a token is got, where it is not the sandbox's to give

/** Learn where everything is. */
export async function arrive() {
  Object.assign(place, await (await fetch("/sandbox.json")).json());
}

/** What the API refused, with its code, its sentence and its list of errors. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.code = body.code ?? "unreachable";
    this.errors = [...(body.errors ?? []), ...(body.in_the_way ?? [])];
  }

  /** In the reader's words where we have them, in the API's otherwise. */
  get words() {
    return has(`problem.${this.code}`) ? t(`problem.${this.code}`, this.body) : this.message;
  }
}

/** A key that makes a POST one thing, however often it is sent. */
export const newKey = () => `web-${crypto.randomUUID()}`;

/** From now on somebody else plays a role; null: whom the sandbox signs in. */
export function wear(who, badge) {
  delete tokens[who];
  badges[who] = badge;
}

/** Calls at once ask for one token: a guest's refresh token is good for one exchange. */
function tokenOf(who, fresh) {
  const kept = tokens[who];
  if (kept && !fresh && Date.now() - kept.since < TOKEN_LASTS) return kept.token;
  const since = Date.now();
  const token = (badges[who] ?? handed)(who);
  tokens[who] = { token, since };
  token.catch(() => tokens[who]?.token === token && delete tokens[who]);
  return token;
}

async function handed(who) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/session", {
    method: "POST",
    headers,
    body: JSON.stringify({ who }),
  });
  if (!answer.ok) throw new Problem(answer.status, await answer.json());
  return (await answer.json()).token;
}

/** Ask for tokens: nobody's call, and one that never waits for those who wait for it. */
export const exchange = (path, body) => once("", "POST", place.api + path, body);

/** What this browser calls itself: limits are counted per device, too. */
function installation() {
  const made = remembered("installation") ?? crypto.randomUUID();
  remember("installation", made);
  return made;
}

async function once(who, method, url, body, key, fresh) {
  const headers = {};
  if (who) headers.Authorization = `Bearer ${await tokenOf(who, fresh)}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (who === "customer") headers["Device-Id"] = installation();
  const content = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(url, { method, headers, body: content, keepalive: method === "DELETE" });
  const text = await answer.text();
  const said = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}

const waiting = [];
let running = 0;

/** Do something as soon as fewer than so many are being done: what somebody pressed before looks. */
async function inTurn(isLook, act) {
  const queue = isLook ? (go) => waiting.push(go) : (go) => waiting.unshift(go);
  if (running >= AT_ONCE) await new Promise(queue);
  running += 1;
  try {
    return await act();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

const pause = (millis) => new Promise((done) => setTimeout(done, millis));
const mayPass = (problem) =>
  !(problem instanceof Problem) || problem.body.retryable || problem.status >= 502;

/**
 * Call as somebody ("" for anybody). GETs, commands and keyed POSTs may be repeated, so they are:
 * where nobody answers, or the API says that it is worth it. Throws a Problem for any other no.
 */
export async function call(who, method, path, body, { key, base = place.api } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      const send = () => once(who, method, base + path, body, key, attempt > 1);
      return await (base === place.push ? send() : inTurn(method === "GET", send));
    } catch (problem) {
      const expired = problem.status === 401 && attempt === 1;
      if (!expired && (attempt === TRIES || !mayPass(problem))) throw asProblem(problem);
      if (!expired) await pause(200 * 2 ** attempt);
    }
  }
}

function asProblem(problem) {
  return problem instanceof Problem ? problem : new Problem(0, { code: "unreachable" });
}

/** The methods of somebody's. */
export function api(who) {
  return {
    get: (path, options) => call(who, "GET", path, undefined, options),
    put: (path, body = {}) => call(who, "PUT", path, body),
    patch: (path, body) => call(who, "PATCH", path, body),
    del: (path) => call(who, "DELETE", path),
    post: (path, body, options) => call(who, "POST", path, body, options),
  };
}

/** A query string of what is not undefined, null or false. */
export function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value || value === 0);
  return `?${new URLSearchParams(given)}`;
}
