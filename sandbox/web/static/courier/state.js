// The courier's app: duty, offers, the deliveries in hand, and the way along the streets.
import { api, place } from "../lib/api.js";
import { remember, remembered } from "../lib/texts.js";
import { computed, focusHeading, signal } from "../lib/view.js";
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
/** Whose turn it is: all is fetched first, then brought door by door, and what goes back goes last. */
const TURNS = ["ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ARRIVED_AT_CUSTOMER", "DELIVERY_ONGOING", "ORDER_PICKED", "RETURNING_TO_MERCHANT"];
const TOGETHER = new Set(["heading-to-store", "arrived-at-store"]);
export const woo = api("courier");
export const work = worker();
export const ready = signal(false);
export const duty = signal({ status: "off" });
export const offer = signal(null);
export const offered = signal(remembered("offered") ?? ""); // the id of the last offer
export const jobs = signal([]); // deliveries in hand, in the order of their doors
export const job = computed(() => jobs.value.toSorted((one, other) => turn(one) - turn(other))[0] ?? null);
export const declined = signal(false);
export const done = signal(null);
export const at = signal(null);
export const path = signal([]);
export const from = signal(null); // where one set off
let look = () => {};
let unreported = 0;

const turn = ({ status }) => TURNS.indexOf(status);

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
  const ids = duty.value.jobs ?? [];
  await Promise.all(jobs.value.filter((one) => !ids.includes(one.id)).map(lost));
  if (ids.length) {
    const isNew = !job.value;
    settle(jobs, (await Promise.all(ids.map(read))).filter(isLive));
    return isNew && job.value && rideOn(job.value);
  }
  if (duty.value.status === "off") return settle(offer, null);
  const { items } = await woo.get("/v1/offers");
  const [found] = items;
  if (found && found.id !== offer.value?.id) {
    const seen = await woo.post(`/v1/offers/${found.id}/view`).catch(() => null);
    settle(offer, seen);
    remember("offered", (offered.value = found.id));
    return focusHeading("courier");
  }
  return settle(offer, found ? { ...offer.value, ...found } : null);
}

const isLive = ({ status }) => !GONE.has(status);

/** A delivery, unless what is known of it is newer: a step may have been taken meanwhile. */
async function read(id) {
  const seen = await woo.get(`/v1/deliveries/${id}`);
  const known = jobs.value.find((one) => one.id === id);
  return known?.version > seen.version ? known : seen;
}

/** A delivery in hand is no longer one's own: say why, once. */
async function lost(one) {
  const last = await read(one.id).catch(({ status }) => status === 404 && { ...one, status: "REJECTED" });
  if (!last || isLive(last)) return;
  finish(last);
  focusHeading("courier");
}

/** It is over: the next one is at hand, if there is one. */
function finish(last) {
  done.value = last;
  jobs.value = jobs.value.filter((one) => one.id !== last.id);
  path.value = [];
  for (const millis of POSTED) setTimeout(() => takings().catch(() => {}), millis);
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
    const { id, delivery_id: first, stops } = offer.value;
    try {
      await woo.post(`/v1/offers/${id}/accept`);
      const taken = stops?.length ? stops.map((one) => one.delivery_id) : [first];
      jobs.value = await Promise.all(taken.map(read));
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

/** Tell a step of the delivery at hand, or of another one. To the store one goes for all at once. */
export function step(name, body, one) {
  return work.run("step", async () => {
    const { status } = job.value;
    const those = TOGETHER.has(name) ? jobs.value.filter((other) => other.status === status) : [one ?? job.value];
    try {
      for (const { id } of those) take(await woo.post(`/v1/deliveries/${id}/${name}`, body));
    } finally {
      look();
    }
    focusHeading("courier");
  });
}

const take = (after) =>
  isLive(after) ? (jobs.value = jobs.value.map((one) => (one.id === after.id ? after : one))) : finish(after);

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
