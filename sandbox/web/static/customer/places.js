// The address book: labelled places, how to get in, and the pin on the map.
import { place } from "../lib/api.js";
import { choice, heading, tick } from "../lib/frame.js";
import { newId } from "../lib/ids.js";
import { hoodOf, map } from "../lib/map.js";
import { moved } from "../lib/streets.js";
import { remember, remembered, t } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { price } from "./buying.js";
import { go, look, mina, spot, target, work } from "./state.js";

const LABELS = ["home", "work", "other"];
const STEP = 40; // metres that the pin moves at a key
const WAYS = { north: [0, -1, "↑"], south: [0, 1, "↓"], west: [-1, 0, "←"], east: [1, 0, "→"] };
const places = signal([]);
const draft = signal(null); // the place that is written down
let cameFrom = "browse";

/** Read the book; the place that was chosen here before is chosen again. */
export async function readPlaces() {
  const { items } = await mina.get("/v1/addresses");
  places.value = items;
  const before = remembered("spot");
  const found = before === "" ? null : (items.find((one) => one.id === before) ?? items.find((one) => one.default));
  spot.value = found ? spotOf(found) : null;
}

const spotOf = (one) => ({ ...one, address: lineOf(one) });
const lineOf = ({ road_address: road, lot_address: lot, detail }) => [road ?? lot, detail].filter(Boolean).join(", ");
const nameOf = ({ label, name }) => name ?? t(`place.${label}`);

/** Where it goes, in a line. */
export function where() {
  const { id, address } = target();
  return html`<span class="pinned"><b>${id ? nameOf(target()) : t("place.here")}</b> ${address}</span>`;
}

export function toPlaces(from) {
  cameFrom = from;
  go("places");
  return work.run("places", readPlaces);
}

function choose(one) {
  spot.value = one && spotOf(one);
  remember("spot", one?.id ?? "");
  go(cameFrom);
  return cameFrom === "basket" ? price() : work.again("look", look);
}

export function book() {
  const { id } = target();
  return html`
    ${heading(t("places"), () => go(cameFrom))}
    <ul class="cards">
      <li>${card(null, t("place.here"), place.home.address, !id)}</li>
      ${places.value.map(
        (one) => html`<li key=${one.id}>
          ${card(one, nameOf(one), lineOf(one), id === one.id)}
          <div class="row after">
            <button onClick=${() => write(one)} aria-label=${t("place.edit.of", { name: nameOf(one) })}>${t("place.edit")}</button>
            <button class="danger" onClick=${() => forget(one)} aria-label=${t("place.forget.of", { name: nameOf(one) })}>${t("place.forget")}</button>
          </div>
        </li>`,
      )}
    </ul>
    <button class="main wide" onClick=${() => write(null)}>${t("place.new")}</button>
  `;
}

function card(one, name, address, isChosen) {
  return html`<button class="card" aria-pressed=${String(isChosen)} onClick=${() => choose(one)}>
    <span class="mark" aria-hidden="true">${isChosen ? "●" : "○"}</span>
    <span class="text"><strong>${name}</strong><small>${address}</small>
      <span class="tags">
        ${one?.default && html`<small class="tag">${t("place.default")}</small>`}
        ${one?.leave_at_door && html`<small class="tag">${t("place.leave")}</small>`}
      </span>
    </span>
  </button>`;
}

function write(one) {
  const empty = { label: places.value.some(({ label }) => label === "home") ? "other" : "home", name: "", road_address: "", detail: "", entrance_code: "", leave_at_door: false, default: false };
  draft.value = { ...empty, id: newId("adr"), location: target().location, isNew: true, ...(one && { ...one, isNew: false }) };
  go("place");
}

const set = (change) => (draft.value = { ...draft.value, ...change });
const pin = (at) => set({ location: { type: "Point", coordinates: at.map((one) => Number(one.toFixed(6))) } });

export function form() {
  const one = draft.value;
  const at = one.location.coordinates;
  return html`
    ${heading(t(one.isNew ? "place.new" : "place.edit"), () => go("places"))}
    <form onSubmit=${(event) => (event.preventDefault(), keep())}>
      ${choice(t("place.label"), LABELS.map((label) => [label, t(`place.${label}`)]), one.label, (label) => set({ label }))}
      ${one.label === "other" && field("name", 40, true)}
      ${field("road_address", 120, !one.lot_address)}
      ${field("detail", 70)}
      <div class="part">
        <h4>${t("place.pin")}</h4>
        <p class="quiet" role="status">${t("place.near", { hood: hoodOf(at) })}</p>
        ${map({ frame: [at], marks: [{ kind: "home", at }], press: pin, label: t("place.map", { hood: hoodOf(at) }) })}
        <div class="row" role="group" aria-label=${t("place.move")}>
          ${Object.entries(WAYS).map(
            ([way, [east, south, sign]]) => html`<button type="button" key=${way} aria-label=${t(`place.${way}`)}
              onClick=${() => pin(moved(at, east * STEP, south * STEP))}>${sign}</button>`,
          )}
        </div>
      </div>
      ${field("entrance_code", 30)}
      ${tick(t("place.leave"), one.leave_at_door, (yes) => set({ leave_at_door: yes }))}
      ${tick(t("place.default.be"), one.default, (yes) => set({ default: yes }))}
      <button class="main wide" aria-busy=${String(work.busy.value.includes("place"))}>${t("place.keep")}</button>
    </form>
  `;
}

function field(name, most, required = false) {
  return html`<label>${t(`place.${name}`)}
    <input name=${name} maxlength=${most} required=${required} autocomplete="off" value=${draft.value[name] ?? ""}
      onInput=${(event) => set({ [name]: event.target.value })} />
    ${name === "road_address" && html`<small>${t("place.road.hint")}</small>`}
  </label>`;
}

/** Keep the place under the id that it had when it was begun: sent twice, it is one. */
function keep() {
  const { id, isNew, name, ...said } = draft.value;
  const given = Object.entries(said).filter(([, value]) => value !== "" && value !== null);
  const body = { ...Object.fromEntries(given), ...(said.label === "other" && { name }) };
  return work.run("place", async () => {
    await mina.put(`/v1/addresses/${id}`, body);
    await readPlaces();
    go("places");
  });
}

function forget({ id }) {
  return work.run("place", async () => {
    await mina.del(`/v1/addresses/${id}`);
    await readPlaces();
  });
}
