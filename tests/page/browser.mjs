// What every test of the built page begins with: the site under a sub-path, headless Chromium, and a list of complaints.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

/** The repository's root. */
export const root = new URL("../../", import.meta.url);

/** Serves `dist/` under a sub-path, as a published page may be; `change` as in serve.mjs. */
export const serveSite = (change) => serve(fileURLToPath(new URL("dist/", root)), "/sub/", change);

/** Headless Chromium; CHROMIUM names it. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** Writes down what no visit may do: print an error, fail at an address, ask another host than `origin`. */
export function watch(page, origin, complaints) {
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("response", (answer) => answer.status() >= 400 && complaints.push(`${answer.status()}: ${answer.url()}`));
  page.on("websocket", (socket) => complaints.push(`socket: ${socket.url()}`));
  // The context hears of the service worker's requests too.
  page.context().on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) complaints.push(`foreign: ${url}`);
  });
}

/**
 * What axe finds on a page whose policy is bypassed, serious or worse: rule and places. The least size of targets
 * (WCAG 2.2, 2.5.8) is asked for too, which axe leaves out by itself.
 */
export async function findings(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.addScriptTag({ content: await readFile(axe, "utf8") });
  }
  const { violations } = await page.evaluate(() => {
    // The car's sign takes no pointer: it is a stop for the keyboard.
    globalThis.axe.configure({ rules: [{ id: "target-size", selector: "*:not(.sign.car)" }] });
    return globalThis.axe.run({ rules: { "target-size": { enabled: true } } });
  });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
}

/** Waits until <html data-state> is no longer `loading`, and gives what it is. */
export async function settled(page) {
  await page.waitForFunction(() => document.documentElement.dataset.state !== "loading", null, { timeout: 30_000 });
  return page.evaluate(() => document.documentElement.dataset.state);
}

/**
 * Opens `site` at `hash` in a context of its own, its complaints written down, and waits until the page is ready. With
 * `threads` the machine says that it has so many; `init` runs before the page does.
 */
export async function open(browser, site, complaints, hash, { threads, init, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  if (threads) {
    const say = (n) => Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => n });
    await context.addInitScript(say, threads);
  }
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  watch(page, site.origin, complaints);
  await page.goto(site.address + hash);
  const state = await settled(page);
  if (state !== "ready") throw new Error(`the page is ${state}`);
  return page;
}
