// The package for other pages, and its example. `cargo xtask test build page` runs it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launch, root, serveSite, watch } from "./browser.mjs";

const text = (path) => readFile(new URL(path, root), "utf8");
const pictures = fileURLToPath(new URL("target/page/", root));

let site, browser, page;
const complaints = [];

before(async () => {
  await mkdir(pictures, { recursive: true });
  [site, browser] = [await serveSite(), await launch()];
  page = await (await browser.newContext({ viewport: { width: 1000, height: 640 } })).newPage();
  watch(page, site.origin, complaints);
  await page.goto(`${site.address}embed.html`);
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Runs `use` in the page, with the package, and gives what it returns. */
const inPage = (use, given) =>
  page.evaluate(`(async () => {
    const keyway = await import("./embed/keyway.js");
    await keyway.default();
    return (${use})(keyway, ${JSON.stringify(given) ?? ""});
  })()`);

test("in the example only the car without keys is fooled", async () => {
  const state = (wanted) => page.waitForFunction((s) => document.documentElement.dataset.state === s, wanted, { timeout: 120_000 });
  await state("driving");
  await page.waitForTimeout(4_000);
  await page.screenshot({ path: `${pictures}embed.png` });
  await state("finished");
  const [[metres, fakes], [longer, believed]] = await page.locator("section").evaluateAll((all) =>
    all.map((card) => [...card.querySelectorAll("dd")].map((number) => Number(number.textContent))));
  assert.equal(fakes, 0);
  assert.ok(believed > 0);
  assert.ok(metres > 1_000 && longer > metres, `${metres} m and ${longer} m`);
  await page.screenshot({ path: `${pictures}embed-end.png` });
});

test("the golden run is the same here", async () => {
  const golden = (await text("tests/tests/golden/warwick-seed-7-60s.sha256")).trim();
  const run = ({ Simulation }) => {
    const run = new Simulation({ seed: 7 });
    run.runTo(60);
    const steps = new Simulation({ seed: "7", scenario: undefined });
    while (steps.time < 60) steps.advance(Math.min(7.3, 60 - steps.time));
    return [run.digest(), steps.digest(), run.time, run.finished];
  };
  assert.deepEqual(await inPage(run), [golden, golden, 60, false]);
});

test("a fork goes on like the run itself, and apart from it", async () => {
  const run = ({ Simulation }) => {
    const run = new Simulation({ seed: 11n, visibilityKm: 5 });
    run.runTo(8);
    const [same, other] = [run.fork(), run.fork()];
    other.setKnobs({ protected: false, visibility_km: 3, hourUtc: 21.5, eveKind: "jamming" });
    for (const each of [run, same, other]) each.advance(8);
    const { knobs } = other.snapshot();
    return { equal: run.digest() === same.digest(), apart: run.digest() !== other.digest(), knobs };
  };
  assert.deepEqual(await inPage(run), {
    equal: true,
    apart: true,
    knobs: {
      protected: false, attack: true, visibility_km: 3, rain_mm_h: 0, hour_utc: 21.5, eve_kind: "jamming",
      eve_fraction: 0, eve_link: 0, broken_link: null,
    },
  });
});

test("events and log tell each thing once; 64-bit numbers are bigints", async () => {
  const run = ({ Simulation }) => {
    const run = new Simulation({ seed: 18446744073709551615n });
    run.runTo(20);
    const [events, lines] = [run.events(), run.log()];
    return {
      first: events[0],
      ordered: events.every(({ t_s }, i) => i === 0 || events[i - 1].t_s <= t_s),
      many: events.length > lines.length && lines.length > 10,
      line: Object.keys(lines[0]),
      rest: [run.events(), run.log()],
      seed: String(run.scene().seed),
      types: [typeof run.scene().seed, typeof run.snapshot().counts.secret_bits, typeof run.snapshot().links[0].blocks],
      arrived: run.snapshot().car.arrived_s,
    };
  };
  const told = await inPage(run);
  assert.deepEqual(Object.keys(told.first), ["t_s", "event"]);
  assert.deepEqual(Object.keys(told.first.event), ["Knobs"]);
  assert.ok(told.ordered && told.many);
  assert.deepEqual(told.line, ["t_s", "floor", "kind", "text", "bad", "listing"]);
  assert.deepEqual(told.rest, [[], []]);
  assert.equal(told.seed, "18446744073709551615");
  assert.deepEqual(told.types, ["bigint", "bigint", "number"]);
  assert.equal(told.arrived, null);
});

test("bad input throws, and says where and what was expected", async () => {
  const broken = JSON.parse(await text("static/scenarios/warwick.json"));
  broken.terminals[1].height_m = -3;
  const run = ({ Simulation, runTest }, broken) => {
    const thrown = (act) => { try { act(); return "nothing"; } catch (error) { return error instanceof Error ? error.message : "no Error"; } };
    const run = new Simulation();
    run.runTo(2);
    return [
      () => new Simulation({ scenario: broken }),
      () => new Simulation({ scenario: "{" }),
      () => new Simulation({ scenario: {} }),
      () => new Simulation({ seed: 1.5 }),
      () => new Simulation({ seed: "seven" }),
      () => new Simulation({ seed: -1n }),
      () => new Simulation({ visibilityKm: 0 }),
      () => new Simulation({ rainMmH: -1 }),
      () => new Simulation({ hourUtc: 25 }),
      () => new Simulation({ eveKind: "tickling" }),
      () => new Simulation({ attack: "yes" }),
      () => new Simulation({ eveLink: 99 }),
      () => new Simulation({ sed: 1 }),
      () => new Simulation(7),
      () => run.setKnobs({ eveFraction: NaN }),
      () => run.advance(-1),
      () => run.runTo(1),
      () => runTest(5),
      () => run.snapshot().t_s === 2 && run.free(),
    ].map(thrown);
  };
  const messages = await inPage(run, JSON.stringify(broken));
  const expected = [
    /^scenario: terminals\[1\]\.height_m: -3; expected a number from 0 to 1000$/,
    /^scenario: file: not JSON/,
    /^scenario: a value of type object; expected the JSON text of a scenario file$/,
    /^seed: 1\.5; expected a whole number from 0 to/,
    /^seed: `seven`; expected/,
    /^seed: a value of type bigint; expected/,
    /^visibilityKm: 0; expected a number from 0\.01 to 300$/,
    /^rainMmH: -1; expected a number from 0 to 300$/,
    /^hourUtc: 25; expected a number from 0 to 24$/,
    /^eveKind: `tickling`; expected one of intercept_resend, .*, impersonation$/,
    /^attack: `yes`; expected true or false$/,
    /^eveLink: 99; expected the index of one of \d+ links, from 0$/,
    /^options: `sed` is not known; expected scenario, seed, protected/,
    /^options: 7; expected an object$/,
    /^eveFraction: NaN; expected a number from 0 to 1$/,
    /^seconds: -1; expected a number of at least 0$/,
    /^seconds: 1; expected a number of at least 2, the time now$/,
    /^test: 5; expected 1, 2, 3 or 4$/,
    /^nothing$/,
  ];
  expected.forEach((pattern, i) => assert.match(messages[i], pattern));
});

test("the types hold for a program that uses them, and the package names its files", async () => {
  const about = JSON.parse(await text("dist/embed/package.json"));
  const [, version] = (await text("Cargo.toml")).match(/\[workspace\.package\]\nversion = "([^"]+)"/);
  assert.deepEqual([about.name, about.version, about.type, about.license], ["keyway", version, "module", "MIT OR Apache-2.0"]);
  for (const file of [about.main, about.types, ...about.files, "README.md"]) await text(`dist/embed/${file}`);
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const check = promisify(execFile)(process.execPath, [tsc, "--project", fileURLToPath(new URL("tests/page/types/", root))]);
  await check.catch(({ stdout }) => assert.fail(stdout));
});

test("no visit printed an error, missed a file or asked another host", () => assert.deepEqual(complaints, []));
