// Being forgotten: asked for, counted down, taken back.
import { heading, tick } from "../lib/frame.js";
import { dayOf, hour, t } from "../lib/texts.js";
import { html, now, signal } from "../lib/view.js";
import { go, mina, work } from "./state.js";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const leaving = signal(null); // as the API has it
const sure = signal(false);
const forfeits = signal(false);

const read = async () => (leaving.value = await mina.get("/v1/profile/deletion"));

export function toLeaving() {
  sure.value = forfeits.value = false;
  return work.run("leaving", async () => {
    await read();
    go("leaving");
  });
}

export function farewell() {
  const { status, due_at: due } = leaving.value;
  return html`
    ${heading(t("leaving"), () => go("me"))}
    ${status === "asked" ? counting(due) : status === "none" ? question() : html`<p class="state" role="status">${t("leaving.begun")}</p>`}
  `;
}

function counting(due) {
  const left = Math.max(0, Date.parse(due) - now.value);
  const [days, hours] = [Math.floor(left / DAY), Math.floor((left % DAY) / HOUR)];
  return html`
    <p class="state" role="status">${t("leaving.at", { day: dayOf(due), hour: hour(due) })}
      <small>${t("leaving.left", { days, hours })}</small></p>
    <p class="quiet">${t("leaving.may")}</p>
    <button class="main wide" aria-busy=${String(work.busy.value.includes("leaving"))} onClick=${stay}>${t("leaving.stay")}</button>
  `;
}

function question() {
  return html`
    <p>${t("leaving.what")}</p>
    <form onSubmit=${(event) => (event.preventDefault(), ask())}>
      <div class="part">
        ${tick(t("leaving.forfeit"), forfeits.value, (yes) => (forfeits.value = yes))}
        <label class="check"><input type="checkbox" required checked=${sure.value} onChange=${(event) => (sure.value = event.target.checked)} />
          <span>${t("leaving.sure")}</span></label>
        <button class="wide danger" aria-busy=${String(work.busy.value.includes("leaving"))}>${t("leaving.ask")}</button>
      </div>
    </form>
  `;
}

function ask() {
  return work.run("leaving", async () => {
    leaving.value = await mina.post("/v1/profile/deletion", { give_up_balances: forfeits.value });
  });
}

function stay() {
  return work.run("leaving", async () => {
    await mina.del("/v1/profile/deletion");
    sure.value = false;
    await read();
  });
}
