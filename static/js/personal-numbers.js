// Notices numbers that tell who somebody is while they are typed, and offers to mask them, as the server does again
// (platform/personal_numbers.py; a test compares the two). Nothing that is typed leaves the page for this.
// <textarea data-personal> stands in a form with <template data-personal-offer>.
const MASK = "＊";
const SECRET = new Set(["resident", "foreigner", "card"]);
const BETWEEN = "[ .()*_\\\\-]{0,4}";
const FREE = "(?<![0-9A-Za-z])(?<![0-9]-)";
const OVER = "(?![0-9A-Za-z])(?!-[0-9])";
const ANYTHING = "[^0-9A-Za-z가]";
const PHONE = new RegExp(`(?:${FREE}\\+?82${BETWEEN}(?:\\(0\\))?${BETWEEN}(?:10|[2-6][0-9]?|70)|` +
  `${FREE}0(?:1[016-9]|2|[3-6][1-5]|70|50[0-9]?))${ANYTHING}{0,4}([0-9]{3,4})${ANYTHING}{0,4}[0-9]{4}${OVER}`, "dg");
const REGISTERED = new RegExp(`${FREE}([0-9]{6})(${ANYTHING}{0,8})([0-9]{7})${OVER}`, "dg");
const APART = /^(?:[ .()*_\\~-]+|[ .()*_\\\n]*-[ .()*_\\\n-]*)$/;
const IN_CARD = "[ .()*_\\\\/:;~\\n-]{0,4}";
const CARD = new RegExp(`${FREE}(?:[3-69][0-9]{3}(?:${IN_CARD}[0-9]{4}){3}|` +
  `3[47][0-9]{2}${IN_CARD}[0-9]{6}${IN_CARD}[0-9]{5})${OVER}`, "dg");
const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
const CENTURY = { 9: 1800, 0: 1800, 1: 1900, 2: 1900, 5: 1900, 6: 1900, 3: 2000, 4: 2000, 7: 2000, 8: 2000 };
const RAISED = /[⁰¹²³⁴-⁹₀-₉]/u;
const ROW_OF_RAISED = /[⁰¹²³⁴-⁹₀-₉]{3,}/gu;
const CIRCLED = [0x2776, 0x2780, 0x278a, 0x24f5];
const UNSEEN = new RegExp("[\\p{M}\\p{Default_Ignorable_Code_Point}\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84" +
  "\\x86-\\x9f\\ufff9-\\uffff\\uff9e\\uff9f\\u2800]", "u");

function digit(character) {
  const code = character.codePointAt(0);
  const written = /^\(?([0-9])[).,]?$/.exec(character.normalize("NFKC"));
  if (written) return written[1];
  if (code === 0x24ff) return "0";
  const circled = CIRCLED.find((first) => code >= first && code < first + 9);
  if (circled) return String(code - circled + 1);
  if (!/\p{Nd}/u.test(character)) return null;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}

function plainCharacter(character) {
  if (character === MASK || RAISED.test(character)) return "가";
  const number = digit(character);
  if (number !== null) return number;
  if (UNSEEN.test(character)) return "";
  const compatible = character.normalize("NFKC");
  if (/^[\x00-\x7f]$/.test(compatible)) return compatible;
  if (/[\p{Pd}\u2212\u30fc\u3161]/u.test(character)) return "-";
  return /[\p{L}\p{N}]/u.test(character) && character !== "ㆍ" ? "가" : /\s|\x85/.test(character) ? "\n" : "~";
}

// In ASCII with one letter for all others, without what nobody sees, and where each character stood.
function plain(letters) {
  const even = [];
  const places = [];
  letters.forEach((character, place) => {
    const written = plainCharacter(character);
    if (written) {
      even.push(written);
      places.push(place);
    }
  });
  return [even.join(""), places];
}

const luhn = (text) => [...text.replace(/\D/g, "")].reverse()
  .map((digit, place) => digit * (1 + place % 2))
  .reduce((sum, number) => sum + (number > 9 ? number - 9 : number), 0) % 10 === 0;

