// The ballot: counts what is chosen, shows it once more before it is sent, sends it as JSON of one length, and puts
// the receipt in its place. Without this script the form sends itself and the server checks and answers with pages.
const form = document.querySelector("[data-ballot]");
const page = document.querySelector("[data-ballot-page]");
const words = JSON.parse(form.dataset.words);
const part = (name) => form.querySelector(`[data-${name}]`);
const options = [...form.querySelectorAll("[data-option]")];
const questions = [...form.querySelectorAll("[data-question]")];
const blank = form.querySelector("[data-is-blank]");
const limit = Number(form.dataset.limit) || questions.length;
const single = blank.type === "radio";
const said = part("said");
const WAITS_MS = [1000, 3000];
const PATIENCE_MS = 20_000;
const QUIET_MS = 600;
let telling, changed = false, sending = false, done = false;

const input = (card) => card.querySelector("input");
const chosen = () => options.filter((card) => input(card).checked);
const answered = () => questions.filter((card) => card.querySelector(":checked"));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function won(amount) {
  if (document.documentElement.lang === "en") return `KRW ${amount.toLocaleString("en")}`;
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

// --- Choosing
function show() {
  const cards = questions.length ? answered() : chosen();
  part("count").textContent = cards.length;
  part("bar").value = cards.length;
  const sum = part("sum");
  if (sum) sum.textContent = won(cards.reduce((total, card) => total + Number(card.dataset.cost ?? 0), 0));
  part("none").hidden = cards.length > 0 || blank.checked;
  const lines = blank.checked ? [inTray(blank, words.blank)] : cards.map((card) => inTray(card, card.dataset.title));
  part("list").replaceChildren(...lines);
  const full = !single && !questions.length && cards.length >= limit;
  for (const card of options) mark(input(card), full && !input(card).checked);
  mark(blank, !single && !questions.length && cards.length > 0);
}

// For who does not see the counter: once, when the choosing pauses.
function tell() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const number = part("count").textContent, sum = part("sum")?.textContent;
    part("told").textContent = `${fill(words.told, { limit, number })} ${sum ? fill(words.told_sum, { sum }) : ""}`.trim();
  }, QUIET_MS);
}

function mark(box, off) {
  if (off) box.setAttribute("aria-disabled", "true");
  else box.removeAttribute("aria-disabled");
}

function inTray(card, title) {
  const line = document.createElement("li");
  line.append(element("span", title));
  const boxes = card.matches("input") ? [card] : [...card.querySelectorAll("input")];
  const button = element("button", words.remove, { type: "button" });
  button.setAttribute("aria-label", fill(words.remove_this, { title }));
  button.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    said.textContent = "";
    show();
    tell();
    boxes[0].focus();
  });
  line.append(button);
  return line;
}

form.addEventListener("change", ({ target }) => {
  said.textContent = "";
  if (target.getAttribute("aria-disabled")) {
    target.checked = false;
    said.textContent = target === blank ? words.blank_after : fill(words.full, { limit });
    return;
  }
  changed = true;
  if (target === blank && blank.checked && questions.length) {
    const cleared = form.querySelectorAll("[data-question] :checked");
    for (const box of cleared) box.checked = false;
    if (cleared.length) said.textContent = words.blank_clears;
  } else if (target !== blank && !single && blank.checked) {
    blank.checked = false;
    said.textContent = words.blank_gone;
  }
  target.closest(".missing")?.classList.remove("missing");
  show();
  tell();
});

// --- Filters: only which cards are seen
const filters = part("filters");
if (filters) {
  filters.hidden = false;
  filters.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    for (const one of filters.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
    let shown = 0;
    for (const card of [...options, ...questions]) {
      card.hidden = Boolean(button.dataset.filter) && card.dataset.category !== button.dataset.filter;
      if (!card.hidden) shown += 1;
    }
    said.textContent = fill(words.shown, { number: shown });
  });
}

// --- The last look
function fault() {
  if (blank.checked) return "";
  if (questions.length) {
    const missing = questions.filter((card) => !card.querySelector(":checked"));
    for (const card of missing) card.classList.add("missing");
    missing[0]?.querySelector("input").focus();
    return missing.length ? fill(words.unanswered, { number: missing.length }) : "";
  }
  const number = chosen().length;
  if (!number) return words.none;
  return "exactly" in form.dataset && number !== limit ? fill(words.more, { number: limit - number }) : "";
}

function look() {
  const cards = questions.length ? questions : chosen();
  const lines = blank.checked ? [lookLine("", words.blank, "")] : cards.map((card) => lookLine(
    fill(words.number, { number: card.dataset.number }), card.dataset.title,
    questions.length ? card.querySelector(":checked + label").textContent
      : card.dataset.cost === undefined ? "" : won(Number(card.dataset.cost))));
  part("look").replaceChildren(...lines);
  const sum = part("look-sum");
  if (sum) {
    part("look-sum-row").hidden = blank.checked;
    sum.textContent = won(cards.reduce((total, card) => total + Number(card.dataset.cost ?? 0), 0));
  }
  steps("review");
  part("failed").hidden = true;
  part("review").hidden = false;
  page.classList.add("is-reviewing");
  history.pushState({ review: true }, "");
  part("review").focus({ preventScroll: true });
  page.scrollIntoView();
}

function lookLine(number, title, right) {
  const line = document.createElement("li");
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
function choice() {
  const values = Array(Number(form.dataset.options)).fill(0);
  if (!blank.checked) {
    for (const card of chosen()) values[card.dataset.number - 1] = 1;
    for (const card of answered()) values[card.dataset.number - 1] = Number(card.querySelector(":checked").value);
  }
  return (blank.checked ? "01" : "00") + values.map((value) => value.toString(16).padStart(4, "0")).join("");
}

async function send() {
  const { fingerprint, form_key, revision, csrf_token } = form.elements;
  const body = JSON.stringify({
    fingerprint: fingerprint.value, form_key: form_key.value, revision: revision.value, choice: choice(),
  });
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf_token.value };
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
    if (answer.ok) return received("receipt", { ...told.slip, file: told.file }, words.receipt_title);
    if (told.type === "closed") return received("closed", { detail: told.detail, before: told.before }, words.closed_title);
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

function received(name, slots, title) {
  done = true;
  const made = document.querySelector(`[data-${name}-template]`).content.cloneNode(true);
  for (const place of made.querySelectorAll("[data-slot]")) {
    const value = slots[place.dataset.slot];
    if (place.dataset.slot === "path") place.setAttribute("d", value);
    else if (place.dataset.slot === "file") {
      place.href = URL.createObjectURL(new Blob([value], { type: "application/json" }));
      place.download = `receipt-${slots.tracker}.json`;
    } else place.textContent = value;
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

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (page.classList.contains("is-reviewing")) { cast(); return; }
  const reason = fault();
  said.textContent = reason;
  if (!reason) look();
});
// A kiosk clears itself without asking.
addEventListener("beforeunload", (event) => {
  if (changed && !done && !("kiosk" in form.dataset)) event.preventDefault();
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

form.querySelector("[data-script]").hidden = false;
part("next").textContent = part("next").dataset.reviewLabel;
show();
