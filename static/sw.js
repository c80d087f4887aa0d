// The service worker: keeps one whole build, so that the page works without a network. offline.js registers it.
//
// build-list.js, written by the last step of the build (xtask/finish.mjs), says which files there are, each with its
// hash: `fixed` ones have their content's hash in their address, `fresh` ones keep their address from build to build.
// A build is kept whole or not at all, under its own name; older ones go when this one takes over.
"use strict";
importScripts("build-list.js");

const { id, fixed, fresh } = self.keywayBuild;
const scope = self.registration.scope;
// One origin may serve several copies, each under its own path.
const family = `keyway ${scope} `;
const cacheName = family + id;

self.addEventListener("install", (event) => {
  // The hashes keep files of two builds apart where a new one is published meanwhile: then this fails, and is tried again.
  const request = (cache) => ([path, integrity]) => new Request(new URL(path, scope), { integrity, cache });
  const all = [...Object.entries(fixed).map(request("default")), ...Object.entries(fresh).map(request("no-cache"))];
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(all)));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(family) && name !== cacheName;
  const drop = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  // The first page is served without it: taken on now, it hears of newer versions too.
  event.waitUntil(drop.then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

/** The kept answer for a path of the list, if there is one. */
async function kept(path) {
  const cache = await caches.open(cacheName);
  return cache.match(new URL(path, scope), { ignoreVary: true });
}

/** From what is kept; from the network where a browser has thrown that away. */
async function cacheFirst(request, path) {
  return (await kept(path)) ?? fetch(request);
}

/** From the network; from what is kept where there is none, or where it has trouble. */
async function networkFirst(request, path) {
  try {
    // A navigation has to be passed on as it is; anything else asks the server whether its copy is still good.
    const answer = await fetch(request, request.mode === "navigate" ? undefined : { cache: "no-cache" });
    if (answer.ok || answer.type === "opaqueredirect") return answer;
    return (await kept(path)) ?? answer;
  } catch (error) {
    const copy = await kept(path);
    if (copy) return copy;
    throw error;
  }
}

// Who answers what: the first line that says a path of the list for a request, which begins as a path below the scope.
// What no line knows, other origins and other methods go to the network as if there were no service worker.
// A key-delivery interface under `api/` belongs here, as one more line above the others.
const dispatch = [
  { path: (path) => Object.hasOwn(fixed, path) && path, answer: cacheFirst },
  { path: (path, request) => request.mode === "navigate" && /^(index\.html)?(\?|$)/.test(path) && "./", answer: networkFirst },
  { path: (path) => Object.hasOwn(fresh, path) && path, answer: networkFirst },
];

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const address = url.origin + url.pathname + url.search;
  if (request.method !== "GET" || !address.startsWith(scope)) return;
  for (const line of dispatch) {
    const path = line.path(address.slice(scope.length), request);
    if (path) return event.respondWith(line.answer(request, path));
  }
});
