// Is a webhook from Ieum? Standard Webhooks, with Node's own library alone.
// node verify.mjs SECRETS ID TIMESTAMP SIGNATURES BODY [NOW]
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE = 300; // seconds, into the past and into the future

/** Whether one of the secrets has signed exactly these bytes (a Buffer), not long ago. */
export function verify(secrets, id, timestamp, signatures, body, now = Date.now() / 1000) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp)) > TOLERANCE) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const keys = secrets.map((one) => Buffer.from(one.replace(/^whsec_/, ""), "base64"));
  const expected = keys.map((key) => "v1," + createHmac("sha256", key).update(signed).digest("base64"));
  return signatures.split(" ").some((one) => expected.some((other) => isSame(one, other)));
}

function isSame(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

if (process.argv.length > 6) {
  const [secrets, id, timestamp, signatures, body, now] = process.argv.slice(2);
  const moment = now === undefined ? Date.now() / 1000 : Number(now);
  const isValid = verify(secrets.split(" "), id, timestamp, signatures, Buffer.from(body), moment);
  console.log(isValid ? "valid" : "invalid");
}
