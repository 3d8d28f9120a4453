// The ballot: counts what is chosen, shows it once more before it is sent, sends it as JSON of one length, and puts
// the receipt in its place. Without this script the form sends itself and the server checks and answers with pages.
// A page holds one ballot, or several that are sent together; each has its own limits, its own sums and its own blank.
import { save } from "./receipt-picture.js";

const form = document.querySelector("[data-ballot]");
const page = document.querySelector("[data-ballot-page]");
const words = JSON.parse(form.dataset.words);
const part = (name) => form.querySelector(`[data-${name}]`);
const said = part("said");
const WAITS_MS = [1000, 3000];
const PATIENCE_MS = 20_000;
const QUIET_MS = 600;
let changed = false, sending = false, done = false;

const input = (card) => card.querySelector("input");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const cost = (card) => Number(card.dataset.cost ?? 0);
const picked = (set) => set.cards.filter((card) => input(card).checked);
const sum = (cards) => cards.reduce((total, card) => total + cost(card), 0);

function won(amount) {
  if (document.documentElement.lang !== "ko") return `₩${amount.toLocaleString("en")}`;
  const hundreds = Math.floor(amount / 1e8), tens = Math.floor((amount % 1e8) / 1e4), ones = amount % 1e4;
  const parts = [];
  if (hundreds) parts.push(`${hundreds.toLocaleString("ko")}억`);
  if (tens) parts.push(`${tens.toLocaleString("ko")}만`);
  if (!parts.length) return `${amount.toLocaleString("ko")}원`;
  return parts.join(" ") + (ones ? ` ${ones.toLocaleString("ko")}원` : " 원");
}

function element(name, text, more = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  return Object.assign(made, more);
}

// --- One ballot
class Paper {
  constructor(root) {
    this.root = root;
    this.key = root.dataset.paper;
    // Drawn here and not on the server: with it the voter finds the ballot in the record, and nobody else does.
    this.mine = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.name = papersOnPage > 1 ? root.dataset.name : "";
    this.options = [...root.querySelectorAll("[data-option]")];
    this.questions = [...root.querySelectorAll("[data-question]")];
    this.blank = root.querySelector("[data-is-blank]");
    this.single = this.blank.type === "radio";
    this.limit = Number(root.dataset.limit) || this.questions.length;
    this.money = root.dataset.money ? Number(root.dataset.money) : null;
    this.sets = [...root.querySelectorAll("[data-set]")].map((set) => ({
      name: set.dataset.set, least: Number(set.dataset.least), most: Number(set.dataset.most),
      cards: [...set.querySelectorAll("[data-option]")], counter: set.querySelector("[data-count-of]"),
    }));
    for (const { counter } of this.sets) if (counter) counter.hidden = false;
    this.tray = form.querySelector(`[data-tray="${this.key}"]`);
    this.look = form.querySelector(`[data-look-of="${this.key}"]`);
    this.whyNot = this.inTray("why-not");
    this.again = root.closest(".envelope")?.querySelector("[data-again]");
    this.heading = root.closest(".envelope")?.querySelector("h2");
  }

  // Whether it is sent: who has voted in it already says so first.
  get isSent() { return !this.again || this.again.checked; }

  inTray(name) { return this.tray.querySelector(`[data-${name}]`); }
  get chosen() { return this.options.filter((card) => input(card).checked); }
  get answered() { return this.questions.filter((card) => card.querySelector(":checked")); }

  // Why this card cannot be chosen beside what is chosen; "" if it can.
  reason(card) {
    if (this.single || this.questions.length) return "";
    const full = this.full(card);
    return full || (this.lacks(card) > 0 ? fill(words.over, { lacks: won(this.lacks(card)) }) : "");
  }

  full(card) {
    if (this.chosen.length >= this.limit) return fill(words.full, { limit: this.limit });
    const set = this.sets.find((one) => one.cards.includes(card));
    return set?.name && picked(set).length >= set.most ? fill(words.full_group, { name: set.name, limit: set.most }) : "";
  }

  // The money that is missing for it.
  lacks(card) { return this.money === null ? 0 : cost(card) - (this.money - sum(this.chosen)); }

