(function () {
  "use strict";
  const form = document.getElementById("pay");
  const card = document.getElementById("card");
  const status = document.querySelector("[role=status]");
  const stripe = window.Stripe("pk_test_sandbox");
  const say = (words) => (status.textContent = words);
  form.kind.addEventListener("change", () => (card.hidden = form.kind.value !== "card"));

  function cardData() {
    return {
      number: form.number.value,
      exp_month: form.exp_month.value,
      exp_year: form.exp_year.value,
      cvc: form.cvc.value,
    };
  }

  for (const button of document.querySelectorAll("[data-card]")) {
    button.addEventListener("click", () => (form.number.value = button.dataset.card));
  }

  // A page that framed or opened this one hears that it is done, and nothing else.
  function tell() {
    for (const target of [window.parent, window.opener]) {
      if (target && target !== window) target.postMessage("stripe-sandbox-done", "*");
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form.dataset.wait);
    const { secret, back } = form.dataset;
    const kind = form.kind.value;
    const data = kind === "card" ? { type: kind, card: cardData() } : { type: kind };
    const confirm = secret.startsWith("seti_") ? stripe.confirmSetup : stripe.confirmPayment;
    const result = await confirm({
      clientSecret: secret,
      confirmParams: {
        return_url: back || `${location.origin}/pages/done`,
        ...(kind === "saved" ? {} : { payment_method_data: data }),
      },
      redirect: back ? "always" : "if_required",
    });
    if (result.error) return say(result.error.message);
    say(form.dataset.thanks);
    tell();
  });
})();
