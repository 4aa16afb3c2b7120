// A phone: registered for pushes, its inbox read as it fills, the last push on its screen.
import { api, call, place } from "./api.js";
import { newId } from "./ids.js";
import { language, remember, remembered } from "./texts.js";
import { effect, signal } from "./view.js";

const WAIT = 25;
const SHOWN = 9000;

/**
 * Somebody's phone. `hear` is told of each push; `shown` is the one on the screen, or null. It is
 * registered anew when somebody else has it: `owner`, a signal, says so.
 */
export function phone(who, hear, owner = language) {
  const shown = signal(null);
  const device = deviceOf(who);
  let last = 0;
  effect(() => void register(who, device, language.value, owner.value).catch(() => {}));
  listen();
  const dismiss = () => (shown.value = null);
  return { shown, show, dismiss, seen: () => shown.value?.stays || dismiss() };

  async function listen() {
    for (;;) {
      try {
        const path = `/inbox/${encodeURIComponent(device.token)}?after=${last}&wait=${WAIT}`;
        const { messages } = await call("", "GET", path, undefined, { base: place.push });
        for (const message of messages) take(message);
      } catch {
        await new Promise((done) => setTimeout(done, 3000));
      }
    }
  }

  function take(message) {
    last = message.number;
    if (Date.now() - Date.parse(message.at) < 60_000) show(message);
    hear(message.data, message);
  }

  function show(message) {
    shown.value = message;
    if (!message.stays) setTimeout(() => shown.value === message && (shown.value = null), SHOWN);
  }
}

/** Where a person has too many devices, the oldest makes room: browsers come and go here. */
async function register(who, device, language) {
  const body = { platform: "fcm", token: device.token, language };
  const add = () => api(who).put(`/v1/devices/${device.id}`, body);
  try {
    await add();
  } catch (refused) {
    if (refused.status !== 409) return;
    const [oldest] = (await api(who).get("/v1/devices")).items;
    await api(who).del(`/v1/devices/${oldest.id}`);
    await add();
  }
}

/** The device's id and push token: made once, kept in this browser. */
function deviceOf(who) {
  const made = remembered(`device.${who}`) ?? {
    id: newId("dev"),
    token: `web-${crypto.randomUUID()}`,
  };
  remember(`device.${who}`, made);
  return made;
}
