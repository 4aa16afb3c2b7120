// An offer: what it pays, how far it is, and, of several deliveries, every door in its order.
import { heading } from "../lib/frame.js";
import { describe, doors, hoodOf, map } from "../lib/map.js";
import { clock, hour, metres, money, named, t } from "../lib/texts.js";
import { html, now } from "../lib/view.js";
import { net } from "./earnings.js";
import { accept, at, decline, work } from "./state.js";
import { why } from "./why.js";

const PERIOD = 45;

const place = ({ drop_area: area }) => area.location.coordinates;

export function proposal(offer) {
  const { pickup, ready_at: ready, until, earning, metres_to_pickup: near, metres_to_drop: far, stops = [] } = offer;
  const left = Math.max(0, (Date.parse(until) - now.value) / 1000);
  const isRoute = stops.length > 1;
  const store = pickup.location.coordinates;
  const homes = isRoute ? doors(stops.map((one, index) => [index + 1, place(one)])) : [{ kind: "home", at: place(offer) }];
  const marks = [{ kind: "store", at: store }, ...homes, { kind: "courier", at: at.value }];
  const way = { near: metres(near), far: metres(far) };
  return html`
    ${heading(isRoute ? t("offer.several", { count: stops.length }) : t("offer.title"))}
    <p class="sum">${net(earning)} <small>${t("offer.net")}</small></p>
    <div class="countdown" aria-hidden="true"><i style=${{ width: `${Math.min(100, (left / PERIOD) * 100)}%` }}></i></div>
    <p class="quiet">${t("offer.left", { left: clock(left) })}</p>
    ${map({ frame: marks.map((one) => one.at), marks, label: describe("offer", { store: named(pickup.names) }) })}
    <dl class="facts">
      <div><dt>${t("offer.from")}</dt><dd>${named(pickup.names)}<small>${pickup.address}</small></dd></div>
      <div><dt>${t("offer.way")}</dt><dd>${isRoute ? t("offer.metres.several", way) : t("offer.metres", way)}</dd></div>
      <div><dt>${t("offer.ready")}</dt><dd>${hour(ready)}</dd></div>
      <div><dt>${t("offer.pay")}</dt><dd>${t("offer.sums", {
        gross: money(earning.gross, earning.currency),
        fee: money(earning.fee, earning.currency),
        tip: money(earning.tip, earning.currency),
      })}</dd></div>
    </dl>
    ${isRoute && html`<ol class="lines" aria-label=${t("offer.doors")}>${stops.map(door)}</ol>`}
    <div class="row">
      <button class="main" onClick=${accept} aria-busy=${String(work.busy.value.includes("offer"))} disabled=${left === 0}>${t("offer.accept")}</button>
      <button onClick=${decline}>${t("offer.decline")}</button>
    </div>
    <p class="quiet center">${t(isRoute ? "offer.whole" : "offer.free")}</p>
    ${why()}
  `;
}

/** A door: whereabouts, how far from the place before it, and what it pays. */
function door(stop, index) {
  return html`<li key=${stop.delivery_id}><span class="number">${index + 1}</span>
    <div class="text"><strong>${t("offer.near", { hood: hoodOf(place(stop)) })}</strong>
      <small>${t(index ? "offer.from.door" : "offer.from.store", { metres: metres(stop.metres) })}</small></div>
    <span class="price">${net(stop.earning)}</span></li>`;
}
