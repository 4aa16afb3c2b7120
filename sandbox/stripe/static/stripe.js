// A stand-in for https://js.stripe.com: the same calls, answered by the sandbox's own Stripe.
// A card's number is sent to the origin this file came from, and nowhere else.
(function () {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;

  // {a: {b: 1}, c: [2]} -> a[b]=1&c[0]=2
  function encode(value, prefix, into) {
    for (const [key, inner] of Object.entries(value)) {
      const name = prefix ? `${prefix}[${key}]` : key;
      if (inner !== null && typeof inner === "object") encode(inner, name, into);
      else if (inner !== undefined) into.append(name, inner);
    }
    return into;
  }

  function Stripe(publishableKey) {
    const resources = {
      payment_intent: ["payment_intents", "paymentIntent"],
      setup_intent: ["setup_intents", "setupIntent"],
    };

    async function call(kind, clientSecret, verb, params) {
      const [path, name] = resources[kind];
      const id = clientSecret.split("_secret_")[0];
      const form = encode({ ...params, client_secret: clientSecret }, "", new URLSearchParams());
      const url = `${origin}/v1/${path}/${id}${verb ? `/${verb}` : ""}`;
      const headers = { Authorization: `Bearer ${publishableKey}` };
      const answer = await (verb
        ? fetch(url, { method: "POST", headers, body: form })
        : fetch(`${url}?${form}`, { headers }));
      const body = await answer.json();
      return answer.ok ? { [name]: body } : { error: body.error };
    }

    function methodParams(data) {
      const given = (data && data.payment_method) || {};
      if (typeof given === "string") return { payment_method: given };
      const card = given.card || {};
      if (card.token) return { payment_method: card.token };
      const details = { type: "card", card, billing_details: given.billing_details };
      return given.card ? { payment_method_data: details } : {};
    }

    // The bank's page in a frame on top of everything, until it says that it is done.
    function challenge(url) {
      return new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.src = url;
        frame.title = "Your bank asks: is it you?";
        frame.style.cssText =
          "position:fixed;inset:0;margin:auto;width:min(30rem,100%);height:26rem;" +
          "background:#fff;border:1px solid #888;border-radius:.5rem;z-index:2147483647";
        function listen(event) {
          if (event.origin !== origin || event.data !== "stripe-sandbox-done") return;
          removeEventListener("message", listen);
          frame.remove();
          resolve();
        }
        addEventListener("message", listen);
        document.body.append(frame);
      });
    }

    async function act(kind, clientSecret, result) {
      const name = resources[kind][1];
      const action = result[name] && result[name].next_action;
      if (!action) return result;
      if (action.type === "redirect_to_url") {
        location.assign(action.redirect_to_url.url);
        return new Promise(() => {}); // the page is being left
      }
      await challenge(action.use_stripe_sdk.stripe_js);
      const after = await call(kind, clientSecret, "", {});
      const failed = after[name] && (after[name].last_payment_error || after[name].last_setup_error);
      return failed ? { error: failed } : after;
    }

    async function confirm(kind, clientSecret, params, options) {
      const result = await call(kind, clientSecret, "confirm", params);
      const handled = !options || options.handleActions !== false;
      return handled ? act(kind, clientSecret, result) : result;
    }

    return {
      retrievePaymentIntent: (secret) => call("payment_intent", secret, "", {}),
      retrieveSetupIntent: (secret) => call("setup_intent", secret, "", {}),
      confirmCardPayment: (secret, data, options) =>
        confirm(
          "payment_intent",
          secret,
          { ...methodParams(data), return_url: data && data.return_url, use_stripe_sdk: true },
          options,
        ),
      confirmCardSetup: (secret, data, options) =>
        confirm("setup_intent", secret, { ...methodParams(data), use_stripe_sdk: true }, options),
      confirmSetup: ({ clientSecret, confirmParams, redirect }) =>
        confirm("setup_intent", clientSecret, {
          ...confirmParams,
          ...(redirect === "if_required" && { use_stripe_sdk: true }),
        }),
      confirmPayment: async ({ clientSecret, confirmParams, redirect }) => {
        const params = { ...confirmParams };
        if (redirect === "if_required") params.use_stripe_sdk = true;
        const result = await confirm("payment_intent", clientSecret, params);
        if (result.error || redirect === "if_required") return result;
        const back = new URL(params.return_url);
        back.searchParams.set("payment_intent", result.paymentIntent.id);
        back.searchParams.set("payment_intent_client_secret", clientSecret);
        const pending = result.paymentIntent.status === "processing";
        back.searchParams.set("redirect_status", pending ? "pending" : "succeeded");
        location.assign(back);
        return new Promise(() => {}); // the page is being left
      },
      handleNextAction: async ({ clientSecret }) =>
        act("payment_intent", clientSecret, await call("payment_intent", clientSecret, "", {})),
    };
  }

  window.Stripe = Stripe;
})();
