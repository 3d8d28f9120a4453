// Draws a published lot again in the reader's own browser, as verifier/DRAW.md says. It imports and asks nothing, and
// sends nothing: with the page loaded it works without a network. Its SHA-256 stands in DRAW.md and in letters.

// --- Bytes and hashes. SHA-256 (FIPS 180-4) by hand: crypto.subtle is missing where an address is plain http.
const primes = [];
for (let at = 2; primes.length < 64; at += 1) if (primes.every((prime) => at % prime)) primes.push(at);
const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));
const turned = (word, by) => (word >>> by) | (word << (32 - by));

export function sha256(some) {
  const state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const padded = new Uint8Array((some.length + 72) & ~63), view = new DataView(padded.buffer), words = new Int32Array(64);
  padded.set(some);
  padded[some.length] = 128;
  view.setUint32(padded.length - 8, Math.floor(some.length / 2 ** 29));
  view.setUint32(padded.length - 4, (some.length * 8) >>> 0);
  for (let block = 0; block < padded.length; block += 64) {
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      if (at < 16) words[at] = view.getInt32(block + at * 4);
      else {
        const two = words[at - 2], fifteen = words[at - 15];
        words[at] = words[at - 16] + words[at - 7] + (turned(two, 17) ^ turned(two, 19) ^ (two >>> 10))
          + (turned(fifteen, 7) ^ turned(fifteen, 18) ^ (fifteen >>> 3));
      }
      const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] = (state[at] + word) | 0; });
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => digest.setInt32(at * 4, word));
  return new Uint8Array(digest.buffer);
}

const text = (some) => new TextEncoder().encode(some);
const hex = (some) => [...some].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (two) => parseInt(two, 16));
const four = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const hashed = (label, ...fields) => sha256(Uint8Array.from([...text(label), ...fields.flatMap((field) => [...four(field.length), ...field])]));

// --- Seed, order, the lottery and the round that an instant asks for
const seedOf = (commit, values, beacon) => hashed("draw-seed/1", commit, text(values), bytes(beacon));
const valuesOf = (number, numbers, bonus) => `{"bonus":${bonus},"number":${number},"numbers":[${[...numbers].sort((one, other) => one - other)}]}`;

function orderOf(seed, lot, numbers) {
  const keys = new Map(numbers.map((number) => [number, hex(hashed("draw-order/1", seed, four(lot), four(number)))]));
  return [...numbers].sort((one, other) => (keys.get(one) < keys.get(other) ? -1 : 1));
}

const FIRST_LOTTERY = Date.parse("2002-12-07T11:35:00Z") / 1000, WEEK = 604800;
const lotteryAt = (number) => FIRST_LOTTERY + (number - 1) * WEEK;

export function reckoned(at) {
  const lottery = Math.max(1, 1 + Math.ceil((Date.parse(at) / 1000 + 3 * 86400 - FIRST_LOTTERY) / WEEK));
  return { lottery, round: 1 + Math.ceil((lotteryAt(lottery) + 3600 - 1692803367) / 3) };
}

// --- Filling. A lot is its groups from the inside, itself at last; `taken` and so on stand at the same places.
const sum = (values) => values.reduce((whole, value) => whole + value, 0);
const groupsOf = (lot) => [...lot.groups, { cells: lot.cells, least: lot.places, most: lot.places }]
  .sort((one, other) => one.cells.length - other.cells.length);
const isInside = (one, other) => one !== other && one.cells.every((cell) => other.cells.includes(cell));
const insideOf = (groups) => groups.map((outer, at) => groups.flatMap((inner, place) => (place < at && isInside(inner, outer)
  && !groups.slice(place + 1, at).some((between) => isInside(inner, between) && isInside(between, outer)) ? [place] : [])));

function holds(groups) {
  const needed = [];
  insideOf(groups).forEach((inside, at) => { needed[at] = Math.max(groups[at].least, sum(inside.map((place) => needed[place]))); });
  return groups.every((group, at) => needed[at] <= group.most);
}

