// What every app does: one thing at a time, its problem shown, its looks repeated.
import { Problem } from "./api.js";
import { signal } from "./view.js";

/** Somebody's doing: `busy` names what runs, `problem` is what was refused. */
export function worker() {
  const busy = signal([]);
  const problem = signal(null);
  const last = {};

  /** Run something under a name: one after another, since what was pressed was meant. */
  function run(name, act) {
    last[name] = Promise.resolve(last[name]).then(() => again(name, act));
    return last[name];
  }

  /** Run it though the same is running: whoever asks so passes over what an earlier run finds. */
  async function again(name, act) {
    busy.value = [...busy.peek(), name];
    problem.value = null;
    try {
      return await act();
    } catch (refused) {
      if (!(refused instanceof Problem)) console.error(refused);
      problem.value = refused;
      return undefined;
    } finally {
      const at = busy.peek().indexOf(name);
      busy.value = busy.peek().toSpliced(at, 1);
    }
  }

  return { busy, problem, run, again };
}

/** Look now, so many seconds after each look, and at each `look()`: never twice at once. */
export function lookout(seconds, see) {
  let running = false;
  let again = false;
  let next;

  async function look() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    clearTimeout(next);
    do {
      again = false;
      await see().catch((problem) => problem instanceof Problem || console.error(problem));
    } while (again);
    running = false;
    next = setTimeout(look, seconds * 1000);
  }

  look();
  return look;
}

/** A signal's value, set only where it says something else: what is the same is not drawn again. */
export function settle(target, value) {
  if (JSON.stringify(target.peek()) !== JSON.stringify(value)) target.value = value;
}
