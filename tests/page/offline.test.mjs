// The page without a network: once visited, it opens again from what its service worker has kept.
// `cargo xtask test build page` runs it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serveSite, settled, watch } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A first visit, until the service worker has kept the whole build. */
async function firstVisit(site, complaints) {
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page, site.origin, complaints);
  await page.goto(site.address);
  assert.equal(await settled(page), "ready");
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

test("after one visit the page opens without a network", async () => {
  const site = await serveSite();
  const complaints = [];
  const page = await firstVisit(site, complaints);
  const names = await page.evaluate(() => caches.keys());
  assert.equal(names.length, 1, names.join(", "));
  const kept = await page.evaluate(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url), names[0]);
  assert.ok(kept.every((url) => url.startsWith(site.address)), kept.join("\n"));
  for (const part of [/sub\/$/, /worker_loader\.js$/, /worker\.js\?v=/, /worker_bg\.wasm\?v=/, /app-\w+_bg\.wasm$/, /webmanifest$/]) {
    assert.ok(kept.some((url) => part.test(url)), `${part} is not kept`);
  }

  // The browser is told that it has no network, and the server is gone too.
  await page.context().setOffline(true);
  site.close();
  await page.reload();
  assert.equal(await settled(page), "ready");
  const clock = await page.locator("#clock").textContent();
  if (await page.locator("#play").isVisible()) await page.click("#play");
  await page.waitForFunction((old) => document.querySelector("#clock").textContent !== old, clock, { timeout: 15_000 });

  await page.goto(`${site.address}?seed=5`);
  assert.equal(await settled(page), "ready");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a newer version is announced, and the page moves to it when asked", async () => {
  let version = 1;
  const site = await serveSite((path, body) =>
    // A published build differs in more; for the browser this is enough.
    path.endsWith("build-list.js") ? `${body}// version ${version}\n`.replace(/"id": "\w+"/, `"id": "version${version}"`) : body);
  const complaints = [];
  const page = await firstVisit(site, complaints);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.update), undefined);

  version = 2;
  await page.evaluate(() => document.addEventListener("keyway:update", () => { globalThis.heard = true; }));
  // Looks for a newer version at once; `update()` lets Chromium take half a minute.
  await page.evaluate(() => navigator.serviceWorker.register("sw.js", { updateViaCache: "imports" }).then(() => {}));
  await page.waitForFunction(() => document.documentElement.dataset.update === "ready", null, { timeout: 15_000 });
  assert.ok(await page.evaluate(() => globalThis.heard));

  const reloaded = page.waitForEvent("load");
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("keyway:update-now")));
  await reloaded;
  assert.equal(await settled(page), "ready");
  await page.waitForFunction(async () => (await caches.keys()).length === 1);
  assert.match((await page.evaluate(() => caches.keys()))[0], / version2$/);
  assert.deepEqual(complaints, []);
  await page.context().close();
  site.close();
});
