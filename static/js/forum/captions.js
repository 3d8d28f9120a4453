// Captions in the hall: hold them still, or make them larger. What comes meanwhile waits out of sight and of hearing.
for (const box of document.querySelectorAll("[data-captions]")) {
  const lines = box.querySelector("#caption-lines");
  const pause = box.querySelector("[data-captions-pause]");
  const larger = box.querySelector("[data-captions-larger]");
  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";
  const toEnd = () => { lines.scrollTop = lines.scrollHeight; };

  new MutationObserver((changes) => {
    if (!isPressed(pause)) return;
    for (const change of changes) {
      for (const line of change.addedNodes) if (line.nodeType === Node.ELEMENT_NODE) line.hidden = true;
    }
  }).observe(lines, { childList: true });

  pause.addEventListener("click", () => {
    const holds = !isPressed(pause);
    pause.setAttribute("aria-pressed", String(holds));
    lines.setAttribute("aria-live", holds ? "off" : "polite");
    if (holds) return;
    for (const line of lines.querySelectorAll("[hidden]")) line.hidden = false;
    toEnd();
  });
  larger.addEventListener("click", () => {
    const grows = !isPressed(larger);
    larger.setAttribute("aria-pressed", String(grows));
    box.toggleAttribute("data-larger", grows);
    toEnd();
  });
  pause.hidden = larger.hidden = false;
  toEnd();
}
