// Shows a page of its own where there is no connection. It keeps that page and what draws it, and nothing of anybody.
// Of the office's desk it knows one page: that on which is typed what was heard. Its script keeps a shell of it, with
// nothing of anybody either; signing out takes the shell away, and with it the way to what waits in the browser.
const TYPING = "/desk/intake", SHELL = "/desk/intake/offline", SHELLS = "intake";
const types = new URL(registration.scope).pathname === TYPING;
const PAGE = "/offline", NEEDED = {{ needed|tojson }}, KEPT = {{ name|tojson }};

addEventListener("install", (event) => event.waitUntil((async () => {
  await (await caches.open(KEPT)).addAll([PAGE, ...NEEDED]);
  await self.skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT && name !== SHELLS) await caches.delete(name);
  await registration.navigationPreload?.enable();
})()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, { origin, pathname, search } = new URL(url);
  if (method === "POST" && pathname === "/sign-out") event.waitUntil(caches.delete(SHELLS));
  if (method === "GET" && types && origin === location.origin) {
    if (mode === "navigate" && pathname === TYPING) event.respondWith(page(event, SHELL));
    else if (pathname.startsWith("/static/")) event.respondWith(fetch(event.request).catch(() => kept(event.request)));
    return;
  }
  if (method !== "GET" || origin !== location.origin || /^\/(desk|kiosk)(\/|$)/.test(pathname)) return;
  if (mode === "navigate") event.respondWith(page(event, PAGE));
  else if (NEEDED.includes(pathname + search)) event.respondWith(fetch(event.request).catch(() => caches.match(url)));
});

const kept = async (asked, otherwise = asked) => (await caches.match(asked, { ignoreVary: true }))
  ?? (await caches.match(otherwise)) ?? Response.error();

async function page(event, instead) {
  try {
    return (await event.preloadResponse) ?? await fetch(event.request);
  } catch {
    return kept(instead, PAGE);
  }
}
