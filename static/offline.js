// Makes the page work without a network, by sw.js, and says when a newer version waits. The last step of the build marks
// <html data-build>; a development server's page has no such mark, and nothing may stand between it and its files.
//
// For the page: when a new version is there, <html data-update="ready"> is set and `keyway:update` is dispatched on the
// document. To move to it, dispatch `keyway:update-now` on the document: the page reloads.
(() => {
  "use strict";
  const root = document.documentElement;
  const workers = navigator.serviceWorker;
  if (!workers) return; // not a secure address
  const here = new URL("./", document.baseURI);
  const nothing = () => {}; // without it the page only needs its network; guard.js must not take that for a failed start

  if (!root.dataset.build) {
    workers.getRegistration(here).then((old) => old && old.scope === here.href && old.unregister()).catch(nothing);
    return;
  }

  const watch = (registration) => {
    const look = (worker) => {
      // Without a controller this is the first version, not a newer one.
      if (!worker || worker.state !== "installed" || !workers.controller) return;
      root.dataset.update = "ready";
      document.dispatchEvent(new CustomEvent("keyway:update"));
    };
    look(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next.addEventListener("statechange", () => look(next));
    });
    document.addEventListener("keyway:update-now", () => {
      if (!registration.waiting) return;
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting.postMessage("take over");
    });
  };

  // After the page itself has what it needs.
  addEventListener("load", () => {
    workers.register(new URL("sw.js", here), { updateViaCache: "none" }).then(watch).catch(nothing);
  });
})();
