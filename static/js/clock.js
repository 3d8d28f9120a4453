// Counts on from the server's figures by the time that has passed here: a wrong clock of the device changes nothing.
// The instant in words stands beneath and is what holds.
for (const clock of document.querySelectorAll("[data-until]")) {
  const left = Date.parse(clock.dataset.until) - Date.parse(clock.dataset.now);
  const began = performance.now();
  const parts = ["days", "hours", "minutes"].map((name) => clock.querySelector(`[data-${name}]`));
  const show = () => {
    const minutes = Math.max(0, Math.floor((left - (performance.now() - began)) / 60000));
    const figures = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
    parts.forEach((part, index) => {
      const text = String(figures[index]);
      if (part.textContent !== text) part.textContent = text;
    });
  };
  show();
  setInterval(show, 10000);
}
