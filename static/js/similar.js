// While a title is typed, shows what is already there: <input data-similar="/proposals/similar" data-similar-into="similar">.
// The server answers with a list as HTML of our own; it is parsed, not run, and only its text and links are taken over.
const PAUSE_MS = 500, SHORTEST = 4;

export function enhance(input) {
  const place = document.getElementById(input.dataset.similarInto);
  if (!place) return;
  let timer, asked = "", latest;

  const ask = async () => {
    const url = new URL(input.dataset.similar, location.href);
    for (const field of [input, ...input.form.querySelectorAll("select")]) url.searchParams.set(field.name, field.value.trim());
    if (url.href === asked) return;
    asked = url.href;
    latest?.abort();
    if (input.value.trim().length < SHORTEST) { place.replaceChildren(); return; }
    latest = new AbortController();
    try {
      const answer = await fetch(url, { signal: latest.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || new URL(answer.url).origin !== location.origin) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.children);
    } catch (error) {
      if (error.name !== "AbortError") place.replaceChildren();
    }
  };

  for (const event of ["input", "change"]) {
    input.form.addEventListener(event, () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  }
}
