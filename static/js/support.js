// 공감 without a new page: the same POST as the form, asking for JSON. Whatever is not a plain yes falls back to the form.
// Answer: {"supported", "count", "word", "sentence", "action", "residents", "others", "origin", "missing"}; the elements with
// data-support-count, -residents, -others, -origin, -missing and -bar follow, data-support-status says the sentence, and
// data-support-through (counted already by a merged proposal) hides while supported.
export function enhance(form) {
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    if (form.dataset.plain) return;
    event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      show(form, button, await answer.json());
    } catch {
      form.dataset.plain = "1";
      form.submit();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

function show(form, button, { supported, count, word, sentence, action, ...texts }) {
  button.setAttribute("aria-pressed", String(supported));
  button.querySelector("[data-word]").textContent = word;
  if (action) form.action = action;
  const number = Number(count);
  for (const place of document.querySelectorAll("[data-support-count]")) place.textContent = number.toLocaleString("ko");
  for (const [name, text] of Object.entries(texts)) {
    const place = text && document.querySelector(`[data-support-${name}]`);
    if (place) place.textContent = text;
  }
  for (const bar of document.querySelectorAll("[data-support-bar]")) {
    bar.value = Math.min(number, bar.max);
    bar.classList.toggle("ok", number >= bar.max);
  }
  const through = document.querySelector("[data-support-through]");
  if (through) through.hidden = supported;
  const status = document.querySelector("[data-support-status]");
  if (status) status.textContent = sentence ?? "";
}
