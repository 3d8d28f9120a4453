// Shows a page of its own where there is no connection. It keeps that page and what draws it, and nothing of anybody.
const PAGE = "/offline", NEEDED = {{ needed|tojson }}, KEPT = {{ name|tojson }};

addEventListener("install", (event) => event.waitUntil((async () => {
  await (await caches.open(KEPT)).addAll([PAGE, ...NEEDED]);
  await self.skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await registration.navigationPreload?.enable();
})()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== location.origin || /^\/(desk|kiosk)(\/|$)/.test(pathname)) return;
  if (mode === "navigate") event.respondWith(page(event));
  else if (NEEDED.includes(pathname + search)) event.respondWith(fetch(event.request).catch(() => caches.match(url)));
});

async function page(event) {
  try {
    return (await event.preloadResponse) ?? await fetch(event.request);
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}
