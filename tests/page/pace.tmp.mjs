// scratch: pace and memory
import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { launch, open, serveSite } from "./browser.mjs";
const site = await serveSite(), browser = await launch(), complaints = [];
const clock = async (p) => (await p.locator("#clock").textContent()).split(":").reduce((s, x) => 60 * s + Number(x), 0);
const rss = () => { try { return execSync("ps -eo rss,args | grep 'type=renderer' | grep -v grep | awk '{print $1}' | sort -n | tail -1").toString().trim() / 1024 | 0; } catch { return 0; } };
const pace = async (hash, set) => {
  const page = await open(browser, site, complaints, hash, { serviceWorkers: "block" });
  if (set) await set(page);
  await page.waitForTimeout(4000);
  const [t0, w0] = [await clock(page), Date.now()];
  const frames = page.evaluate(() => new Promise((done) => { let n = 0; const s = performance.now(); const f = () => { n++; performance.now() - s < 8000 ? requestAnimationFrame(f) : done(n / 8); }; requestAnimationFrame(f); }));
  const fps = await frames;
  const [t1, w1] = [await clock(page), Date.now()];
  console.log(hash, "x", ((t1 - t0) / ((w1 - w0) / 1000)).toFixed(2), "fps", fps.toFixed(1));
  await page.context().close();
};
const what = process.argv[2] ?? "pace";
if (what === "pace") {
  await pace("#v=2&seed=1&t=10&speed=10&play=1");
  await pace("#v=2&seed=1&t=5&speed=1&play=1&tab=lab", async (page) => {
    await page.locator(".knobs summary", { hasText: "Light" }).click();
    const field = page.locator('[id="-link_params-source-pulse_rate_hz"]').first();
    await field.fill("10000000"); await field.press("Enter");
  });
} else {
  const page = await open(browser, site, complaints, "#v=2&seed=1&t=1&speed=20&play=1", { serviceWorkers: "block" });
  const start = Date.now();
  while (Date.now() - start < Number(process.argv[3] ?? 150) * 1000) {
    await page.waitForTimeout(15000);
    const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
    console.log(await clock(page), "s sim; JS heap", heap.toFixed(1), "MB; renderer", rss(), "MB");
  }
}
console.log(complaints);
await browser.close(); site.close();
