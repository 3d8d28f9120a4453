// The captioner's field: Enter sends and the field is ready at once; what cannot be sent waits in this window, in order,
// and survives closing it. Alt and a digit choose whose words they are.
const form = document.querySelector("[data-captioner]");
const field = form.elements.text;
const status = form.querySelector("[data-waiting]");
const refusal = form.querySelector("[data-refusal]");
const place = `captions:${form.action}`;
const AGAIN_MS = 1000;
let waiting = stored();
let sending = false;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(place)) ?? [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (waiting.length) localStorage.setItem(place, JSON.stringify(waiting));
    else localStorage.removeItem(place);
  } catch (error) {
    console.warn("kept in this window alone", error);
  }
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}

function told() {
  const late = waiting.length > 1 || (waiting.length && waiting[0].tried);
  status.textContent = late ? status.dataset.words.replace("{}", waiting.length) : "";
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const line = waiting[0];
    const outcome = await post(line);
    if (outcome === "later") {
      line.tried = true;
      told();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      continue;
    }
    waiting.shift();
    keep();
    if (outcome !== "sent") giveBack(line, outcome);
  }
  sending = false;
  told();
}

async function post(line) {
  const body = new FormData(form);
  for (const name of ["text", "speaker", "key"]) body.set(name, line[name]);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) return "sent";
    if (answer.status >= 500 || answer.status === 429) return "later";
    return (await answer.json()).detail;
  } catch {
    return "later";
  }
}

function giveBack(line, why) {
  refusal.textContent = `${why} ${status.dataset.refused} “${line.text}”`;
  if (!field.value) field.value = line.text;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  refusal.textContent = "";
  waiting.push({ text, speaker: form.elements.speaker.value, key: newKey() });
  keep();
  field.value = "";
  field.focus();
  send();
});

// Enter ends the composing of a syllable first; only the next one sends.
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.isComposing) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1];
  const choice = digit && form.querySelector(`[data-digit="${digit}"]`);
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  field.focus();
});

field.focus();
send();
