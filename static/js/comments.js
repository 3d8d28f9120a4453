// 공감 for a comment without a new page: its POST, asking for JSON; whatever is not a yes goes the way of the form.
// Answer: {"supported": true, "count": 3, "word": "공감했어요", "action": "/comments/…"}.
export function enhance(list) {
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button[formaction]");
    if (!button || button.dataset.plain) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(button.formAction, {
        method: "POST", body: new FormData(button.form), headers: { Accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { supported, count, word, action } = await answer.json();
      button.setAttribute("aria-pressed", String(supported));
      button.querySelector("[data-word]").textContent = word;
      button.querySelector("b").textContent = Number(count).toLocaleString("ko");
      button.setAttribute("formaction", action);
    } catch {
      button.dataset.plain = "1";
      button.click();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
