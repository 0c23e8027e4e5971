// Where the origin is secure: the page of the tablet opens without the server, as it was when it last opened with it.
// Marks do not pass through here; the outbox of the page keeps and delivers them.

const STORE = "compete.tablet";
const HOME = "/judge/";
const PATIENCE = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (pathname === "/judge/leave") event.waitUntil(forget());
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === HOME) event.respondWith(page(request));
  else if (pathname.startsWith("/judge/app/")) event.respondWith(part(request));
});

// The page tells its own parts, so that also those are kept which were loaded before this worker was there.
self.addEventListener("message", (event) => {
  if (Array.isArray(event.data.parts)) event.waitUntil(keep(event.data.parts));
});

async function forget() {
  await (await caches.open(STORE)).delete(HOME);
}

async function keep(parts) {
  const store = await caches.open(STORE);
  const wanted = new Set([HOME, ...parts].map((path) => new URL(path, location.origin).href));
  for (const request of await store.keys()) if (!wanted.has(request.url)) await store.delete(request);
  const missing = [];
  for (const url of wanted) if (!(await store.match(url))) missing.push(url);
  await store.addAll(missing);
}

async function page(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(HOME);
  // A network that is there but does not answer must not keep the judge waiting, where there is something to show.
  const late = new Promise((resolve) => kept && setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  if (answer && answer.status < 500) {
    if (answer.ok) await store.put(HOME, answer.clone());
    else await forget(); // signed out: nobody finds another's page here
    return answer;
  }
  if (!kept) return answer ?? Response.error();
  // The page learns that it is an old one: what the device keeps is newer.
  const text = (await kept.text()).replace('data-page="fresh"', 'data-page="kept"');
  return new Response(text, { headers: kept.headers });
}

async function part(request) {
  return (await caches.match(request)) ?? fetch(request);
}
