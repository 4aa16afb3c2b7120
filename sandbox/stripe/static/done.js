// Tells the page that framed or opened this one; it carries nothing but the fact.
for (const target of [window.parent, window.opener]) {
  if (target && target !== window) target.postMessage("stripe-sandbox-done", "*");
}