  show() {
    this.tray.hidden = !this.isSent;
    const cards = this.cards;
    const put = (name, text) => { const place = this.inTray(name); if (place) place.textContent = text; };
    put("count", cards.length);
    put("sum", won(sum(cards)));
    put("state", this.state);
    put("picked", this.picked);
    const bar = this.inTray("money-bar");
    if (bar) bar.value = sum(cards);
    for (const set of this.sets) if (set.counter) set.counter.textContent = `${picked(set).length} / ${set.most}`;
    const reasons = new Set();
    for (const card of this.options) {
      const reason = input(card).checked ? "" : this.reason(card), why = card.querySelector("[data-why]");
      const ofMoney = Boolean(reason && why && !this.full(card));
      if (why) why.textContent = ofMoney ? fill(words.lacks, { lacks: won(this.lacks(card)) }) : "";
      if (reason && !ofMoney) reasons.add(reason);
      mark(input(card), reason, ofMoney ? why : this.whyNot);
    }
    mark(this.blank, !this.single && !this.questions.length && cards.length > 0, null);
    this.why = this.whyNot.textContent = [...reasons].join(" ");
  }

  get cards() { return this.questions.length ? this.answered : this.chosen; }

  // After the number of what is chosen.
  get state() {
    const cards = this.cards, left = this.money === null ? 0 : this.money - sum(cards);
    if (!this.questions.length && cards.length >= this.limit) return words.full_short;
    return this.money !== null && cards.length && !this.name ? fill(words.left, { left: won(left) }) : "";
  }

  get picked() {
    if (this.blank.checked) return words.blank;
    if (this.single) return this.chosen[0]?.dataset.title ?? words.pick_one;
    return this.cards.length ? fill(this.questions.length ? words.answered : words.picked, { number: this.cards.length })
      : this.questions.length ? words.answer : words.pick;
  }

  // For who does not see the counter: once, when the choosing pauses.
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const total = this.inTray("sum")?.textContent;
      const counted = fill(words.told, { limit: this.limit, number: this.cards.length });
      const sums = total ? fill(words.told_sum, { sum: total }) : "";
      this.inTray("told").textContent = this.saying([counted, sums, this.why].filter(Boolean).join(" "));
    }, QUIET_MS);
  }

  saying(text) { return text && this.name ? `${this.name}: ${text}` : text; }

  changed(target) {
    if (target.getAttribute("aria-disabled")) {
      target.checked = false;
      const card = target.closest("[data-option]");
      said.textContent = this.saying(target === this.blank ? words.blank_after : this.reason(card));
      return;
    }
    changed = true;
    const { blank, questions, single } = this;
    if (target === blank && blank.checked && questions.length) {
      const cleared = this.root.querySelectorAll("[data-question] :checked");
      for (const box of cleared) box.checked = false;
      if (cleared.length) said.textContent = words.blank_clears;
    } else if (target !== blank && !single && blank.checked) {
      blank.checked = false;
      said.textContent = words.blank_gone;
    }
    target.closest(".missing")?.classList.remove("missing");
    this.show();
    this.tell();
  }

  // What is missing before it can be sent; moves to where it is.
  fault() {
    const reason = this.missing();
    if (reason && this.name) {
      this.heading.focus();
      here(this);
    }
    return this.saying(reason);
  }

  missing() {
    if (this.blank.checked) return "";
    if (this.questions.length) {
      const missing = this.questions.filter((card) => !card.querySelector(":checked"));
      for (const card of missing) card.classList.add("missing");
      missing[0]?.querySelector("input").focus();
      return missing.length ? fill(words.unanswered, { number: missing.length }) : "";
    }
    const number = this.chosen.length;
    if (!number) return words.none;
    if ("exactly" in this.root.dataset && number < this.limit) return fill(words.more, { number: this.limit - number });
    for (const set of this.sets) {
      const there = picked(set).length;
      if (there < set.least) return fill(words.more_of, { name: set.name, number: set.least - there });
    }
    return "";
  }

  showLook() {
    const { blank, questions } = this;
    const kept = this.look.querySelector("[data-look-kept]");
    if (kept) kept.hidden = this.isSent;
    const cards = questions.length ? questions : this.chosen;
    const lines = blank.checked ? [lookLine("", words.blank, null, "")] : cards.map((card) => lookLine(
      fill(words.number, { number: card.dataset.number }), card.dataset.title, card.querySelector(".opt-pic"),
      questions.length ? card.querySelector(":checked + label").textContent
        : card.dataset.cost === undefined ? "" : won(cost(card))));
    this.look.querySelector("[data-look]").replaceChildren(...(this.isSent ? lines : []));
    const total = this.look.querySelector("[data-look-sum]");
    if (total) {
      this.look.querySelector("[data-look-sum-row]").hidden = blank.checked || !this.isSent;
      total.textContent = won(sum(cards));
    }
  }

  get choice() {
    const values = Array(Number(this.root.dataset.options)).fill(0);
    if (!this.blank.checked) {
      for (const card of this.chosen) values[card.dataset.number - 1] = 1;
      for (const card of this.answered) values[card.dataset.number - 1] = Number(card.querySelector(":checked").value);
    }
    return (this.blank.checked ? "01" : "00") + values.map((value) => value.toString(16).padStart(4, "0")).join("");
  }

  get sent() {
    const value = (name) => form.elements[this.key ? `${this.key}.${name}` : name].value;
    return { fingerprint: value("fingerprint"), form_key: value("form_key"), state: value("state"), mine: this.mine, choice: this.choice };
  }
}