function filled(lot, order, cells, held, back) {
  let groups = groupsOf(lot);
  const drawn = new Set(order.filter((number) => held.has(number)));
  const counted = (group) => [...drawn].filter((number) => group.cells.includes(cells.get(number))).length;
  if (held.size || back.size) {
    for (const number of order) {
      const around = groups.filter((group) => group.cells.includes(cells.get(number)));
      if (back.has(number) && around.every((group) => counted(group) < group.most)) drawn.add(number);
    }
    groups = groups.map((group) => ({ cells: group.cells, least: Math.max(0, group.least - counted(group)), most: group.most - counted(group) }));
    if (!holds(groups)) groups = groups.map((group) => ({ ...group, least: 0 }));
  }
  const inside = insideOf(groups), rest = order.filter((number) => !drawn.has(number)), low = [], high = [];
  const taken = groups.map(() => 0), last = groups.length - 1;
  groups.forEach((group, at) => {
    const own = rest.filter((number) => group.cells.includes(cells.get(number))
      && !inside[at].some((place) => groups[place].cells.includes(cells.get(number))));
    high[at] = Math.min(group.most, own.length + sum(inside[at].map((place) => high[place])));
    low[at] = Math.min(high[at], Math.max(group.least, sum(inside[at].map((place) => low[place]))));
  });
  const needs = (at) => Math.max(0, low[at] - taken[at], sum(inside[at].map(needs)));
  for (const number of rest) {
    if (taken[last] === high[last]) break;
    const around = groups.flatMap((group, at) => (group.cells.includes(cells.get(number)) ? [at] : []));
    for (const at of around) taken[at] += 1;
    if (around.every((at) => taken[at] + needs(at) <= high[at])) drawn.add(number);
    else for (const at of around) taken[at] -= 1;
  }
  return order.filter((number) => drawn.has(number));
}

function drawn(lots, cells, seed, gone, held = null, back = new Set()) {
  const out = new Set(gone), kept = new Set((held ?? []).flat()), result = [];
  lots.forEach((lot, at) => {
    const people = [...cells.keys()].filter((number) => lot.cells.includes(cells.get(number)) && !out.has(number));
    const first = new Set([...back].filter((number) => !kept.has(number)));
    result.push(filled(lot, orderOf(seed, at + 1, people), cells, new Set(held?.[at]), first));
    result[at].forEach((number) => out.add(number));
  });
  return result;
}

export function resultOf(lots, cells, seed, entries, lottery) {
  const late = entries.filter((entry) => !entry.restored || Date.parse(entry.restored) / 1000 >= lotteryAt(lottery));
  const steps = late.flatMap((entry) => [[entry.at, 0, entry.number], ...(entry.restored ? [[entry.restored, 1, entry.number]] : [])]);
  const gone = new Set(), back = new Set();
  let held = null;
  for (const [, restored, number] of steps.sort((one, other) => (one[0] === other[0] ? one[1] - other[1] || one[2] - other[2]
    : one[0] < other[0] ? -1 : 1))) {
    if (restored && !held) held = drawn(lots, cells, seed, gone);
    if (restored) { gone.delete(number); back.add(number); } else { gone.add(number); back.delete(number); }
    if (held) held = drawn(lots, cells, seed, gone, held, back);
  }
  return held ?? drawn(lots, cells, seed, gone);
}

// Case folding as Unicode has it, by what a browser has: up and down again but for a dotless i and Cherokee.
const inOneCase = (sign) => (sign === "ı" ? sign : /\p{Script=Cherokee}/u.test(sign) ? sign.toUpperCase()
  : sign.toLowerCase().toUpperCase().toLowerCase());
const folded = (name) => Array.from(name.normalize("NFD"), inOneCase).join("").normalize("NFKC").replace(/[^\p{L}\p{M}\p{N}]/gu, "");

export function markOf({ slug, attempt }, number, salt, name, birthday) {
  const draw = hashed("draw-id/1", text(slug), four(attempt)), last = name.lastIndexOf(" / ");
  const names = last < 0 ? [name] : [name.slice(0, last), name.slice(last + 3)];
  return hex(hashed("draw-person/1", draw, four(number), bytes(salt), text([...names.map(folded), birthday].join("\n"))));
}

// --- All of one draw: what was typed and pasted in, what follows out. Numbers are those of the letter or newspaper.
// `late`: the instant at which two stated that there is no beacon, or nothing.
export function repeat({ definition, list, passed, numbers, bonus, beacon, late }) {
  const written = text(definition), known = JSON.parse(definition), lines = new Map(), commit = sha256(written);
  for (const line of list.split("\n").slice(0, -1)) {
    const [, number, mark, cell] = /^([1-9]\d{5}) ([0-9a-f]{64}) (c\d+)$/.exec(line);
    lines.set(Number(number), { mark, cell });
  }
  const asked = reckoned(known.at), cells = new Map([...lines].map(([number, { cell }]) => [number, cell]));
  const lottery = late ? reckoned(late).lottery : known.lottery;
  const found = { known, lines, lottery, commit: hex(commit), list: hex(sha256(text(list))) === known.list,
    named: asked.lottery === known.lottery && asked.round === known.round };
  if (!numbers) return found;
  const seed = seedOf(commit, valuesOf(lottery, numbers, bonus), beacon);
  return { ...found, seed: hex(seed), result: resultOf(known.lots, cells, seed, passed, lottery) };
}

