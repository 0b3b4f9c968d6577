{% autoescape off %}// Kept are the looks of the pages and one page that says that there is no connection: nothing of anybody.
const VERSION = "cancela-{{ version }}";
const SHELL = {{ shell }};
const OFFLINE = "{{ offline }}";
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("cancela-") && name !== VERSION);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (request.method === "GET" && SHELL.includes(new URL(request.url).pathname)) {
    event.respondWith(part(request));
  }
});

// A page comes from the network, or not at all.
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const shell = await caches.match(OFFLINE);
    return shell ? told(shell, request.method !== "GET") : Response.error();
  }
}

// Who sent a form is told that it may not have arrived.
async function told(shell, isSent) {
  if (!isSent) {
    return shell;
  }
  const text = (await shell.text()).replace('class="hidden" data-unsent', "data-unsent");
  return new Response(text, { headers: shell.headers });
}

// A part whose name tells its contents is never old.
async function part(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(request.url)) {
    return kept;
  }
  try {
    return await fetch(request);
  } catch {
    return kept ?? Response.error();
  }
}

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  if (said.title) {
    event.waitUntil(self.registration.showNotification(said.title, { body: said.body, data: { url: said.url }, tag: said.url }));
  }
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data ?? {};
  event.waitUntil(self.clients.openWindow(url && url.startsWith("/my/") ? url : "/my/"));
});
{% endautoescape %}
