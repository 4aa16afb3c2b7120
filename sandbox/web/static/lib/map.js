// The map: an SVG of the city's plan, drawn once, and on it who is where. Nothing is asked outside.
import { place } from "./api.js";
import { metresBetween, offSheet, onSheet, size } from "./streets.js";
import { named, t } from "./texts.js";
import { html } from "./view.js";

const LEAST = 1000; // metres that a map shows at least
const SIGNS = {
  home: "M-9 1 0-8 9 1V10H3V4H-3V10H-9Z",
  store: "M-9-8H9L10-2H-10ZM-8 0H8V9H-8Z",
  courier: "M0-10 8 9 0 5-8 9Z",
};
let ground;

const line = (points) => points.map((point) => onSheet(point).map(Math.round).join(" ")).join("L");

/** Streets, park and river never change: their paths are made once. */
function drawn() {
  const { crossings, ways, wide, water, park } = place.map;
  const paths = (some) => some.map((way) => `M${line(way.map((one) => crossings[one]))}`).join("");
  ground ??= {
    wide: paths(ways.slice(0, wide)),
    lanes: paths(ways.slice(wide)),
    water: `M${line(water)}Z`,
    park: `M${line(park)}`,
  };
  return ground;
}

/** The part of the sheet that shows some places, with a margin, as wide as 3:2. */
function view(places) {
  const sheet = size();
  const points = places.map(onSheet);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const middle = (some) => (Math.min(...some) + Math.max(...some)) / 2;
  const spread = (some) => Math.max(...some) - Math.min(...some);
  const width = Math.min(sheet.width, Math.max(LEAST, spread(xs) * 1.4, spread(ys) * 1.5 * 1.5));
  const height = width / 1.5;
  const within = (value, most) => Math.max(0, Math.min(value, most));
  const x = within(middle(xs) - width / 2, sheet.width - width);
  const y = within(middle(ys) - height / 2, sheet.height - height);
  return { x, y, width, height };
}

/**
 * A map around `frame` (places that stay in sight). `marks`: [{ kind, at, label }]; `path`: the way
 * that is still to be ridden; `press` hears which place was pressed. What it shows is said in words
 * as well.
 */
export function map({ frame, marks, path = [], label, press }) {
  const { x, y, width, height } = view(frame);
  const ground = drawn();
  const scale = width / 390;
  const box = [x, y, width, height].map(Math.round).join(" ");
  const pressed = press && ((event) => press(placeOf(event)));
  return html`<figure class=${press ? "map pressed" : "map"}>
    <svg viewBox=${box} role="img" aria-label=${label} onClick=${pressed}>
      <rect class="land" x="-500" y="-500" width="4500" height="4500" />
      <path class="water" d=${ground.water} />
      <path class="park" d=${ground.park} />
      <path class="lane" d=${ground.lanes} />
      <path class="wide" d=${ground.wide} />
      ${place.map.hoods.map(({ at, names }) => hood(at, named(names), scale))}
      ${path.length > 1 && html`<path class="ride" d=${`M${line(path)}`} />`}
      ${marks.filter(({ at }) => at).map((mark) => sign(mark, scale))}
    </svg>
  </figure>`;
}

function hood(at, name, scale) {
  const [x, y] = onSheet(at);
  return html`<text class="hood" x=${x} y=${y} font-size=${11 * scale}>${name}</text>`;
}

function sign({ kind, at, label }, scale) {
  const [x, y] = onSheet(at);
  return html`<g class=${`sign ${kind}`} style=${{ transform: `translate(${x}px, ${y}px)` }}>
    <circle r=${15 * scale} />
    ${label ? html`<text font-size=${(label.length > 1 ? 12 : 17) * scale}>${label}</text>` : html`<path d=${SIGNS[kind]} transform=${`scale(${scale * 0.8})`} />`}
  </g>`;
}

/** Doors as marks: [number, place] each. Those that are at one place share a mark. */
export function doors(some) {
  const found = {};
  for (const [number, at] of some) (found[at.join()] ??= { at, numbers: [] }).numbers.push(number);
  return Object.values(found).map(({ at, numbers }) => ({ kind: "home", at, label: numbers.join("·") }));
}

/** Where on the map a pointer was pressed. */
function placeOf({ currentTarget: svg, clientX, clientY }) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return offSheet([x, y]);
}

/** The neighbourhood that a place is in, or nearest to. */
export function hoodOf(at) {
  const far = place.map.hoods.map((one) => metresBetween(one.at, at));
  return named(place.map.hoods[far.indexOf(Math.min(...far))].names);
}

/** What a map says to who cannot see it. */
export const describe = (key, facts) => t(`map.${key}`, facts);
