// The built page in a real browser: `dist/` served under a sub-path, opened in headless Chromium, used as a person would.
// `cargo xtask test build page` runs it; CHROMIUM names the browser. Pictures are written to target/page/.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findings, launch, open, root, serveSite } from "./browser.mjs";

const pictures = fileURLToPath(new URL("target/page/", root));
const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

let site, browser;
/** What no visit may do: print an error, fail at an address, ask another host. */
const complaints = [];

before(async () => {
  await mkdir(pictures, { recursive: true });
  site = await serveSite();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Opens the page as a first visit does. */
const visit = (options) => open(browser, site, complaints, "", options);

/** Whether the simulated clock shows something else within this time. */
async function clockMoves(page, withinMs) {
  const clock = page.locator("#clock");
  const start = await clock.textContent();
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if ((await clock.textContent()) !== start) return true;
  }
  return false;
}

test("the clock runs and stops with the play button", async () => {
  const page = await visit();
  if (!(await clockMoves(page, 1_000))) await page.click("#play");
  assert.ok(await clockMoves(page, 15_000), "it stands while playing");
  await page.screenshot({ path: `${pictures}wide.png` });
  await page.click("#play");
  await sleep(1_000); // what was under way arrives
  assert.ok(!(await clockMoves(page, 2_000)), "it runs while paused");
  await page.context().close();
});

test("of the four tests of Table 2, only the unprotected car under attack is diverted", async () => {
  const page = await visit();
  await page.click("#run-four-tests");
  const rows = page.locator("#four-tests tbody tr[data-outcome]");
  await rows.nth(3).waitFor({ timeout: 120_000 });
  const outcomes = await rows.evaluateAll((all) => all.map((row) => `${row.dataset.test} ${row.dataset.outcome}`));
  assert.deepEqual(outcomes.sort(), ["1 planned", "2 diverted", "3 planned", "4 planned"]);
  await page.locator("#four-tests").screenshot({ path: `${pictures}four-tests.png` });
  await page.context().close();
});

test("a message in the log opens as the system's own log has it", async () => {
  const page = await visit();
  await page.locator('.log select, select[aria-label="Show only"]').first().selectOption("its");
  const line = page.locator(".log .more").first();
  await line.waitFor({ timeout: 30_000 });
  await page.keyboard.press("Space");
  await page.locator(".log .more").last().click();
  const listing = await page.locator(".log pre").textContent();
  assert.match(listing, /^\[1689\d{6}\.\d{9}\] ExtCallback: Message type = 14, data length = (\d+)\n/);
  const [, length, data] = listing.match(/<len>(\d+)<\/len>\s*<data>([0-9A-F]+)/);
  assert.ok(data.startsWith("020E") && data.length === 2 * Math.min(length, 96), listing);
  await page.context().close();
});

test("a telephone shows the page without scrolling sideways", async () => {
  const page = await visit({ viewport: narrow, hasTouch: true });
  await page.screenshot({ path: `${pictures}narrow.png` });
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overhang <= 0, `it is ${overhang} px too wide`);
  await page.context().close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious in ${colorScheme} colours`, async () => {
    // Only axe itself is let past the page's content security policy.
    const page = await visit({ colorScheme, bypassCSP: true });
    await page.screenshot({ path: `${pictures}${colorScheme}.png` });
    assert.deepEqual(await findings(page), []);
    await page.context().close();
  });
}

for (const file of ["index.html", "embed.html"]) {
  test(`the policy of ${file} allows no script that it does not name`, async () => {
    const page = await (await fetch(site.address + file)).text();
    const [, policy] = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/);
    const allowed = Object.fromEntries(policy.split(/;\s*/).map((line) => line.split(/\s+(.*)/)));
    assert.match(allowed["script-src"], /^'self'( 'sha256-[\w+/]{43}=')+ 'wasm-unsafe-eval'$/);
    assert.doesNotMatch(allowed["style-src"], /unsafe/);
    assert.doesNotMatch(page, /\son\w+=/, "a handler in an attribute would not run");
  });
}

test("no visit printed an error, missed a file or asked another host", () => {
  assert.deepEqual(complaints, []);
});
