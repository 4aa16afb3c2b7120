// What all three apps look like: a title, the last push, what went wrong, and a screen below.
import { has, language, named, t } from "./texts.js";
import { html } from "./view.js";

/**
 * One app. `who` is the section's id; `side` stands right of the title; `remedy` draws what helps with
 * a problem. Who does something in it has seen the push: it goes once what was pressed is done, since
 * drawing anew before that would undo a tick.
 */
export function frame({ who, name, side, device, problem, remedy, children }) {
  return html`
    <header class="bar">
      <div>
        <h2 id=${`${who}-title`}>${t(`${who}.title`)}</h2>
        <p class="who">${name}</p>
      </div>
      ${side}
    </header>
    <div class="pushes" role="status" aria-live="polite" aria-atomic="true">
      ${device.shown.value && push(device)}
    </div>
    <div class="alerts" role="alert">${problem.value && trouble(problem, remedy)}</div>
    <div class="screen" onClick=${() => setTimeout(device.seen)}>${children}</div>
  `;
}

function push(device) {
  const { title, body } = device.shown.value;
  return html`<div class="push">
    <p><strong>${title}</strong> ${body}</p>
    <button class="quiet" onClick=${device.dismiss} aria-label=${t("dismiss")}>✕</button>
  </div>`;
}

function trouble(problem, remedy) {
  const { words, message, errors = [] } = problem.value;
  return html`<div class="trouble">
    <div class="text"><p>${words ?? message}</p>
      ${remedy?.(problem.value)}
      ${errors.length > 0 && html`<ul>${errors.map((one) => html`<li>${has(`issue.${one.code}`) ? t(`issue.${one.code}`, one) : one.detail}</li>`)}</ul>`}
    </div>
    <button class="quiet" onClick=${() => (problem.value = null)} aria-label=${t("dismiss")}>✕</button>
  </div>`;
}

/** A screen's heading, which takes the focus when the screen comes. */
export function heading(text, back, beside) {
  return html`<div class="heading">
    ${back && html`<button class="back" onClick=${back} aria-label=${t("back")}>←</button>`}
    <h3 data-heading tabindex="-1">${text}</h3>
    ${beside}
  </div>`;
}

const arrive = (panel) => panel?.focus();

/** What asks before something is done: the focus comes to it, since the button that led here went. */
export function panel(label, children) {
  return html`<div class="issues" role="group" tabindex="-1" aria-label=${label} ref=${arrive}>${children}</div>`;
}

/** A store's tile: its first letter on a colour of its own. */
export function tile(names) {
  const name = named(names);
  const key = names.en ?? name;
  const hue = [...key].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  return html`<span class="tile" lang=${language.value} style=${{ "--hue": hue }} aria-hidden="true">
    ${[...name][0]}
  </span>`;
}

/** Choices of which one holds: buttons that say which is pressed. */
export function choice(label, options, chosen, choose) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ([value, text]) => html`<button
        aria-pressed=${String(value === chosen)}
        onClick=${() => choose(value)}
      >${text}</button>`,
    )}
  </div>`;
}

/** What of a line was chosen, and its note. */
export function chosen(line) {
  const options = line.options.map((one) => named(one.names)).join(" · ");
  return html`${options && html`<small>${options}</small>`}
  ${line.note && html`<small class="note">“${line.note}”</small>`}`;
}

/** Radio buttons under a legend: [value, text, hint] each. */
export function radios(name, legend, options, chosen, choose) {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${options.map(
      ([value, text, hint]) => html`<label class="check" key=${value}>
        <input type="radio" name=${name} checked=${value === chosen} onChange=${() => choose(value)} />
        <span>${text}${hint && html` <small>${hint}</small>`}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** A box to tick. */
export function tick(text, checked, set) {
  return html`<label class="check">
    <input type="checkbox" checked=${checked} onChange=${(event) => set(event.target.checked)} />
    <span>${text}</span>
  </label>`;
}

/** A list to choose from: [value, text] each. */
export function picker(label, options, chosen, choose) {
  return html`<label>${label}
    <select value=${chosen} onChange=${(event) => choose(event.target.value)}>
      ${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${String(value) === String(chosen)}>${text}</option>`)}
    </select>
  </label>`;
}
