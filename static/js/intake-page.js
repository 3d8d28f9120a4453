// What the typing page needs to open without a connection: its shell, which has nothing of anybody, and what draws it.
// All of it is fetched before any of it is replaced, so that an update that is cut off leaves the old one whole.
const SHELL = "/desk/intake/offline", CACHE = "intake";

export async function keepPage() {
  for (const scope of ["/", "/desk/intake"]) await navigator.serviceWorker.register("/service-worker.js", { scope });
  const answer = await fetch(SHELL, { credentials: "omit" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const needed = [...page.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src]")]
    .map((part) => part.href || part.src);
  const cache = await caches.open(CACHE);
  await cache.addAll(needed);
  await cache.put(SHELL, answer);
  for (const old of await cache.keys()) {
    if (![...needed, new URL(SHELL, location.href).href].includes(old.url)) await cache.delete(old);
  }
}
