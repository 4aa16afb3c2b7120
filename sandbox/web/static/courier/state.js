// The courier's app: duty, offers, the delivery in hand, and the way along the streets.
import { api, place } from "../lib/api.js";
import { remember, remembered } from "../lib/texts.js";
import { focusHeading, signal } from "../lib/view.js";
import { takings } from "./earnings.js";
import { along, length, metresBetween, way } from "../lib/streets.js";
import { lookout, settle, worker } from "../lib/work.js";

const LOOKS = 4;
const REPORTS = 5; // seconds between two reports on the way; seven of them while standing
const STANDING = 4;
const POSTED = [0, 3000, 10_000]; // the ledger is read again: its index may lag
const TICK = 250;
const VEHICLE = "scooter";
export const PEDAL = 7; // metres in a second, of a scooter
/** The same ten times as fast, since nobody wants to wait here. */
export const PACE = Number(new URLSearchParams(location.search).get("pace")) || 10 * PEDAL;
const GONE = new Set(["CANCELLED", "REJECTED", "ORDER_DELIVERED", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED"]);
export const woo = api("courier");
export const work = worker();
export const ready = signal(false);
export const duty = signal({ status: "off" });
export const offer = signal(null);
export const job = signal(null);
export const declined = signal(false);
export const done = signal(null);
export const at = signal(null);
export const path = signal([]);
export const from = signal(null); // where one set off
let look = () => {};
let unreported = 0;

export async function begin() {
  at.value = remembered("at") ?? place.start.coordinates;
  const profile = { given_name: place.people.courier.name.slice(-2), vehicle: VEHICLE };
  await woo.put("/v1/courier", profile);
  ready.value = true;
  look = lookout(LOOKS, see);
  setInterval(() => report(false), REPORTS * 1000);
  setInterval(ride, TICK);
  await takings();
}

/** A push came: look at once; a tip may have come. */
export function hear() {
  look();
  takings().catch(() => {});
}

async function see() {
  settle(duty, await woo.get("/v1/duty"));
  const [id] = duty.value.jobs ?? [];
  if (id) {
    const isNew = !job.value;
    settle(job, await woo.get(`/v1/deliveries/${id}`));
    return isNew && rideOn(job.value);
  }
  await lost();
  if (duty.value.status === "off") return settle(offer, null);
  const { items } = await woo.get("/v1/offers");
  const [found] = items;
  if (found && found.id !== offer.value?.id) {
    const seen = await woo.post(`/v1/offers/${found.id}/view`).catch(() => null);
    settle(offer, seen);
    return focusHeading("courier");
  }
  return settle(offer, found ? { ...offer.value, ...found } : null);
}

/** The delivery in hand is no longer one's own: say why, once. */
async function lost() {
  if (!job.value) return;
  const last = await woo.get(`/v1/deliveries/${job.value.id}`).catch(() => null);
  if (last && GONE.has(last.status)) finish(last);
}

function finish(last) {
  done.value = last;
  job.value = null;
  path.value = [];
  for (const millis of POSTED) setTimeout(() => takings().catch(() => {}), millis);
  focusHeading("courier");
}

// --- duty and offers -----------------------------------------------------------------------------

export function toggleDuty() {
  return work.run("duty", async () => {
    const where = { zone: place.city, vehicle: VEHICLE, location: point(at.value) };
    done.value = null;
    duty.value = duty.value.status === "on" ? await woo.post("/v1/duty/end") : await woo.post("/v1/duty/start", where);
    look();
  });
}

export function accept() {
  return work.run("offer", async () => {
    const { id } = offer.value;
    try {
      job.value = await woo.post(`/v1/offers/${id}/accept`);
      done.value = null;
      declined.value = false;
    } finally {
      offer.value = null;
    }
    focusHeading("courier");
    look();
  });
}

export function decline() {
  return work.run("offer", async () => {
    await woo.post(`/v1/offers/${offer.value.id}/decline`);
    offer.value = null;
    declined.value = true;
    focusHeading("courier");
  });
}

// --- steps ---------------------------------------------------------------------------------------

/** Tell a step of the delivery in hand. */
export function step(name, body) {
  return work.run("step", async () => {
    const after = await woo.post(`/v1/deliveries/${job.value.id}/${name}`, body);
    if (GONE.has(after.status)) finish(after);
    else job.value = after;
    focusHeading("courier");
    look();
  });
}

/** Set off: tell it, and ride along the streets, unless it was refused. */
export async function setOff(name, to, body) {
  path.value = way(at.value, to);
  from.value = at.value;
  await step(name, body);
  if (work.problem.value) path.value = [];
}

/** The page was opened anew on the way: ride on from where one was. */
function rideOn({ status, pickup, drop_off: drop }) {
  const goals = { PICKUP_ONGOING: pickup, DELIVERY_ONGOING: drop, RETURNING_TO_MERCHANT: pickup };
  if (goals[status]) path.value = way(at.value, goals[status].location.coordinates);
}

/** Be there: what is left of the way is skipped. */
export async function arrive(name, to) {
  path.value = [];
  at.value = to;
  from.value = null;
  await report(true);
  await step(name);
}

function ride() {
  if (path.value.length < 2) return;
  const { at: here, rest } = along(path.value, (PACE * TICK) / 1000);
  at.value = here;
  path.value = rest.length > 1 ? rest : [];
  remember("at", here);
}

/** Metres to ride, or as the crow flies where one is not riding. */
export const left = (to) => (path.value.length > 1 ? length(path.value) : metresBetween(at.value, to));

/** Say where one is, as long as one is on duty; seldom while nothing moves. */
async function report(isDue) {
  if (duty.value.status === "off" || !at.value) return;
  unreported += 1;
  if (!isDue && path.value.length < 2 && unreported < STANDING) return;
  unreported = 0;
  const points = [{ location: point(at.value), at: new Date().toISOString() }];
  const body = { zone: place.city, sequence: Date.now(), points };
  await woo.post("/v1/positions", body, { base: place.track }).catch(() => {});
}

const point = ([lon, lat]) => ({ type: "Point", coordinates: [Number(lon.toFixed(6)), Number(lat.toFixed(6))] });
