// Checks the file of a receipt in the voter's own browser: signature, place in the log, mark, whether it counts.
// Nothing of the file is sent. What the server gives is looked up by the tracker alone; with the proof and live.txt
// among the chosen files nothing is asked of it at all.
import { verifyAsync } from "../vendor/noble-ed25519/ed25519.js";
import { bytes, frame, hex, isHex, joined, number, sha256, text } from "./framing.js";

const LENGTHS = { fingerprint: 64, leaf: 64, mine: 32, public_key: 64, signature: 128 };
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const KINDS = ["opening", "closing", "final"];

const digest = (label, ...fields) => sha256(frame(label, ...fields));

// --- What the format says (FORMAT.md)
function tracker(leaf) {
  const bits = BigInt(`0x${leaf.slice(0, 16)}`) >> 4n;
  const letters = Array.from({ length: 12 }, (_, place) => LETTERS[Number((bits >> BigInt(55 - 5 * place)) & 31n)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

const isReceipt = (file) => file.format === 2 && Object.entries(LENGTHS).every(([name, digits]) => isHex(file[name], digits))
  && file.tracker === tracker(file.leaf);

const isSigned = (key, message, signature) => verifyAsync(bytes(signature), message, bytes(key), { zip215: false });

const promise = ({ fingerprint, leaf }) => frame("promise/2", bytes(fingerprint), bytes(leaf));

const head = (signed) => frame("head/2", bytes(signed.fingerprint), text(signed.kind), number(signed.number, 8),
  number(signed.size, 8), bytes(signed.root), bytes(signed.live_sha256), bytes(signed.additions_root),
  number(Date.parse(signed.at) / 1000, 8));

// The root that a proof of inclusion leads to (RFC 9162, 2.1.3.2), or null.
async function rootOf(leaf, index, size, proof) {
  let here = index, last = size - 1, root = leaf;
  for (const node of proof.map(bytes)) {
    if (last === 0) return null;
    if (here % 2 === 1 || here === last) {
      root = await sha256(joined(new Uint8Array([1]), node, root));
      while (here % 2 === 0 && here !== 0) { here /= 2; last = Math.floor(last / 2); }
    } else root = await sha256(joined(new Uint8Array([1]), root, node));
    here = Math.floor(here / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hex(root) : null;
}

// The public head and the way from the leaf up to it; the key is the one that signed the receipt.
async function isInLog(receipt, proof) {
  const signed = proof.head, leaf = await sha256(joined(new Uint8Array([0]), bytes(proof.entry)));
  return signed.fingerprint === receipt.fingerprint && signed.public_key === receipt.public_key
    && KINDS.indexOf(signed.kind) === signed.number && signed.number > 0 && proof.number < signed.size
    && hex(leaf) === receipt.leaf && (await rootOf(leaf, proof.number, signed.size, proof.proof)) === signed.root
    && await isSigned(signed.public_key, head(signed), signed.signature);
}

// An entry is of fixed length up to its mark: label, type, fingerprint, mark, commitment.
async function isOwn(receipt, proof) {
  const mark = await digest("mine/2", bytes(receipt.fingerprint), bytes(receipt.mine));
  const before = frame("entry/2", text("ballot"), bytes(receipt.fingerprint), mark);
  return proof.entry.startsWith(hex(before));
}

async function counts(receipt, proof, live) {
  if (hex(await sha256(text(live))) !== proof.head.live_sha256) return null;
  return live.split("\n").includes(hex(await digest("live/2", bytes(receipt.fingerprint), bytes(receipt.mine))));
}

// --- One check after the other: [outcome, what, sentence]; the last line of the first that fails says what to do.
async function checked(receipt, words, key, find) {
  const found = [];
  const told = (outcome, what, says = words[`${what}_${outcome}`]) => { found.push({ outcome, what, says }); return outcome === "ok"; };
  const ends = (verdict) => ({ verdict, found });
  if (!told(await isSigned(receipt.public_key, promise(receipt), receipt.signature) ? "ok" : "no", "signature")) return ends("wrong");
  const own = hex(await sha256(bytes(receipt.public_key)));
  if (!told(!key || key.split(" ").includes(own) ? "ok" : "no", "key")) return ends("wrong");
  const { proof, live, state, says } = await find(receipt);
  if (state === "waits") { told("wait", "log", says); return ends("waits"); }
  if (state === "missing") { told("no", "log", says); return ends("missing"); }
  if (state) { told("no", "log", says); return ends("wrong"); }
  if (!told(await isInLog(receipt, proof) ? "ok" : "no", "log")) return ends("unproven");
  if (!told(await isOwn(receipt, proof) ? "ok" : "no", "own")) return ends("another");
  if (!live) { told("wait", "live"); return ends("in_log"); }
  const last = await counts(receipt, proof, live);
  if (last === null) { told("no", "list"); return ends("unproven"); }
  return told(last ? "ok" : "wait", "counts") ? ends("counts") : ends("replaced");
}

// --- The page
function read(files) {
  const read = { receipts: [], proofs: [], live: "" };
  for (const content of files) {
    if (/^([0-9a-f]{64}\n)*$/.test(content)) { read.live = content; continue; }
    try {
      const file = JSON.parse(content.replace(/^\ufeff/, ""));
      if (file?.kind === "inclusion") read.proofs.push(file);
      else if (file && isReceipt(file)) read.receipts.push(file);
    } catch { /* no file of ours: said below */ }
  }
  return read;
}

// The contents of a chosen file: its text, or the receipts that a saved picture carries as text chunks.
const PNG = "89504e470d0a1a0a", KEYWORD = "tEXtcivic-forum-receipt\0";

async function contents(file) {
  const whole = new Uint8Array(await file.arrayBuffer()), view = new DataView(whole.buffer), found = [];
  const letters = (start, end) => new TextDecoder("latin1").decode(whole.subarray(start, end));
  if (hex(whole.subarray(0, 8)) !== PNG) return [new TextDecoder().decode(whole)];
  for (let at = 8; at + 12 <= whole.length;) {
    const end = at + 8 + view.getUint32(at), chunk = letters(at + 4, end);
    if (chunk.startsWith(KEYWORD)) found.push(chunk.slice(KEYWORD.length));
    at = end + 4;
  }
  return found;
}

// Proof and live.txt: from the chosen files, else from the site.
async function lookUp(receipt, { proofs, live }, { words, home }) {
  const own = proofs.find((one) => one.leaf === receipt.leaf && one.fingerprint === receipt.fingerprint);
  if (own) return { proof: own, live };
  if (!home) return { state: "waits", says: words.no_proof };
  const answer = await fetch(`${home}/${receipt.tracker}/${receipt.fingerprint}.json`, { cache: "no-store" });
  const proof = await answer.json();
  if (proof.kind !== "inclusion") return { state: proof.state, says: proof.detail };
  return { proof, live: await (await fetch(proof.live, { cache: "no-store" })).text() };
}

function element(name, text, className = "") {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

function show(place, receipt, { verdict, found }, words) {
  const lines = found.map(({ outcome, what, says }) => {
    const line = element("li", "", outcome);
    line.append(element("b", words[what]), says);
    return line;
  });
  const list = element("ol", "", "checks-list gap-top");
  list.append(...lines);
  const title = element("h3", words[`verdict_${verdict}`]);
  title.tabIndex = -1;
  place.append(title, element("p", receipt.tracker, "num"), list);
}

const section = document.querySelector("[data-checker]");
const words = JSON.parse(section.dataset.words), place = section.querySelector("[data-found]");
const { key, home } = section.dataset;
section.querySelector("[data-script]").hidden = false;
const chosen = section.querySelector("input[type=file]");
chosen.addEventListener("click", () => { chosen.value = ""; }); // the same file chosen again is a change too
chosen.addEventListener("change", async ({ target }) => {
  place.replaceChildren(element("p", words.reading));
  const files = read((await Promise.all([...target.files].map(contents))).flat());
  place.replaceChildren();
  if (!files.receipts.length) place.append(element("p", words.no_receipt, "err"));
  for (const receipt of files.receipts) {
    try {
      show(place, receipt, await checked(receipt, words, key, (one) => lookUp(one, files, { words, home })), words);
    } catch {
      place.append(element("p", words.no_answer, "err"));
    }
  }
  place.firstElementChild.focus();
});
