// Shows what was chosen, with one field of description for each file, sent in the files' order.
export function enhance(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-file-list]");
  if (!input || !list) return;

  input.addEventListener("change", () => {
    const files = [...input.files].slice(0, Number(box.dataset.limit) || undefined);
    list.replaceChildren(...files.map((file, index) => item(box, input, file, index)));
    list.hidden = !files.length;
  });
}

function item(box, input, file, index) {
  const id = `${input.id}-description-${index}`;
  const label = Object.assign(document.createElement("label"), { htmlFor: id });
  const isPicture = /^image\/(png|jpeg|webp|gif)$/.test(file.type);
  label.textContent = isPicture ? `${file.name} · ${box.dataset.descriptionLabel}` : file.name;
  const description = Object.assign(document.createElement("input"), { id, name: box.dataset.descriptionName, maxLength: 200 });
  description.className = "in";
  description.type = isPicture ? "text" : "hidden";
  const words = document.createElement("div");
  words.append(label, description);
  const entry = document.createElement("li");
  entry.append(isPicture ? preview(file) : kind(file), words);
  return entry;
}

// Drawn on a canvas: a blob: address would need a hole in the content policy.
function preview(file) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 144, height: 144 });
  createImageBitmap(file, { resizeWidth: 144, resizeHeight: 144, resizeQuality: "medium" })
    .then((picture) => canvas.getContext("2d").drawImage(picture, 0, 0))
    .catch(() => canvas.replaceWith(kind(file)));
  return canvas;
}

function kind(file) {
  const mark = Object.assign(document.createElement("span"), { className: "file-kind" });
  mark.textContent = file.name.split(".").pop().slice(0, 4).toUpperCase();
  return mark;
}
