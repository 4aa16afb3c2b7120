// What every app does: one thing at a time, its problem shown, its looks repeated.
import { Problem } from "./api.js";
import { signal } from "./view.js";

/** Somebody's doing: `busy` while it runs, `problem` when it was refused. */
export function worker() {
  const busy = signal("");
  const problem = signal(null);

  /** Run something once at a time, under a name. What it refused is in `problem`. */
  async function run(name, act) {
    if (busy.value) return undefined;
    busy.value = name;
    problem.value = null;
    try {
      return await act();
    } catch (refused) {
      if (!(refused instanceof Problem)) console.error(refused);
      problem.value = refused;
      return undefined;
    } finally {
      busy.value = "";
    }
  }

  return { busy, problem, run };
}

/** Look now, every so many seconds, and at each `look()`: never twice at once. */
export function lookout(seconds, see) {
  let running = false;
  let again = false;

  async function look() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await see().catch((problem) => problem instanceof Problem || console.error(problem));
    } while (again);
    running = false;
  }

  setInterval(() => document.hidden || look(), seconds * 1000);
  look();
  return look;
}

/** A signal's value, set only where it says something else: what is the same is not drawn again. */
export function settle(target, value) {
  if (JSON.stringify(target.peek()) !== JSON.stringify(value)) target.value = value;
}