// --- The record's members: a zip of one plain form, nothing compressed
function members(whole) {
  const view = new DataView(whole.buffer), found = {};
  for (let at = 0; at + 30 <= whole.length && view.getUint32(at) === 0x504b0304;) {
    const size = view.getUint32(at + 18, true), begins = at + 30 + view.getUint16(at + 26, true);
    found[new TextDecoder().decode(whole.subarray(at + 30, begins))] = new TextDecoder().decode(whole.subarray(begins, begins + size));
    at = begins + size;
  }
  return found;
}

// --- The page
const element = (name, words, className = "") => Object.assign(document.createElement(name), { textContent: words, className });

function say(words, lines, outcome, name, filling = {}) {
  const line = element("li", "", outcome);
  line.append(element("b", words[name]), words[`${name}_${outcome}`].replace(/{(\w+)}/g, (_, key) => filling[key]));
  lines.append(line);
}

function compared(words, lines, found, typed) {
  const { known } = found, letter = typed.commit.replace(/\s/g, "").toLowerCase();
  const same = letter.length >= 8 && (found.commit === letter || (letter.length === 16 && found.commit.startsWith(letter.slice(0, 8))
    && found.commit.endsWith(letter.slice(8))));
  say(words, lines, letter ? (same ? "ok" : "no") : "wait", "commit", { commit: found.commit });
  say(words, lines, found.list ? "ok" : "no", "list", { people: found.lines.size });
  say(words, lines, found.named ? "ok" : "no", "named", { round: known.round, lottery: found.lottery });
  if (!typed.number) return;
  const line = found.lines.get(Number(typed.number));
  const mark = line && typed.salt && markOf(known, Number(typed.number), typed.salt.replace(/\s/g, "").toLowerCase(), typed.name, typed.birthday);
  say(words, lines, !line || (mark && mark !== line.mark) ? "no" : mark ? "ok" : "wait", "line", typed);
}

function drawnAgain(words, place, { known, result, seed }, typed) {
  place.append(element("h3", words.result, "h3 gap-top"), element("p", `${words.seed} ${seed}`, "sm"));
  result.forEach((numbers, at) => {
    const list = element("ol", "", "num"), lot = element("div", "", "prose");
    for (const number of numbers) list.append(element("li", number === Number(typed.number) ? `${number} ${words.mine}` : number));
    lot.append(list);
    place.append(element("h4", known.lots[at].name, "gap-top"), lot);
  });
}

function read(section) {
  const typed = Object.fromEntries([...section.querySelectorAll("[data-typed]")].map((field) => [field.dataset.typed, field.value.trim()]));
  const figures = (typed.figures.match(/\d+/g) ?? []).map(Number), [bonus] = figures.slice(-1), numbers = figures.slice(0, -1);
  const valid = figures.length === 7 && new Set(figures).size === 7 && figures.every((figure) => figure >= 1 && figure <= 45);
  const beacon = typed.beacon.replace(/\s/g, "").toLowerCase();
  return { ...typed, numbers: typed.figures ? valid && numbers : null, bonus, beacon, beaconHolds: /^([0-9a-f]{96})?$/.test(beacon),
    list: typed.list && `${typed.list.replaceAll("\r", "")}\n`, passed: JSON.parse(typed.passed || "[]") };
}

function begin(section) {
  const words = JSON.parse(section.dataset.words), place = section.querySelector("[data-found]");
  const part = (name) => section.querySelector(`[data-typed=${name}]`);
  section.querySelector("[data-script]").hidden = false;
  section.querySelector("input[type=file]").addEventListener("change", async ({ target }) => {
    const found = members(new Uint8Array(await target.files[0].arrayBuffer()));
    for (const name of ["definition", "passed"]) part(name).value = found[`${name}.json`] ?? "";
    part("list").value = found["list.txt"] ?? "";
    part("late").value = JSON.parse(found["signatures.json"] ?? "{}").late?.at ?? "";
  });
  section.querySelector("[data-again]").addEventListener("click", () => {
    const lines = element("ol", "", "checks-list gap-top");
    place.replaceChildren(lines);
    try {
      const typed = read(section);
      if (typed.numbers === false || !typed.beaconHolds) return place.replaceChildren(element("p", words.figures_wrong, "err"));
      const found = repeat(typed);
      compared(words, lines, found, typed);
      if (found.result) drawnAgain(words, place, found, typed);
    } catch {
      place.replaceChildren(element("p", words.unreadable, "err"));
    }
    return place.scrollIntoView();
  });
}

const section = globalThis.document?.querySelector("[data-draw-check]");
if (section) begin(section);
