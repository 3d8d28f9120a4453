// Plays a forum again along its clock: the server says at which second something changed, this shows the second chosen.
const box = document.querySelector("[data-replay]");
const part = (name) => box.querySelector(`[data-replay-${name}]`);
const place = part("place");
const play = part("play");
const speeds = [...box.querySelectorAll("[data-replay-speed]")];
const parts = Object.fromEntries([...box.querySelectorAll("[data-replay-part]")].map((one) => [one.dataset.replayPart, one]));
const words = { play: play.textContent, pause: play.dataset.pause };
const began = new Date(box.dataset.began);
const clock = new Intl.DateTimeFormat("ko-KR", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "Asia/Seoul" });
let frames = [];
let values = {};
let speed = 4;
let last = null;
let exact = 0;

// Frames hold what changed alone: each is made whole once, so that any second is shown at once.
function whole(changes) {
  let before = { item: "", speaker: "", caption: "", queue: [], pulse: "", counts: [] };
  return changes.map((change) => (before = { ...before, ...change }));
}

function at(second) {
  let from = 0;
  let to = frames.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (frames[middle].s <= second) from = middle + 1;
    else to = middle;
  }
  return frames[from - 1];
}

function show(second) {
  const time = clock.format(new Date(began.getTime() + second * 1000));
  const frame = at(second);
  part("clock").textContent = time;
  place.setAttribute("aria-valuetext", time);
  for (const [name, element] of Object.entries(parts)) {
    const value = frame?.[name] ?? "";
    const text = name === "queue" ? [...value].join(", ")
      : name === "counts" ? [...value].map(([one, count]) => `${values[one] ?? one} ${count}`).join(" · ") : value;
    if (element.textContent !== text) element.textContent = text;
  }
}

function playing(on) {
  play.setAttribute("aria-pressed", String(on));
  play.textContent = on ? words.pause : words.play;
  last = null;
  if (on) requestAnimationFrame(step);
}

function step(now) {
  if (play.getAttribute("aria-pressed") !== "true") return;
  exact += last === null ? 0 : ((now - last) / 1000) * speed;
  last = now;
  if (exact >= Number(place.max)) {
    exact = Number(place.max);
    playing(false);
  }
  place.value = String(Math.floor(exact));
  show(exact);
  requestAnimationFrame(step);
}

play.addEventListener("click", () => {
  const on = play.getAttribute("aria-pressed") !== "true";
  if (on && exact >= Number(place.max)) exact = 0;
  playing(on);
});
place.addEventListener("input", () => {
  exact = Number(place.value);
  show(exact);
});
for (const button of speeds) {
  button.addEventListener("click", () => {
    speed = Number(button.dataset.replaySpeed);
    for (const other of speeds) other.setAttribute("aria-pressed", String(other === button));
  });
}

const answer = await fetch(box.dataset.replay, { headers: { Accept: "application/json" } });
if (answer.ok) {
  const told = await answer.json();
  frames = whole(told.frames);
  values = told.words ?? {};
  place.max = String(told.length);
  part("tools").hidden = false;
  part("shown").hidden = false;
  part("minutes").hidden = true;
  show(0);
}
