// Two notes for a new order, made by the browser itself: no file. It may sound once it was asked to.
import { signal } from "./view.js";

export const sound = signal(false);
let audio;

/** Turn the sound on or off; turning it on lets it be heard. */
export async function toggleSound() {
  sound.value = !sound.value;
  if (!sound.value) return;
  audio ??= new AudioContext();
  await audio.resume();
  ring();
}

/** Ring, if the sound is on. */
export function ring() {
  if (!sound.value) return;
  note(784, 0);
  note(1047, 0.16);
}

function note(pitch, after) {
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  const begins = audio.currentTime + after;
  tone.type = "sine";
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.0001, begins);
  loudness.gain.exponentialRampToValueAtTime(0.3, begins + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, begins + 0.5);
  tone.connect(loudness).connect(audio.destination);
  tone.start(begins);
  tone.stop(begins + 0.5);
}
