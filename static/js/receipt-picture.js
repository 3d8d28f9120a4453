// A receipt as a picture, drawn here: nothing leaves the browser. It carries all that the file carries, printed small and
// as text of the PNG (`receipt.js` reads that again).
const WIDTH = 1080, EDGE = 72, KEYWORD = "civic-forum-receipt";

const font = (size, weight = 400) => `${weight} ${size}px "GC Sans", "Noto Sans KR", sans-serif`;

class Sheet {
  constructor(height) {
    this.canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height });
    this.pen = this.canvas.getContext("2d");
    this.pen.textBaseline = "top";
    this.fill("#ffffff", 0, height);
    this.top = 0;
  }

  fill(colour, top, height) {
    this.pen.fillStyle = colour;
    this.pen.fillRect(0, top, WIDTH, height);
  }

  // Text in as many lines as it takes, broken anywhere.
  write(text, size, { colour = "#1e2124", weight = 400, below = 12 } = {}) {
    this.pen.font = font(size, weight);
    this.pen.fillStyle = colour;
    let line = "";
    const end = () => { this.pen.fillText(line, EDGE, this.top); this.top += size * 1.35; line = ""; };
    for (const letter of text) {
      if (this.pen.measureText(line + letter).width > WIDTH - 2 * EDGE) end();
      line += letter;
    }
    end();
    this.top += below;
  }

  code(path, size, side) {
    this.pen.save();
    this.pen.translate(EDGE, this.top);
    this.pen.scale(side / size, side / size);
    this.pen.strokeStyle = "#1e2124";
    this.pen.stroke(new Path2D(path));
    this.pen.restore();
    this.top += side + 24;
  }
}

const HEAD = 150, TALLEST = 2000; // TALLEST: of one receipt, whatever its title

function drawn(cards, title) {
  const sheet = new Sheet(HEAD + TALLEST * cards.length);
  sheet.fill("#052b57", 0, HEAD);
  sheet.top = 42;
  sheet.write(title, 54, { colour: "#ffffff", weight: 700 });
  sheet.top = HEAD + 40;
  for (const card of cards) {
    const slot = (name) => card.querySelector(`[data-slot="${name}"]`);
    sheet.write(card.dataset.title, 38, { colour: "#464c53" });
    sheet.write(slot("tracker").textContent, 76, { weight: 700 });
    sheet.code(slot("path").getAttribute("d"), Number(card.dataset.size), 340);
    sheet.write(slot("address").textContent, 28, { colour: "#464c53" });
    for (const [name, value] of Object.entries(card.receipt)) sheet.write(`${name} ${value}`, 20, { colour: "#58616a", below: 4 });
    sheet.top += 40;
  }
  const cut = new Sheet(sheet.top);
  cut.pen.drawImage(sheet.canvas, 0, 0);
  return cut.canvas;
}

// --- Text chunks of a PNG (PNG specification, 11.3.3.2 and annex D)
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit += 1) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

function check(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(text) {
  const inner = new TextEncoder().encode(`tEXt${KEYWORD}\0${text}`), whole = new Uint8Array(inner.length + 8);
  const view = new DataView(whole.buffer);
  view.setUint32(0, inner.length - 4);
  whole.set(inner, 4);
  view.setUint32(inner.length + 4, check(inner));
  return whole;
}

const END = 12; // bytes of the last chunk

export async function save(root, title) {
  await document.fonts.ready;
  const cards = [...root.querySelectorAll("[data-card]")];
  const blob = await new Promise((give) => drawn(cards, title).toBlob(give, "image/png"));
  const plain = new Uint8Array(await blob.arrayBuffer());
  const parts = [plain.slice(0, -END), ...cards.map((card) => chunk(JSON.stringify(card.receipt))), plain.slice(-END)];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "image/png" }));
  link.download = `receipt-${cards[0].receipt.tracker}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
