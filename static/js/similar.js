// While a title is typed, shows what is already there: <input data-similar="/proposals/similar" data-similar-into="similar">.
// The server answers with a list as HTML of our own; it is parsed, not run, and only its text and links are taken over.
const PAUSE_MS = 500, SHORTEST = 4;

export function enhance(input) {
  const place = document.getElementById(input.dataset.similarInto);
  if (!place) return;
  const beside = ["category", "neighbourhood"].map((name) => input.form?.elements[name]).filter(Boolean);
  let timer, asked = "", latest;

  const ask = async () => {
    const title = input.value.trim();
    const asks = [title, ...beside.map((field) => field.value)].join("|");
    if (asks === asked) return;
    asked = asks;
    latest?.abort();
    if (title.length < SHORTEST) { place.replaceChildren(); return; }
    latest = new AbortController();
    try {
      const url = new URL(input.dataset.similar, location.href);
      url.searchParams.set("title", title);
      for (const field of beside) url.searchParams.set(field.name, field.value);
      const answer = await fetch(url, { signal: latest.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || new URL(answer.url).origin !== location.origin) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.children);
    } catch (error) {
      if (error.name !== "AbortError") place.replaceChildren();
    }
  };

  const soon = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); };
  input.addEventListener("input", soon);
  for (const field of beside) field.addEventListener("change", soon);
}
