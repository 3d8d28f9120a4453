// Keys of observers: made in this browser, and signed with here. The private key never leaves it: no field that holds
// one has a name, and nothing is sent but the statement and the public half.
import { bytes, frame, hex, isHex, sha256, text } from "./framing.js";

const LONGEST = 1000;
// The private key as PKCS #8 is these bytes and the seed (RFC 8410).
const BEFORE_SEED = bytes("302e020100300506032b657004220420");

async function signsHere() {
  try {
    return Boolean(await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]));
  } catch {
    return false;
  }
}

// --- The file of `verify.py keygen`, letter by letter
const written = (key) => `{"algorithm": "Ed25519", "format": 2, "public_key": "${key.public_key}", "seed": "${key.seed}"}\n`;

async function madeKey() {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  const [whole, half] = await Promise.all([crypto.subtle.exportKey("pkcs8", pair.privateKey),
    crypto.subtle.exportKey("raw", pair.publicKey)]);
  return { public_key: hex(new Uint8Array(half)), seed: hex(new Uint8Array(whole).slice(-32)) };
}

async function readKey(file) {
  try {
    const key = JSON.parse((await file.text()).replace(/^\ufeff/, ""));
    return key.algorithm === "Ed25519" && key.format === 2 && isHex(key.seed, 64) && isHex(key.public_key, 64) ? key : null;
  } catch {
    return null;
  }
}

async function signature(key, message) {
  const seed = new Uint8Array([...BEFORE_SEED, ...bytes(key.seed)]);
  const own = await crypto.subtle.importKey("pkcs8", seed, { name: "Ed25519" }, false, ["sign"]);
  const half = await crypto.subtle.importKey("raw", bytes(key.public_key), { name: "Ed25519" }, false, ["verify"]);
  const signed = await crypto.subtle.sign({ name: "Ed25519" }, own, message);
  return await crypto.subtle.verify({ name: "Ed25519" }, half, signed, message) ? hex(new Uint8Array(signed)) : null;
}

// --- Making a key
function offerKey(section) {
  const made = section.querySelector("[data-made]"), link = made.querySelector("a[download]");
  section.querySelector("[data-make]").addEventListener("click", async () => {
    const key = await madeKey();
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([written(key)], { type: "application/json" }));
    made.querySelector("[data-public]").textContent = key.public_key;
    const field = document.querySelector("[data-public-field]");
    if (field) field.value = key.public_key;
    made.hidden = false;
    link.focus();
  });
}

// --- Signing: what the observer holds is hashed here, so that nobody is led to sign another edition
function offerSigning(section) {
  const words = JSON.parse(section.dataset.words), says = section.querySelector("[data-says]");
  const part = (name) => section.querySelector(`[data-${name}]`);
  const refuse = (word, field) => { says.textContent = words[word]; field.focus(); };
  part("send").addEventListener("click", async () => {
    says.textContent = "";
    const [edition, file] = [part("edition").files[0], part("key-file").files[0]];
    const verdict = section.querySelector("input[type=radio]:checked"), remark = part("remark").value.trim();
    if (!edition) return refuse("no_edition", part("edition"));
    if (hex(await sha256(await edition.arrayBuffer())) !== section.dataset.edition) return refuse("other_edition", part("edition"));
    if (!verdict) return refuse("no_verdict", section.querySelector("input[type=radio]"));
    const agrees = verdict.value === "1" ? 1 : 0;
    if (!agrees && !remark) return refuse("no_reason", part("remark"));
    if ([...remark].length > LONGEST) return refuse("too_long", part("remark"));
    const key = file && await readKey(file);
    if (!key) return refuse("no_key", part("key-file"));
    if (!section.dataset.keys.split(" ").includes(key.public_key)) return refuse("other_key", part("key-file"));
    const { fingerprint, result, edition: hash } = section.dataset;
    const signed = await signature(key, frame("observed/2", bytes(fingerprint), bytes(result), bytes(hash),
      new Uint8Array([agrees]), text(remark)));
    if (!signed) return refuse("no_key", part("key-file"));
    const statement = JSON.stringify({ agrees, edition_sha256: hash, fingerprint, format: 2,
      public_key: key.public_key, result_sha256: result, signature: signed, text: remark });
    const chosen = new DataTransfer();
    chosen.items.add(new File([statement], "signature.json", { type: "application/json" }));
    const form = document.querySelector("[data-signatures]");
    form.querySelector("input[type=file]").files = chosen.files;
    form.requestSubmit();
  });
}

// --- The page
if (await signsHere()) {
  for (const section of document.querySelectorAll("[data-observer]")) {
    (section.dataset.observer === "key" ? offerKey : offerSigning)(section);
    section.hidden = false;
  }
  for (const other of document.querySelectorAll("[data-without]")) other.hidden = true;
}