function mark(box, reason, described) {
  if (reason) box.setAttribute("aria-disabled", "true");
  else box.removeAttribute("aria-disabled");
  if (reason && described) box.setAttribute("aria-describedby", described.id);
  else box.removeAttribute("aria-describedby");
}

const roots = [...form.querySelectorAll("[data-paper]")];
const papersOnPage = roots.length;
const papers = roots.map((root) => new Paper(root));
const paperOf = (target) => papers.find((paper) => paper.root.contains(target));

const sentPapers = () => papers.filter((paper) => paper.isSent);

function showAll() {
  for (const paper of papers) paper.show();
  part("nothing").hidden = sentPapers().length > 0;
}

form.addEventListener("change", ({ target }) => {
  const asked = papers.find((paper) => paper.again === target && target.checked);
  if (target.matches("[data-again]")) {
    said.textContent = "";
    showAll();
    if (asked) here(asked);
    return;
  }
  const paper = paperOf(target);
  if (!paper) return;
  said.textContent = "";
  here(paper);
  paper.changed(target);
});

// --- Where one is: on a phone the tray has room for one ballot only.
function here(paper) {
  for (const one of papers) one.tray.classList.toggle("is-here", one === paper);
}

if (papersOnPage > 1) {
  const seen = new IntersectionObserver((entries) => {
    const entry = entries.find((one) => one.isIntersecting);
    if (entry) here(papers.find((paper) => paper.root === entry.target));
  }, { rootMargin: "-40% 0px -59% 0px" });
  for (const root of roots) seen.observe(root);
  here(sentPapers()[0]);
}

const tray = form.querySelector(".tray");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--tray", `${tray.offsetHeight}px`);
}).observe(tray);

// --- Filters: only which cards are seen
function narrow(fits) {
  let shown = 0;
  for (const card of sentPapers().flatMap((paper) => [...paper.options, ...paper.questions])) {
    card.hidden = !fits(card);
    if (!card.hidden) shown += 1;
  }
  return fill(words.shown, { number: shown });
}

const filters = part("filters");
if (filters) {
  filters.hidden = false;
  filters.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    for (const one of filters.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
    const wanted = button.dataset.filter;
    said.textContent = narrow((card) => !wanted || card.dataset.category === wanted);
  });
}

const finding = part("finding");
if (finding) {
  const fields = [...finding.querySelectorAll("[data-find]")];
  const plain = (text) => text.toLocaleLowerCase("ko").normalize("NFC");
  let pause;
  const find = () => {
    const told = narrow((card) => fields.every(({ value, dataset }) => {
      const wanted = plain(value.trim());
      if (!wanted) return true;
      if (dataset.find === "words") return wanted.split(/\s+/).every((word) => plain(card.textContent).includes(word));
      return card.dataset[dataset.find] === value;
    }));
    finding.querySelector("[data-found]").textContent = fields.some(({ value }) => value.trim()) ? told : "";
  };
  finding.hidden = false;
  finding.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(find, 200); });
  finding.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); find(); } });
}

