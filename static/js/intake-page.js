// What the typing page needs to open without a connection: its shell, which has nothing of anybody, and what draws it.
// All of it is fetched before any of it is replaced, so that an update that is cut off leaves the old one whole.
const SHELL = "/desk/intake/offline", CACHE = "intake";
const MODULES = ["intake-queue", "intake-sending", "intake-numbers", "intake-page", "counter", "draft", "personal-numbers"];

export async function keepPage() {
  for (const scope of ["/", "/desk/intake"]) await navigator.serviceWorker.register("/service-worker.js", { scope });
  const answer = await fetch(SHELL, { credentials: "omit" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const drawn = [...page.querySelectorAll("link[rel=stylesheet], script[src]")].map((part) => part.href || part.src);
  const needed = [...drawn, ...MODULES.map((name) => new URL(`./${name}.js`, import.meta.url).href)];
  const cache = await caches.open(CACHE);
  await cache.addAll(needed);
  await cache.put(SHELL, answer);
  for (const old of await cache.keys()) {
    if (![...needed, new URL(SHELL, location.href).href].includes(old.url)) await cache.delete(old);
  }
}
