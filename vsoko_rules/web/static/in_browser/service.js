// The service worker of the site: gives what was loaded once without the network, and hands requests under `app/` to
// the page that runs the program. What stands in `SITE` is written by `vsoko site`.
"use strict";

const KEPT = `vsoko-${SITE.digest}`;
const BASE = new URL("./", self.location).pathname;
const APP = `${BASE}app/`;
const WAIT = 120000; // milliseconds for an answer of the program: reports of a large school take some seconds

self.addEventListener("install", (event) => event.waitUntil(load()));

async function load() {
  const cache = await caches.open(KEPT);
  let done = 0;
  for (const { name, size } of SITE.files) {
    const kept = await cache.match(BASE + name);
    if (!kept) {
      const response = await fetch(BASE + name, { cache: "no-cache" });
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      await cache.put(BASE + name, response);
    }
    done += size;
    await tellAll({ kind: "loaded", done, total: SITE.size });
  }
}

self.addEventListener("activate", (event) => event.waitUntil(take()));

async function take() {
  const old = (await caches.keys()).filter((name) => name.startsWith("vsoko-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "replace") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin || !address.pathname.startsWith(BASE)) return;
  if (address.pathname.startsWith(APP)) event.respondWith(answered(event.request, address));
  else if (event.request.method === "GET") event.respondWith(kept(event.request, address));
});

async function kept(request, address) {
  const cache = await caches.open(KEPT);
  const path = address.pathname === BASE ? `${BASE}index.html` : address.pathname;
  return (await cache.match(path)) || fetch(request);
}

async function answered(request, address) {
  const body = request.method === "GET" || request.method === "HEAD" ? null : await request.arrayBuffer();
  const headers = [...request.headers];
  if (request.referrer) headers.push(["referer", request.referrer]);
  const asked = { kind: "ask", method: request.method, address: address.pathname + address.search, headers, body };
  const answer = await firstAnswer(asked);
  if (!answer) return Response.redirect(BASE, 302); // nobody runs the program: the start page does
  const empty = [204, 205, 304].includes(answer.status);
  return new Response(empty ? null : answer.body, { status: answer.status, headers: answer.headers });
}

async function firstAnswer(asked) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shells = pages.filter((page) => [BASE, `${BASE}index.html`].includes(new URL(page.url).pathname));
  if (!shells.length) return null;
  return new Promise((resolve) => {
    let silent = shells.length;
    const timer = setTimeout(() => resolve(null), WAIT);
    for (const shell of shells) {
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => {
        if (!data && (silent -= 1)) return;
        clearTimeout(timer);
        resolve(data);
      };
      shell.postMessage(asked, [channel.port2]);
    }
  });
}

async function tellAll(message) {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage(message);
}
