// Before the page itself: says so where it cannot run, and where it breaks before it can say so itself.
// The page marks <html data-state>: loading, ready, error.
(() => {
  "use strict";
  const root = document.documentElement;
  const theme = (() => { try { return localStorage.getItem("keyway-theme"); } catch { return null; } })();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  let said = false; // the first reason is the cause of the others
  const cannot = (text) => {
    if (said || root.dataset.state === "ready") return;
    said = true;
    root.dataset.state = "error";
    const show = () => {
      let place = document.getElementById("cannot");
      if (!place) {
        place = document.createElement("p");
        place.className = "cannot";
        document.body.prepend(place);
      }
      place.hidden = false;
      place.textContent = text;
    };
    if (document.body) show(); else addEventListener("DOMContentLoaded", show);
  };
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    cannot("Keyway is a simulation that runs in your browser. This browser has no WebAssembly or no workers; a current Firefox, Chrome, Edge or Safari has both.");
  } else if (typeof L === "undefined" || typeof uPlot === "undefined") {
    cannot("A library of the page (map or charts) did not load. Reload the page.");
  }
  addEventListener("error", (e) => { if (e.message) cannot("Keyway could not start: " + e.message); });
  addEventListener("unhandledrejection", (e) => cannot("Keyway could not start: " + (e.reason && e.reason.message || e.reason)));
})();
