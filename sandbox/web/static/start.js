// Where the page begins: its language, its three apps, and which of them a narrow screen shows.
import { begin as courier } from "./courier/app.js";
import { begin as customer } from "./customer/app.js";
import { arrive } from "./lib/api.js";
import { LANGUAGES, language, preferred, speak, t } from "./lib/texts.js";
import { effect, html, mount, signal } from "./lib/view.js";
import { begin as store } from "./store/app.js";

const APPS = { customer, store, courier };
const narrow = matchMedia("(max-width: 1000px)");
const isNarrow = signal(narrow.matches);
const shown = signal(location.hash.slice(1) in APPS ? location.hash.slice(1) : "customer");

function top() {
  return html`
    <h1><span lang="ko">이음</span> Ieum</h1>
    <p class="motto">${t("motto")}</p>
    <nav class="apps" aria-label=${t("apps")} hidden=${!isNarrow.value}>
      ${Object.keys(APPS).map(
        (one) => html`<a href=${`#${one}`} class=${one} aria-current=${one === shown.value ? "page" : undefined}
          onClick=${(event) => (event.preventDefault(), show(one))}>${t(`${one}.title`)}</a>`,
      )}
    </nav>
    <div class="choice" role="group" aria-label=${t("language")}>
      ${Object.entries(LANGUAGES).map(
        ([one, name]) => html`<button lang=${one} aria-pressed=${String(one === language.value)} onClick=${() => speak(one)}>${name}</button>`,
      )}
    </div>
  `;
}

function show(one) {
  shown.value = one;
  history.replaceState(null, "", `#${one}`);
  document.querySelector(`#${one} h3`)?.focus();
}

await Promise.all([arrive(), speak(preferred())]);
narrow.addEventListener("change", () => (isNarrow.value = narrow.matches));
mount(document.getElementById("top"), top);
effect(() => {
  for (const one of Object.keys(APPS)) {
    document.getElementById(one).hidden = isNarrow.value && shown.value !== one;
  }
});
for (const [one, begin] of Object.entries(APPS)) begin(document.getElementById(one));
