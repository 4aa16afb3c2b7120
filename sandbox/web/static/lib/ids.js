// Ids that an app makes itself, so that what is sent twice is made once.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A UUIDv7 as the API shows it: a prefix and 26 characters of Crockford's alphabet. */
export function newId(prefix) {
  const noise = crypto.getRandomValues(new BigUint64Array(2));
  const high = (BigInt(Date.now()) << 16n) | 0x7000n | (noise[0] & 0xfffn);
  const value = (high << 64n) | (2n << 62n) | (noise[1] & ((1n << 62n) - 1n));
  let text = "";
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((value >> shift) & 31n)];
  return `${prefix}_${text}`;
}
