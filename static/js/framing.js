// Bytes, hashes and frames, as FORMAT.md has them.
export const isHex = (text, digits) => typeof text === "string" && text.length === digits && /^[0-9a-f]*$/.test(text);
export const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
export const hex = (some) => [...some].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const text = (some) => new TextEncoder().encode(some);
export const sha256 = async (some) => new Uint8Array(await crypto.subtle.digest("SHA-256", some));

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

export function number(value, length) {
  const made = new Uint8Array(length);
  for (let at = length - 1, left = value; at >= 0; at -= 1, left = Math.floor(left / 256)) made[at] = left % 256;
  return made;
}

export const frame = (label, ...fields) => joined(text(label), ...fields.flatMap((field) => [number(field.length, 4), field]));
