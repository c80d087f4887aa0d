// What BENCHMARKS.md says of the built page: node tests/page/measure.mjs [start] [frames] [crowd] [memory]; all by itself.
// No test: a machine that does something else gives other figures.

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, open, serveSite } from "./browser.mjs";
import { campus, crowd } from "./crowd.mjs";

/** Tasks of the main thread that the browser calls long (50 ms), from the page's first line on. */
const note = () => {
  globalThis.long = [];
  new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((e) => [e.startTime, e.duration]))).observe({ type: "longtask" });
};

/** Plays for so long: frames a second, the longest between two, and the long tasks meanwhile, milliseconds. */
const frames = (page, ms) =>
  page.evaluate(
    (ms) =>
      new Promise((done) => {
        const from = performance.now();
        let [count, last, longest] = [0, from, 0];
        requestAnimationFrame(function frame(at) {
          [count, longest, last] = [count + 1, Math.max(longest, at - last), at];
          if (at - from < ms) return requestAnimationFrame(frame);
          const long = globalThis.long.filter(([start]) => start > from).map(([, length]) => length);
          done(`${((count / (at - from)) * 1_000).toFixed(1)} a second, longest ${longest.toFixed(0)} ms, tasks over 50 ms: ${long.length}`);
        });
      }),
    ms,
  );

/** Opens a scenario file on the page. */
async function load(page, scenario) {
  const buffer = Buffer.from(JSON.stringify(scenario));
  await page.evaluate(() => document.querySelector("#tab-lab").click());
  await page.setInputFiles("#scenario", { name: "crowd.json", mimeType: "application/json", buffer });
  await page.locator(".top", { hasText: scenario.name }).waitFor();
  await page.click("#tab-keys");
}

const measures = {
  async start(visit) {
    for (let i = 0; i < 5; i++) {
      const page = await visit();
      const [painted, ready] = await page.evaluate(() => [
        performance.getEntriesByName("first-contentful-paint")[0].startTime,
        performance.now(),
      ]);
      console.log(`start: first contentful paint ${painted.toFixed(0)} ms, ready before ${ready.toFixed(0)} ms`);
      await page.context().close();
    }
  },
  async frames(visit) {
    const page = await visit("#v=2&speed=10");
    await sleep(1_000);
    for (let i = 0; i < 3; i++) console.log(`built-in campus, 10x: ${await frames(page, 8_000)}`);
    await page.context().close();
  },
  async crowd(visit) {
    const page = await visit("#v=2&speed=10");
    await load(page, await crowd(1_000));
    await sleep(1_000);
    for (let i = 0; i < 3; i++) console.log(`1,000 cars, 10x: ${await frames(page, 7_000)}`);
    await page.context().close();
  },
  async memory(visit) {
    const page = await visit("#v=2&speed=20");
    const scenario = await campus();
    // Nothing ends it early: the car waits.
    await load(page, { ...scenario, name: "A long run", until_s: 3_000, vehicle: { ...scenario.vehicle, depart_s: 2_900 } });
    for (let minute = 5; minute <= 45; minute += 5) {
      await page.waitForFunction((m) => Number(document.querySelector("#clock").textContent.split(":")[0]) >= m, minute, { timeout: 120_000 });
      // The page's process is the largest that draws.
      const sizes = execFileSync("ps", ["-eo", "rss,args"], { encoding: "utf8" }).split("\n").filter((line) => line.includes("--type=renderer"));
      console.log(`memory after ${minute} simulated minutes at 20x: ${(Math.max(...sizes.map((line) => parseInt(line, 10))) / 1_024).toFixed(0)} MiB`);
    }
    await page.context().close();
  },
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in measures));
if (unknown) throw new Error(`${unknown}: expected one of ${Object.keys(measures).join(", ")}`);
const [site, browser] = [await serveSite(), await launch()];
const visit = (hash = "") => open(browser, site, [], hash, { init: note });
try {
  for (const name of asked.length > 0 ? asked : Object.keys(measures)) await measures[name](visit);
} finally {
  await browser.close();
  site.close();
}
