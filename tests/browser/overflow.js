// Faults of texts in their boxes, as sentences: of controls and labels in the whole page, of words in its main part.
() => {
  const CONTROLS = "a.krds-btn, button, summary, label, .chip, .tag, .cat, .krds-badge, [role=tab], .nav a, .steps li";
  const SLACK = 1.5;
  const faults = new Set();
  const isHiddenBySize = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (at.offsetWidth <= 2 && getComputedStyle(at).position === "absolute") return true;
    }
    return false;
  };
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(".sr-only, [aria-hidden=true]") && !isHiddenBySize(element);
  const name = (element) => element.innerText.trim().replace(/\s+/g, " ").slice(0, 50);
  const texts = function* (root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && seen(node.parentElement)) yield node;
    }
  };
  const rects = (node, from = 0, to = node.length) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
  };
  const controls = [...document.querySelectorAll(CONTROLS)].filter((one) => seen(one) && one.innerText?.trim());
  for (const control of controls) {
    const box = control.getBoundingClientRect(), style = getComputedStyle(control);
    if (style.display === "inline" || box.width < 2) continue;
    for (const node of texts(control)) {
      if (rects(node).some((rect) => rect.left < box.left - SLACK || rect.right > box.right + SLACK
          || rect.top < box.top - SLACK || rect.bottom > box.bottom + SLACK)) {
        faults.add(`leaves its box: ${name(control)}`);
      }
    }
    if (style.overflow !== "visible" && (control.scrollWidth > control.clientWidth + 1
        || control.scrollHeight > control.clientHeight + 1)) faults.add(`is cut: ${name(control)}`);
  }
  const still = controls.filter((one) => getComputedStyle(one).display !== "inline");
  const floats = (one) => {
    for (let at = one; at; at = at.parentElement) {
      if (/fixed|sticky|absolute/.test(getComputedStyle(at).position)) return true;
    }
    return false;
  };
  const placed = still.filter((one) => !floats(one)).map((one) => [one, one.getBoundingClientRect()]);
  placed.forEach(([one, box], at) => {
    for (const [other, beside] of placed.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const wide = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
      const high = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
      if (wide > 2 && high > 2) faults.add(`overlaps: ${name(one)} / ${name(other)}`);
    }
  });
  for (const node of texts(document.querySelector("main"))) {
    for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (word.length > 24 || /\p{Script=Han}/u.test(word)) continue; // Chinese has no spaces
      const tops = rects(node, index, index + word.length).map((rect) => rect.top);
      if (tops.length > 1 && Math.max(...tops) - Math.min(...tops) > 4) {
        faults.add(`is broken: ${word} in ${name(node.parentElement)}`);
      }
    }
  }
  return [...faults];
}
