// Reads cases as JSON on standard input, and answers each with what the library of receivers says.
// {do: "verify", secret, headers, body, at} -> true or false; {do: "sign", secret, id, at, body} -> text
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const answers = JSON.parse(readFileSync(0, "utf8")).map((one) => {
  Date.now = () => one.at * 1000;
  const webhook = new Webhook(one.secret);
  if (one.do === "sign") {
    return webhook.sign(one.id, new Date(one.at * 1000), one.body);
  }
  try {
    webhook.verify(one.body, one.headers);
    return true;
  } catch {
    return false;
  }
});
process.stdout.write(JSON.stringify(answers));
