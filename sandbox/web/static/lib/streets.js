// The city's plan: metres on a sheet, and the shortest way along its streets.
import { place } from "./api.js";

const DEGREE = 111_195;

function frame() {
  const [west, south, east, north] = place.map.bounds;
  const across = DEGREE * Math.cos(((south + north) / 2) * (Math.PI / 180));
  return { west, north, across, width: (east - west) * across, height: (north - south) * DEGREE };
}

/** The sheet's size in metres. */
export const size = () => frame();

/** Where a [longitude, latitude] lies on the sheet: metres from its upper left corner. */
export function onSheet([lon, lat]) {
  const { west, north, across } = frame();
  return [(lon - west) * across, (north - lat) * DEGREE];
}

/** The [longitude, latitude] of a point on the sheet: what `onSheet` undoes. */
export function offSheet([x, y]) {
  const { west, north, across } = frame();
  return [west + x / across, north - y / DEGREE];
}

/** Metres between two places, as the crow flies. */
export function metresBetween(one, other) {
  const [[x, y], [u, v]] = [onSheet(one), onSheet(other)];
  return Math.hypot(u - x, v - y);
}

/** A place some metres to the east and to the south, still on the sheet. */
export function moved(at, east, south) {
  const { width, height } = frame();
  const [x, y] = onSheet(at);
  const within = (value, most) => Math.max(0, Math.min(value, most));
  return offSheet([within(x + east, width), within(y + south, height)]);
}

/** The shortest way along streets from one place to another, both included. */
export function way(from, to) {
  const { crossings, ways } = place.map;
  const next = neighbours(crossings, ways);
  const [start, goal] = [nearest(crossings, from), nearest(crossings, to)];
  const cost = new Map([[start, 0]]);
  const before = new Map();
  const open = new Set([start]);
  while (open.size) {
    const here = [...open].reduce((one, other) => (cost.get(one) <= cost.get(other) ? one : other));
    if (here === goal) break;
    open.delete(here);
    for (const [there, metres] of next[here]) {
      const sum = cost.get(here) + metres;
      if (sum >= (cost.get(there) ?? Infinity)) continue;
      cost.set(there, sum);
      before.set(there, here);
      open.add(there);
    }
  }
  const path = [];
  for (let at = goal; at !== undefined; at = before.get(at)) path.unshift(crossings[at]);
  return [from, ...path, to];
}

function neighbours(crossings, ways) {
  const next = crossings.map(() => []);
  for (const [one, other] of ways) {
    const metres = metresBetween(crossings[one], crossings[other]);
    next[one].push([other, metres]);
    next[other].push([one, metres]);
  }
  return next;
}

function nearest(crossings, to) {
  const far = crossings.map((crossing) => metresBetween(crossing, to));
  return far.indexOf(Math.min(...far));
}

/** The length of a path in metres. */
export function length(path) {
  return path.slice(1).reduce((sum, point, index) => sum + metresBetween(path[index], point), 0);
}

/** Where one is on a path after so many metres, and the path that is left from there. */
export function along(path, metres) {
  let left = metres;
  for (let index = 1; index < path.length; index++) {
    const [one, other] = [path[index - 1], path[index]];
    const step = metresBetween(one, other);
    if (left < step) {
      const part = left / step;
      const at = [0, 1].map((axis) => one[axis] + (other[axis] - one[axis]) * part);
      return { at, rest: [at, ...path.slice(index)] };
    }
    left -= step;
  }
  const end = path[path.length - 1];
  return { at: end, rest: [end] };
}
