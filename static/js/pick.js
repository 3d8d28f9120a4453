// Suggests things while words of their title are typed into a field that joins two: <div data-picker data-url="/pick/agenda">.
// A combobox with a list (WAI-ARIA APG, "editable combobox with list autocomplete"). Choosing fills the hidden fields of
// the picker; without this script the same words are sent and looked up by the server.
const PAUSE_MS = 250, SHORTEST = 2;

export function enhance(root) {
  const input = root.querySelector("input.in"), name = input.name;
  const hidden = (part) => root.querySelector(`input[type=hidden][name="${name}-${part}"]`);
  const list = document.createElement("ul"), status = document.createElement("p");
  list.id = `${input.id}-list`;
  list.className = "pick-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", root.dataset.label);
  status.className = "sr-only";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(key, value);
  }
  let timer, asked = "", latest, found = [], active = -1;

  const kind = () => input.form.elements[root.dataset.kind].value;

  const url = () => {
    const of = root.dataset.kind ? kind() : "";
    if (root.dataset.kind && !of) return null;
    const address = new URL(root.dataset.url + of, location.href);
    address.searchParams.set("q", input.value.trim());
    if (root.dataset.within) address.searchParams.set("within", root.dataset.within);
    return address;
  };

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const activate = (place) => {
    active = place;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const choose = (thing) => {
    root.querySelector("[data-offered]")?.remove();
    root.querySelector("[data-chosen]")?.remove();
    if (!hidden("choice")) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: `${name}-choice` });
      root.append(field);
    }
    input.value = asked = thing.title;
    hidden("asked").value = root.dataset.kind ? `${kind()} ${thing.title}` : thing.title;
    hidden("choice").value = thing.value;
    if (thing.note) {
      const note = document.createElement("p");
      note.className = "sup";
      note.dataset.chosen = "";
      note.textContent = thing.note;
      root.append(note);
    }
    status.textContent = "";
    close();
  };

  const show = (choices) => {
    found = choices;
    list.replaceChildren(...choices.map((thing, n) => {
      const option = document.createElement("li"), title = document.createElement("span");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      title.textContent = thing.title;
      option.append(title);
      if (thing.note) {
        const note = document.createElement("small");
        note.textContent = thing.note;
        option.append(" ", note);
      }
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(thing));
      return option;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !choices.length;
    input.setAttribute("aria-expanded", String(choices.length > 0));
    status.textContent = choices.length ? root.dataset.some.replace("{n}", choices.length) : root.dataset.none;
  };

  const ask = async () => {
    const text = input.value.trim(), address = url();
    if (text === asked) return;
    asked = text;
    latest?.abort();
    if (text.length < SHORTEST || !address) { close(); return; }
    latest = new AbortController();
    try {
      const answer = await fetch(address, { signal: latest.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || new URL(answer.url).pathname !== address.pathname) { close(); return; }
      const { choices } = await answer.json();
      if (document.activeElement === input) show(choices);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  input.addEventListener("blur", () => { clearTimeout(timer); latest?.abort(); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden, last = found.length - 1;
    if (event.key === "ArrowDown" && !open && found.length && input.value.trim() === asked) show(found);
    else if (event.key === "ArrowDown" && open) activate(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp" && open) activate(active > 0 ? active - 1 : last);
    else if (event.key === "Escape" && open) close();
    else if (event.key === "Enter" && open && active >= 0) choose(found[active]);
    else return;
    event.preventDefault();
  });
}
