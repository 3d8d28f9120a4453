// While a title is typed, shows what is already there: <input data-similar="/proposals/similar" data-similar-into="similar">.
// The server answers with HTML of our own; it is parsed, not run.
export function enhance(input) {
  const place = document.getElementById(input.dataset.similarInto);
  if (!place) return;
  let timer, asked, latest;

  const ask = async () => {
    const url = new URL(input.dataset.similar, location.href);
    for (const field of [input, ...input.form.querySelectorAll("select")]) url.searchParams.set(field.name, field.value);
    if (url.href === asked) return;
    asked = url.href;
    latest?.abort();
    if (input.value.trim().length < 4) { place.replaceChildren(); return; }
    latest = new AbortController();
    try {
      const answer = await fetch(url, { signal: latest.signal });
      if (!answer.ok || new URL(answer.url).origin !== location.origin) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.children);
    } catch (error) {
      if (error.name !== "AbortError") place.replaceChildren();
    }
  };

  const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 500); };
  input.form.addEventListener("input", soon);
}
