// What one eats and avoids: kept only for who agrees, so that dishes and prices warn.
import { heading, tick } from "../lib/frame.js";
import { t, word } from "../lib/texts.js";
import { html, signal } from "../lib/view.js";
import { go, mina, work } from "./state.js";

const DIETS = ["VEGAN", "VEGETARIAN", "HALAL", "KOSHER", "GLUTEN_FREE", "LACTOSE_FREE", "LOW_SALT", "DIABETIC"];
const ALLERGENS = [
  "EGGS", "MILK", "WHEAT", "GLUTEN", "SOYBEANS", "PEANUTS", "TREE_NUTS", "SESAME_SEEDS", "FISH", "CRUSTACEANS",
  "MOLLUSCS", "CELERY", "MUSTARD", "SULPHUR_DIOXIDE", "ALCOHOL",
];
const NOTHING = { diets: [], avoids: [], agreed_at: null };
export const eats = signal(NOTHING);
const agreed = signal(false);

export function forgetDiet() {
  eats.value = NOTHING;
}

export async function readDiet() {
  eats.value = await mina.get("/v1/diet");
  agreed.value = Boolean(eats.value.agreed_at);
}

/** What of a dish is avoided: the order's price says more, since it knows the kinds of each. */
export const conflicts = (item) => item.allergens.filter((one) => eats.value.avoids.includes(one));

/** Shown once it is read: what is kept would undo what was ticked meanwhile. */
export function toDiet() {
  return work.run("diet", async () => {
    await readDiet();
    go("diet");
  });
}

export function diet() {
  return html`
    ${heading(t("diet"), () => go("me"))}
    <p class="quiet">${t("diet.why")}</p>
    <form onSubmit=${(event) => (event.preventDefault(), keep())}>
      ${boxes("diets", "diet", DIETS)}
      ${boxes("avoids", "allergen", ALLERGENS)}
      <label class="check"><input type="checkbox" required checked=${agreed.value} onChange=${(event) => (agreed.value = event.target.checked)} />
        <span>${t("diet.agree")}</span></label>
      <button class="main wide">${t("diet.keep")}</button>
    </form>
    ${eats.value.agreed_at && html`<button class="wide danger" onClick=${forget}>${t("diet.forget")}</button>`}
  `;
}

function boxes(name, kind, all) {
  const chosen = eats.value[name];
  const set = (one, yes) => (eats.value = { ...eats.value, [name]: yes ? [...chosen, one] : chosen.filter((other) => other !== one) });
  return html`<fieldset class="boxes"><legend>${t(`diet.${name}`)}</legend>
    ${all.map((one) => tick(word(kind, one), chosen.includes(one), (yes) => set(one, yes)))}
  </fieldset>`;
}

function keep() {
  const { diets, avoids } = eats.value;
  return work.run("diet", async () => {
    eats.value = await mina.put("/v1/diet", { diets, avoids, agreed: true });
    go("me");
  });
}

function forget() {
  return work.run("diet", async () => {
    await mina.del("/v1/diet");
    eats.value = NOTHING;
    agreed.value = false;
    go("me");
  });
}