// --- The last look
function look() {
  for (const paper of papers) paper.showLook();
  steps("review");
  part("failed").hidden = true;
  part("review").hidden = false;
  page.classList.add("is-reviewing");
  history.pushState({ review: true }, "");
  part("review").focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Drawn from what is here: a picture asked for once more would tell the line what was chosen.
function copyOf(picture) {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const copy = Object.assign(document.createElement("canvas"), { width, height, className: "opt-pic" });
  copy.getContext("2d").drawImage(picture, 0, 0);
  return copy;
}

function lookLine(number, title, picture, right) {
  const line = document.createElement("li");
  if (picture?.naturalWidth) line.append(copyOf(picture));
  const left = document.createElement("span");
  if (number) left.append(element("small", number));
  left.append(element("b", title));
  line.append(left, element("span", right, { className: "num" }));
  return line;
}

function choose() {
  part("review").hidden = true;
  page.classList.remove("is-reviewing");
  steps("choose");
  part("next").focus({ preventScroll: true });
}

function steps(name) {
  const all = [...page.querySelectorAll("[data-way]")];
  const now = all.findIndex((step) => step.dataset.way === name);
  all.forEach((step, place) => {
    step.className = place < now ? "done" : place === now ? "now" : "";
    if (place === now) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
}

part("back").addEventListener("click", () => history.back());
addEventListener("popstate", () => {
  if (done) location.reload();
  else if (!sending) choose();
});

// --- Casting
async function send() {
  const several = "several" in form.dataset;
  const body = JSON.stringify(several ? Object.fromEntries(sentPapers().map((paper) => [paper.key, paper.sent])) : papers[0].sent);
  const headers = {
    "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value,
  };
  for (let turn = 0; ; turn += 1) {
    const patience = new AbortController(), timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      return await fetch(form.action, {
        method: "POST", body, headers, redirect: "error", cache: "no-store", signal: patience.signal,
      });
    } catch (error) {
      // The answer is lost, not the ballot: the same form sent again gives the same receipt.
      if (turn >= WAITS_MS.length) throw error;
      part("sending").textContent = words.again;
      await new Promise((resolve) => setTimeout(resolve, WAITS_MS[turn]));
    } finally {
      clearTimeout(timer);
    }
  }
}

async function cast() {
  if (sending) return;
  sending = true;
  const button = part("cast"), label = button.dataset.label ??= button.textContent;
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
  button.textContent = part("sending").textContent = words.sending;
  part("failed").hidden = true;
  try {
    const answer = await send();
    const told = await answer.json();
    if (answer.ok && told.receipts) return received("receipt", told.receipts, fill(words.receipt_title, words));
    if (answer.ok) return received("receipt", { "": told }, fill(words.receipt_title, words));
    if (told.type === "closed") return received("closed", { "": { slip: told } }, fill(words.closed_title, words));
    failed(words.not_cast, told.detail, answer.status === 503 ? words.retry : label);
  } catch {
    failed(words.unknown_title, words.unknown, words.retry);
  } finally {
    sending = false;
    button.removeAttribute("aria-busy");
    part("sending").textContent = "";
  }
}

function failed(title, text, label) {
  part("failed-title").textContent = title;
  part("failed-text").textContent = text;
  part("cast").textContent = label;
  part("failed").hidden = false;
  part("failed").focus();
}

// `receipts`: by the key of the ballot, or the only one under "".
function received(name, receipts, title) {
  done = true;
  const made = document.querySelector(`[data-${name}-template]`).content.cloneNode(true);
  for (const one of made.querySelectorAll("noscript")) one.remove();
  if (!("" in receipts)) {
    for (const place of made.querySelectorAll("[data-slip]")) if (!(place.dataset.slip in receipts)) place.remove();
  }
  for (const [key, { slip, file, receipt }] of Object.entries(receipts)) {
    const within = key ? made.querySelector(`[data-slip="${key}"]`) : made;
    for (const place of within.querySelectorAll("[data-slot]")) put(place, { ...slip, file });
    if (receipt) within.querySelector("[data-card]").receipt = receipt;
  }
  const slips = Object.values(receipts).map(({ slip }) => slip);
  for (const link of made.querySelectorAll("[data-mail]")) {
    link.href = link.dataset.mail + encodeURIComponent(slips.map(({ address }) => address).join("\n"));
  }
  for (const link of made.querySelectorAll("[data-look]")) {
    link.href = link.dataset.look + (slips.length === 1 ? `?tracker=${slips[0].tracker}` : "");
  }
  for (const button of made.querySelectorAll("[data-save-picture]")) {
    const root = button.closest("[data-receipts]");
    button.hidden = root.querySelector("[data-save-hint]").hidden = false;
    button.addEventListener("click", () => save(root, button.dataset.savePicture));
  }
  for (const button of made.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  page.replaceChildren(made);
  page.classList.remove("is-reviewing");
  document.title = title;
  page.querySelector("[data-received]").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function put(place, slots) {
  const value = slots[place.dataset.slot];
  if (place.dataset.slot === "path") place.setAttribute("d", value);
  else if (place.dataset.slot === "file") {
    place.href = URL.createObjectURL(new Blob([value], { type: "application/json" }));
    place.download = `receipt-${slots.tracker}.json`;
  } else place.textContent = value;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (page.classList.contains("is-reviewing")) { cast(); return; }
  said.textContent = "";
  const sent = sentPapers();
  const reason = sent.length ? sent.reduce((found, paper) => found || paper.fault(), "") : words.nothing_again;
  said.textContent = reason;
  if (!reason) look();
});
// A kiosk clears itself without asking.
addEventListener("beforeunload", (event) => {
  if (changed && !done && !("kiosk" in form.dataset)) event.preventDefault();
});
// What is folded is printed too.
addEventListener("beforeprint", () => { for (const fold of page.querySelectorAll("[data-open-for-print]")) fold.open = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

form.querySelector("[data-script]").hidden = false;
part("next").textContent = part("next").dataset.reviewLabel;
showAll();
