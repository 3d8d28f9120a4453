// Counts as the server does: code points after NFC, a line break as one.
export const length = (text) => [...text.normalize("NFC").replaceAll("\r\n", "\n")].length;

export function enhance(area) {
  const limit = Number(area.dataset.limit);
  const shown = document.getElementById(`${area.id}-count`);
  if (!shown || !limit) return;
  const unit = shown.textContent.split("/")[1] ?? "";
  const update = () => {
    const count = length(area.value);
    shown.textContent = `${count.toLocaleString("ko")} /${unit}`;
    shown.classList.toggle("over", count > limit);
  };
  area.addEventListener("input", update);
  update();
}
