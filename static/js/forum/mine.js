// What is personal on a page of a forum: pieces are the same for everybody, and are marked here (contract: live.js).

const lists = (root) => Object.entries(root.dataset).filter(([name]) => name.startsWith("mine"))
  .map(([name, ids]) => [name.slice(4).toLowerCase().replace(/s$/, ""), new Set(ids.split(" ").filter(Boolean))]);

function fits(element, word, me, roles) {
  const by = element.closest("[data-by]")?.dataset.by;
  if (word === "me") return Boolean(me) && by === me;
  if (word === "others") return Boolean(me) && by !== me;
  return roles.has(word);
}

// Marks everything below the root that is mine, and shows what is for me.
export function mark(root) {
  const me = root.dataset.me ?? "";
  const roles = new Set((root.dataset.roles ?? "").split(" "));
  for (const one of root.querySelectorAll("[data-by]")) one.classList.toggle("mine", Boolean(me) && one.dataset.by === me);
  for (const [thing, ids] of lists(root)) {
    for (const one of root.querySelectorAll(`[data-${thing}]`)) {
      const chosen = ids.has(one.dataset[thing]);
      one.classList.toggle("chosen", chosen);
      const button = one.matches("button[aria-pressed]") ? one : one.querySelector("button[aria-pressed]");
      button?.setAttribute("aria-pressed", String(chosen));
    }
  }
  for (const one of root.querySelectorAll("[data-for]")) {
    one.hidden = !one.dataset.for.split(" ").some((word) => fits(one, word, me, roles));
  }
}

// `questions 12`: into the list of what is mine, or out of it.
export function flip(root, [things, id]) {
  const name = `mine${things[0].toUpperCase()}${things.slice(1)}`;
  const ids = new Set((root.dataset[name] ?? "").split(" ").filter(Boolean));
  if (!ids.delete(id)) ids.add(id);
  root.dataset[name] = [...ids].join(" ");
  mark(root);
}

// The button's id (`12-yes`) into the list, in place of another one that begins as it does (`12-`).
export function choose(root, things, button) {
  const id = button?.dataset[things.replace(/s$/, "")];
  if (!id) return;
  const name = `mine${things[0].toUpperCase()}${things.slice(1)}`;
  const others = (root.dataset[name] ?? "").split(" ").filter((one) => one && one.split("-")[0] !== id.split("-")[0]);
  root.dataset[name] = [...others, id].join(" ");
  mark(root);
}