function registration(digits, apart) {
  const year = CENTURY[digits[6]] + Number(digits.slice(0, 2));
  const born = new Date(Date.UTC(year, digits.slice(2, 4) - 1, digits.slice(4, 6)));
  const day = digits.slice(2, 6);
  if (born.toISOString().slice(5, 10).replace("-", "") !== day) return null;
  const foreign = "5678".includes(digits[6]);
  const kind = foreign ? "foreigner" : "resident";
  const total = WEIGHTS.reduce((sum, weight, place) => sum + weight * digits[place], 0);
  if (Number(digits[12]) === ((foreign ? 13 : 11) - total % 11) % 10) return kind;
  return apart && (foreign || born >= Date.UTC(2020, 9, 1)) ? kind : null;
}

// What looks so and is so. What only looks so uses up nothing: a real one may begin within it.
function fitting(pattern, text, fits) {
  const found = [];
  pattern.lastIndex = 0;
  for (let hit = pattern.exec(text); hit; hit = pattern.exec(text)) {
    if (fits(hit)) found.push(hit);
    else pattern.lastIndex = hit.index + 1;
  }
  return found;
}

function hits(text) {
  const [even, places] = plain([...text.replaceAll("\t", " ").replace(ROW_OF_RAISED, (row) => row.normalize("NFKC"))]);
  const addresses = [...even.matchAll(/https?:\/\/\S+/dg)].map((one) => one.indices[0]);
  const outside = (hit) => !addresses.some(([start, end]) => start <= hit.span[0] && hit.span[0] < end);
  const all = [
    ...[...even.matchAll(REGISTERED)].map((hit) => ({
      kind: registration(hit[1] + hit[3], APART.test(hit[2])), span: hit.indices[0], hide: hit.indices[3] })),
    ...fitting(CARD, even, (hit) => hit[0].split("\n").length < 3 && luhn(hit[0])).map((hit) => ({
      kind: "card", span: hit.indices[0], hide: [hit.indices[0][0] + 4, hit.indices[0][1] - 4] })).filter(outside),
    ...fitting(PHONE, even, (hit) => /^\+?(?:0|82\D*)1/.test(hit[0]) || !"01".includes(hit[1][0]))
      .map((hit) => ({ kind: "phone", span: hit.indices[0], hide: hit.indices[1] })).filter(outside),
  ].filter((hit) => hit.kind);
  const kept = [];
  for (const hit of all) {
    if (kept.every((other) => hit.span[1] <= other.span[0] || other.span[1] <= hit.span[0])) kept.push(hit);
  }
  const within = ([start, end]) => [places[start], places[end - 1] + 1];
  return kept.map(({ kind, span, hide }) => ({ kind, span: within(span), hide: within(hide) }));
}

export const kinds = (text) => new Set(hits(text).map((hit) => hit.kind));

export function masked(text) {
  const letters = [...text];
  for (let found = hits(text); found.length; found = hits(letters.join(""))) {
    for (const { hide: [from, to] } of found) {
      for (let place = from; place < to; place += 1) if (digit(letters[place]) !== null) letters[place] = MASK;
    }
  }
  return letters.join("");
}

const PAUSE_MS = 600;

export function enhance(field) {
  const offer = field.form?.querySelector("template[data-personal-offer]");
  if (!offer) return;
  const box = offer.content.firstElementChild.cloneNode(true);
  const [said, button] = [box.querySelector("[data-said]"), box.querySelector("button")];
  const words = JSON.parse(box.dataset.words);
  let timer, shown = "";
  // A live region has to be on the page before its text changes.
  field.after(box);
  const look = () => {
    const there = [...kinds(field.value)];
    const now = there.sort().join();
    if (now === shown) return;
    shown = now;
    button.hidden = !there.length;
    box.classList.toggle("note", there.length > 0);
    said.textContent = !there.length ? "" : there.map((kind) => words[kind]).join(", ") +
      (there.some((kind) => SECRET.has(kind)) ? box.dataset.secret : box.dataset.open);
  };
  button.addEventListener("click", () => {
    field.value = masked(field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    clearTimeout(timer);
    look();
    said.textContent = box.dataset.done;
    shown = null;
  });
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE_MS); });
  field.addEventListener("blur", look);
  look();
}
