// What is said, in Korean and English: /ko.json and /en.json. Money and times as each has them.
import { batch, signal } from "./view.js";

export const LANGUAGES = { ko: "한국어", en: "English" };
const ZONE = "Asia/Seoul";
const LOCALES = { ko: "ko-KR", en: "en-GB" };
export const language = signal("en");
const words = signal({});
const loaded = {};

/** Speak a language from now on, everywhere. */
export async function speak(wanted) {
  loaded[wanted] ??= await (await fetch(`/${wanted}.json`)).json();
  batch(() => {
    words.value = loaded[wanted];
    language.value = wanted;
  });
  document.documentElement.lang = wanted;
  remember("language", wanted);
}

/** The language that was chosen here before, or the browser's. */
export function preferred() {
  const asked = remembered("language") ?? navigator.language.slice(0, 2);
  return asked in LANGUAGES ? asked : "en";
}

/** The text of a key, with {names} replaced. An unknown key shows itself. */
export function t(key, facts = {}) {
  const text = words.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

/** Whether there is a text for a key. */
export const has = (key) => key in words.value;

/** A name that comes in several languages, in ours where there is one. */
export function named(names = {}) {
  return names[language.value] ?? names.en ?? names.ko ?? Object.values(names)[0] ?? "";
}

/** Minor units of a currency, as money. */
export function money(amount, currency = "KRW") {
  const form = new Intl.NumberFormat(LOCALES[language.value], { style: "currency", currency });
  return form.format(amount / 10 ** form.resolvedOptions().maximumFractionDigits);
}

/** How many decimals a currency has. */
export const digits = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

/** What was written as a sum, in minor units. */
export const minor = (text, currency) => Math.round(Number(text) * 10 ** digits(currency));

/** A moment as the hour in the city. */
export function hour(moment) {
  const form = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: ZONE };
  return new Intl.DateTimeFormat(LOCALES[language.value], form).format(new Date(moment));
}

/** The city's date, so many days from now: 2026-12-24. */
export function dateIn(days, from = Date.now()) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date(from + days * 86_400_000));
}

/** A moment's day as somebody says it: Thu 24 Dec. */
export function dayOf(moment) {
  const form = { weekday: "short", day: "numeric", month: "short", timeZone: ZONE };
  return new Intl.DateTimeFormat(LOCALES[language.value], form).format(new Date(moment));
}

/** A moment as its hour, and before it its day where that is not today. */
export function when(moment) {
  const today = dateIn(0, Date.parse(moment)) === dateIn(0);
  return today ? hour(moment) : `${dayOf(moment)} ${hour(moment)}`;
}

/** A word of the protocol in the reader's language, or as it is. */
export function word(kind, value) {
  const key = `${kind}.${value}`;
  return has(key) ? t(key) : value.toLowerCase().replaceAll("_", " ");
}

/** Metres as somebody says them. */
export function metres(count) {
  return count < 1000 ? `${Math.round(count / 10) * 10} m` : `${(count / 1000).toFixed(1)} km`;
}

/** Seconds as m:ss. */
export function clock(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Keep something in this browser. Where that is not allowed it is kept nowhere. */
export function remember(name, value) {
  try {
    localStorage.setItem(`ieum.${name}`, JSON.stringify(value));
  } catch {}
}

/** What was kept under a name, or undefined. */
export function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(`ieum.${name}`)) ?? undefined;
  } catch {
    return undefined;
  }
}
