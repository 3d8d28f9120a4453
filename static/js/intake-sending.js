// Sends what waits in the queue, in batches, and says what stopped it: "offline", "later", "sign_in", "another" or "".
// The server takes a row once, by its key, so a batch whose answer was lost is sent again.
const MOST = 200, MOST_SIGNS = 60_000;
const AGAIN = new Set([408, 409, 425, 429]);
const FIELDS = ["key", "form", "text", "number", "category", "neighbourhood", "became", "sheet"];

class Stopped extends Error {}

async function ask(address, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(address, { ...options, headers }).catch(() => { throw new Stopped("offline"); });
  if (answer.status === 401 || answer.status === 400) throw new Stopped("sign_in");
  if (AGAIN.has(answer.status) || answer.status >= 500 || answer.redirected) throw new Stopped("later");
  return { ok: answer.ok, told: await answer.json().catch(() => { throw new Stopped("later"); }) };
}

// The first rows of one visit that fit into a batch.
function batch(rows) {
  const chosen = [];
  let signs = 0;
  for (const row of rows) {
    signs += row.text.length;
    if (row.visit !== rows[0].visit || chosen.length === MOST || (signs > MOST_SIGNS && chosen.length)) break;
    chosen.push(row);
  }
  return chosen;
}

async function sendRows(queue, address, rows, account, token, told) {
  const answer = await ask(`${address}/batches`, {
    method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ account, visit: rows[0].visit,
      rows: rows.map((row) => Object.fromEntries(FIELDS.map((name) => [name, row[name] ?? ""]))) }),
  });
  const byKey = new Map((answer.told.rows ?? []).map((row) => [row.key, row]));
  for (const row of rows) {
    const its = answer.ok ? byKey.get(row.key) : { state: "refused", why: answer.told.detail };
    if (!its) throw new Stopped("later");
    if (its.state === "refused") await queue.put(Object.assign(row, { why: its.why }));
    else if (row.photograph) await queue.put(Object.assign(row, { taken: true }));
    else await queue.remove(row.key);
    told(row, its);
  }
}

async function sendPhotograph(queue, address, row, token, told) {
  const body = new FormData();
  body.set("key", row.key);
  body.set("photograph", row.photograph, "photograph.jpg");
  const answer = await ask(`${address}/photographs`, { method: "POST", headers: { "X-CSRFToken": token }, body });
  await queue.remove(row.key);
  if (!answer.ok) told(row, { state: "new", why: answer.told.detail });
}

async function sendAll(queue, address, account, told) {
  const waits = async (of) => (await queue.of(account)).filter((row) => !row.why && Boolean(row.taken) === of);
  if (!(await waits(false)).length && !(await waits(true)).length) return "";
  const whose = await ask(`${address}/batches`);
  if (!whose.ok) return "later";
  if (String(whose.told.account) !== account) return "another";
  for (let rows; (rows = batch(await waits(false))).length;) {
    await sendRows(queue, address, rows, whose.told.account, whose.told.token, told);
  }
  for (const row of await waits(true)) await sendPhotograph(queue, address, row, whose.told.token, told);
  return "";
}

export async function send(queue, address, account, told) {
  const now = async () => {
    try {
      return await sendAll(queue, address, account, told);
    } catch (error) {
      if (error instanceof Stopped) return error.message;
      throw error;
    }
  };
  // Two windows of one browser do not send the same rows at once.
  return navigator.locks ? navigator.locks.request("intake", now) : now();
}
