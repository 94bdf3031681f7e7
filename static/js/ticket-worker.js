// Shows a kept ticket when there is no network. It was asked for on the ticket's page and sees only that guest's pages.
// It keeps nothing by itself: the page put ticket, styles and fonts on the shelf. What is no longer valid goes.
const scope = new URL(self.registration.scope).pathname;
const SHELF = "ticket" + scope;
const TICKET = scope + "ticket";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const forget = async () => {
  await caches.delete(SHELF);
  await self.registration.unregister();
};

// The newest ticket from the network; a place given back or an ended link takes the kept one along.
const ticket = async (request) => {
  try {
    const fresh = await fetch(request);
    if (fresh.status === 404 || fresh.status === 410) await forget();
    else if (fresh.ok && (await caches.has(SHELF))) await (await caches.open(SHELF)).put(TICKET, fresh.clone());
    return fresh;
  } catch (offline) {
    const kept = await (await caches.open(SHELF)).match(TICKET, { ignoreSearch: true, ignoreVary: true });
    if (!kept) throw offline;
    const until = Date.parse(kept.headers.get("X-Keep-Until"));
    if (!(until + 86400000 > Date.now())) { await forget(); throw offline; }
    return kept;
  }
};

const part = async (request) => {
  try {
    return await fetch(request);
  } catch (offline) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (!kept) throw offline;
    return kept;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === TICKET) event.respondWith(ticket(request));
  } else if (address.pathname.startsWith("/static/") || address.pathname === "/accent.css") {
    event.respondWith(part(request));
  }
});
