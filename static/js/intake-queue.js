// Rows that were typed and not sent yet, in the browser's own database: they outlive a kill, an update of the page and a
// full disk, and none comes twice, for each has a random key. Beside them whose page this is and what was chosen last.
// Signing out clears what a browser keeps; while rows wait, a cookie says that these stay.
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const mark = (waits) => {
  document.cookie = `rows_wait=1; path=/; samesite=lax; max-age=${waits ? 31536000 : 0}${location.protocol === "https:" ? "; secure" : ""}`;
};

export async function open() {
  const opening = indexedDB.open("intake", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("rows", { keyPath: "key" });
    opening.result.createObjectStore("page", { keyPath: "name" });
  };
  const database = await asked(opening);
  // Resolved once it is on the disk.
  const write = (act) => new Promise((resolve, reject) => {
    const doing = database.transaction(["rows", "page"], "readwrite", { durability: "strict" });
    doing.oncomplete = () => resolve();
    doing.onabort = () => reject(doing.error);
    act(doing.objectStore("rows"), doing.objectStore("page"));
  });
  const note = async () => mark(await asked(database.transaction("rows").objectStore("rows").count()));
  await note();
  return {
    put(row, facts) {
      if (row) mark(true);
      return write((rows, page) => {
        if (row) rows.put(row);
        if (facts) page.put({ name: "last", ...facts });
      });
    },
    async remove(key) {
      await write((rows) => rows.delete(key));
      await note();
    },
    async of(account) {
      const rows = await asked(database.transaction("rows").objectStore("rows").getAll());
      return rows.filter((row) => row.account === account).sort((one, other) => one.place - other.place);
    },
    noted: () => asked(database.transaction("page").objectStore("page").get("last")),
  };
}
