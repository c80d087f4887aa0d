// What the page promises, item by item, tried as a person would: map, causal chain, panels, comparison, time, story,
// laboratory, papers, export, conventions.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { findings, launch, open, root, serveSite, settled } from "./browser.mjs";
import { crowd } from "./crowd.mjs";

const pictures = fileURLToPath(new URL("target/page/", root));
const wide = { width: 1440, height: 900 };
let site, browser;
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

/** Opens the page at an address of its own. */
const visit = (hash = "", options = {}) => open(browser, site, complaints, hash, { serviceWorkers: "block", ...options });

/** Waits until the page's function gives something true. */
const until = (page, what, timeout = 30_000) => page.waitForFunction(what, null, { timeout });
const seconds = (clock) => clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
const now = async (page) => seconds(await page.locator("#clock").textContent());
/** The run stands still at this time. */
const standsAt = (page, t) =>
  page.waitForFunction(
    (t) => {
      const [m, s] = document.querySelector("#clock").textContent.split(":").map(Number);
      return Math.abs(60 * m + s - t) < 0.3 && document.querySelector("#scrub").getAttribute("aria-busy") === "false";
    },
    t,
    { timeout: 60_000 },
  );
/** A run that stands at `t` with a panel open. */
const at = (t, tab = "keys", more = "") => `#v=2&seed=1&zap=1&attack=1&vis=20&t=${t}&speed=1&tab=${tab}${more}`;
const pause = async (page) => {
  if ((await page.locator("#play").getAttribute("aria-pressed")) === "true") await page.click("#play");
};

test("map: layers go and come, things are picked, and their neighbours from there", async () => {
  const page = await visit(at(10));
  assert.ok(await page.locator("path.camera").first().isVisible());
  // The legend counts what is there.
  const cameras = page.locator(".legend label", { hasText: "camera" }).locator("b");
  assert.equal(Number(await cameras.textContent()), await page.locator(".leaflet path.camera").count());
  await page.locator(".legend label", { hasText: "camera" }).click();
  assert.equal(await page.locator(".leaflet path.camera").count(), 0);
  assert.equal(await cameras.count(), 0);
  await page.locator(".sign.roof").first().click();
  const card = page.locator("#inspector");
  assert.match(await card.textContent(), /trusted node/);
  await card.locator(".link").first().click();
  assert.match(await card.textContent(), /quantum link.*QBER/s);
  await card.locator("canvas").first().waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
  await page.context().close();
});

test("map: with the keyboard alone", async () => {
  const page = await visit(at(5));
  await pause(page);
  const sign = page.locator(".sign.roof").first();
  await sign.focus();
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#inspector").textContent(), /trusted node/);
  await page.keyboard.press("Escape");
  await page.locator('path[aria-label^="Quantum link"]').first().focus();
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#inspector").textContent(), /quantum link/);
  await page.keyboard.press("Escape");
  // A card does not cover what it tells of.
  for (const roof of await page.locator(".sign.roof").all()) {
    await roof.focus();
    await page.keyboard.press("Enter");
    const name = (await roof.textContent()).trim();
    const card = page.locator("#inspector").filter({ hasText: name });
    await card.waitFor();
    const [sign, over] = [await roof.boundingBox(), await card.boundingBox()];
    assert.ok(sign.x + sign.width < over.x, `${name} at ${sign.x} under the card at ${over.x}`);
    await page.keyboard.press("Escape");
  }
  // The car is a stop like the signs; what opens by key takes the focus and gives it back.
  const car = page.locator(".leaflet .sign.car");
  assert.equal(await car.textContent(), "The car");
  await car.focus();
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  await until(page, () => document.activeElement.id === "inspector");
  assert.match(await page.locator("#inspector").textContent(), /vehicle/);
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.classList.contains("car"));
  await page.locator("[data-kind=tag]").focus();
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement.id === "chain-detail");
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.dataset.kind === "tag");
  await page.keyboard.press("s");
  await until(page, () => document.activeElement.id === "story");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.dataset.kind === "tag");
  // By pointer it stays where it is.
  await page.locator(".sign.rsu").first().click();
  await page.locator("#inspector").waitFor();
  assert.notEqual(await focused(), "inspector");
  // What is only ground is not in the way.
  assert.equal(await page.locator("path.building[tabindex='0'], path.ground[tabindex='0']").count(), 0);
  await page.context().close();
});

test("map: OpenStreetMap is asked for by choice only, and credited", async () => {
  const context = await browser.newContext({ viewport: wide, serviceWorkers: "block" });
  const asked = [];
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await context.route("https://tile.openstreetmap.org/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "image/png", body: png });
  });
  const page = await context.newPage();
  await page.goto(site.address);
  await settled(page);
  await sleep(500);
  assert.deepEqual(asked, []);
  await page.locator(".legend label", { hasText: "OpenStreetMap" }).click();
  await page.locator("img.leaflet-tile-loaded").first().waitFor();
  assert.ok(asked.length > 0);
  assert.match(await page.locator(".schematic").textContent(), /© OpenStreetMap contributors/);
  // It is there to be read, on every screen.
  for (const viewport of [wide, { width: 1000, height: 800 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(viewport);
    await until(page, () => {
      const link = document.querySelector(".schematic a").getBoundingClientRect();
      return document.elementFromPoint(link.x + link.width / 2, link.y + link.height / 2)?.closest(".schematic");
    });
  }
  await page.setViewportSize(wide);
  await context.close();
});

test("chain: a message leads to its photons, and a key of it leads on", async () => {
  const page = await visit(at(60, "messages"));
  await standsAt(page, 60).catch(() => {});
  await pause(page);
  // A message under a key that was made of light, not installed.
  const rows = page.locator("#messages tbody tr .link");
  await rows.first().waitFor();
  let values;
  for (let i = 0; i < 12; i++) {
    await rows.nth(i).click();
    await sleep(400);
    values = await page.locator(".step b").allTextContents();
    if (!values.includes("none")) break;
  }
  assert.ok(values.length === 9 && !values.includes("none"), values.join(", "));
  await page.click("[data-kind=key]");
  const detail = page.locator("#chain-detail");
  assert.match(await detail.textContent(), /key_ID[0-9a-f]{8}-[0-9a-f]{4}-8/);
  await detail.locator(".chip", { hasText: "Follow Key" }).click();
  await until(page, () => document.querySelector(".chain-head b")?.textContent.startsWith("Key "));
  assert.equal((await page.locator(".step b").allTextContents())[0], values[0]);
  assert.match(page.url().includes("sel=key:") ? "sel=key" : await page.evaluate(() => location.hash), /sel=key/);
  await page.screenshot({ path: `${pictures}chain.png` });
  // What the page shows can be typed.
  await page.fill("#find-subject", "naic-eng#0");
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector(".chain-head b")?.textContent === "Block naic-eng#0");
  await page.click("#follow-newest");
  await page.context().close();
});

test("chain: what has not been sent yet is said to be so, and then it comes", async () => {
  const page = await visit(at(20, "messages"));
  await standsAt(page, 20).catch(() => {});
  await pause(page);
  await page.fill("#find-subject", "102/60");
  await page.keyboard.press("Enter");
  await page.locator(".missing", { hasText: /has not been sent by 00:2/ }).waitFor();
  assert.equal(await page.locator("[data-kind=tag] b").textContent(), "not yet");
  await page.locator("#scrub").evaluate((e) => { e.value = 120; e.dispatchEvent(new InputEvent("input", { bubbles: true })); });
  await until(page, () => document.querySelector("[data-kind=tag] .quiet")?.textContent === "CPM 102/60", 60_000);
  assert.equal(await page.locator(".missing").textContent(), "");
  await page.context().close();
});

test("log: each kind has its switch and its count; floods are off until asked for", async () => {
  const page = await visit(at(60));
  await standsAt(page, 60).catch(() => {});
  await pause(page);
  const chip = (kind) => page.locator(`.kinds [data-kind="${kind}"]`);
  await until(page, () => Number(document.querySelector('.kinds [data-kind="kmm/delivered"] b')?.textContent.replace(/\D/g, "")) > 100);
  assert.equal(await chip("kmm/delivered").getAttribute("aria-pressed"), "false");
  const lines = async () => (await page.locator(".log .line").evaluateAll((all) => all.map((l) => l.title))).join();
  assert.ok(!(await lines()).includes("delivered"));
  assert.match(await lines(), /distill · distilled/);
  await chip("kmm/delivered").click();
  await until(page, () => document.querySelector('.log .line[title="kmm · delivered"]'));
  // With nothing switched on, the way out is said.
  for (let pressed; (pressed = page.locator('.kinds [aria-pressed="true"]')), await pressed.count();) await pressed.first().click();
  assert.match(await page.locator("#log-empty").textContent(), /None of the .* lines/);
  await page.locator("#log-empty .link").click();
  await page.locator(".log .line").first().waitFor();
  assert.equal(await page.locator('.kinds [aria-pressed="false"]').count(), 0);
  await page.context().close();
});

test("panels: each shows what its floor has, with its charts", async () => {
  const page = await visit(at(60));
  const expected = {
    keys: ["Level of the pools", /NAIC – Engineering/],
    light: ["Quantum bit error rate", /Where the light is lost/],
    distil: ["Secret key made in all", /sifted key.*secret/s],
    managers: [null, /ETSI GS QKD 014/],
    control: [null, /KDS 1.*served/s],
    trust: ["Members of the private network", /research-vehicle.*provisioning request/s],
    messages: ["Messages at the car", /believed/],
    street: ["Way driven", /the car sets off/],
  };
  for (const [tab, [chart, text]] of Object.entries(expected)) {
    await page.click(`#tab-${tab}`);
    const panel = page.locator(`#panel-${tab}`);
    await page.waitForFunction(([id, t]) => new RegExp(t, "s").test(document.getElementById(id).textContent), [`panel-${tab}`, text.source], { timeout: 15_000 }).catch(async () => assert.match(await panel.textContent(), text));
    if (chart) {
      assert.ok(await panel.locator("figcaption", { hasText: chart }).first().isVisible(), `${tab}: ${chart}`);
      assert.ok((await panel.locator(".plot canvas").count()) > 0, tab);
    }
    await page.screenshot({ path: `${pictures}panel-${tab}.png` });
  }
  assert.ok((await page.locator("#panel-managers").count()) === 1);
  await page.context().close();
});

test("messages: each bit has its field", async () => {
  const page = await visit(at(30, "messages"));
  await pause(page);
  await page.locator("#messages tbody tr .link").first().click();
  const fields = page.locator(".fields li");
  await fields.first().waitFor();
  assert.ok((await fields.count()) > 30);
  assert.match(await page.locator(".fields").textContent(), /stationId/);
  await page.locator(".fields li", { hasText: "stationId" }).first().hover();
  assert.ok((await page.locator(".byte.on").count()) >= 4);
  await page.context().close();
});

test("compare: the same seed with and without protection, in step, and the differences counted", async () => {
  const page = await visit(at(290, "street", "&compare=1"));
  await page.locator("#differences").waitFor();
  // Read in one go: while one of the two catches up there is no table.
  const fakes = await until(page, () => {
    const row = [...document.querySelectorAll("#differences tr")].find((r) => r.textContent.startsWith("fakes"));
    return row && Number(row.cells[2].textContent.replace(/\D/g, "")) > 10 && [...row.cells].map((c) => c.textContent);
  }, 60_000);
  assert.equal((await fakes.jsonValue())[1], "0", "protected believes no fake");
  assert.equal(await page.locator(".map-title").allTextContents().then((t) => t.join()), "Protected,Unprotected");
  await page.screenshot({ path: `${pictures}compare.png` });
  await page.click("#compare");
  await page.locator("#differences").waitFor({ state: "detached" });
  await page.context().close();
});

test("time: a tenth to a hundred times, there and back to the same instant, and to the next event of a kind", async () => {
  const page = await visit(at(40, "keys"));
  const speeds = await page.locator("#speed option").allTextContents();
  assert.deepEqual([speeds[0], speeds.at(-1)], ["0.1×", "100×"]);
  await pause(page);
  const there = async (t) => {
    await page.locator("#scrub").evaluate((e, t) => {
      e.value = t;
      e.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, t);
    await standsAt(page, t);
    await sleep(600);
    return page.locator("#panel-keys .pools").textContent();
  };
  const first = await there(50);
  await there(120);
  assert.equal(await there(50), first);
  await page.locator("#find").selectOption({ label: "turn of the drive" });
  await there(150);
  await page.click("#find-back");
  await standsAt(page, 5);
  await page.locator("#find").selectOption({ label: "fake or refusal" });
  await page.click("#find-next");
  await until(page, () => Number(document.querySelector("#clock").textContent.split(":")[0]) >= 2, 60_000);
  assert.ok((await now(page)) > 120);
  await page.context().close();
});

test("time: the clock takes a time that is typed, and a telephone has steps and jumps too", async () => {
  const page = await visit(at(5), { viewport: { width: 390, height: 844 }, hasTouch: true });
  await pause(page);
  const type = async (text) => {
    await page.click("#clock-button");
    await page.fill("#clock-entry", text);
    await page.keyboard.press("Enter");
  };
  await type("0:12.5");
  await page.locator("#clock").waitFor();
  await standsAt(page, 12.5);
  assert.equal(await page.evaluate(() => document.activeElement.id), "clock-button");
  await type("20");
  await page.locator("#clock").waitFor();
  await standsAt(page, 20);
  await type("99:99");
  await page.locator(".note", { hasText: "A time as 3:25 or 205 was expected, from 0:00 to 15:00" }).waitFor();
  assert.equal(await page.locator("#clock-entry").getAttribute("aria-invalid"), "true");
  await page.keyboard.press("Escape");
  await page.locator("#clock-button").waitFor();
  await page.getByLabel("Half a second on").click();
  await standsAt(page, 20.5);
  await page.click("#find-back");
  await standsAt(page, 5);
  for (const button of await page.locator(".time button").all()) {
    const { x, width, height } = await button.boundingBox();
    assert.ok(x >= 0 && x + width <= 390 && width >= 44 && height >= 44, await button.getAttribute("aria-label"));
  }
  await page.context().close();
});

test("story: nine steps that drive the page, each of them a link", async () => {
  const page = await visit("#v=2&seed=1&story=7");
  const card = page.locator("#story");
  await card.waitFor();
  assert.match(await card.textContent(), /7 of 9.*The attack/s);
  await until(page, () => document.documentElement.querySelector('[role=tab][aria-selected=true]')?.id === "tab-messages");
  await page.screenshot({ path: `${pictures}story.png` });
  await page.click("#story-next");
  assert.match(await card.textContent(), /The defence/);
  await page.click("#story-next");
  await page.click("#story-next");
  await card.waitFor({ state: "detached" });
  await page.context().close();
});

test("laboratory: a knob begins the run anew, can be undone, and stands in the link", async () => {
  const page = await visit(at(3, "lab"));
  await page.locator(".knobs summary", { hasText: "Key management" }).click();
  const field = page.locator("#-v2i-keys_per_s");
  await field.fill("2.5");
  await field.press("Enter");
  await until(page, () => document.querySelector("#undo") && !document.querySelector("#undo").disabled);
  await page.click("#share");
  const shared = await page.evaluate(() => location.hash);
  assert.match(shared, /&edit=/);
  const other = await visit(shared);
  await other.locator(".knobs summary", { hasText: "Key management" }).click();
  assert.equal(await other.locator("#-v2i-keys_per_s").inputValue(), "2.5");
  await other.context().close();
  await page.click("#undo");
  await until(page, () => document.querySelector("#-v2i-keys_per_s").value === "0.6");
  await page.click("#redo");
  await until(page, () => document.querySelector("#-v2i-keys_per_s").value === "2.5");
  await page.click("#reset");
  await until(page, () => document.querySelector("#-v2i-keys_per_s").value === "0.6");
  await page.click('[data-preset="fog"]');
  await until(page, () => document.querySelector("#visibility + *, #panel-lab")?.textContent.includes("Visibility"));
  await page.context().close();
});

test("laboratory: the best intensities of a link are found, set in one step, and undone", async () => {
  const page = await visit(at(3, "lab"));
  await page.locator(".knobs summary", { hasText: "Light" }).click();
  const signal = page.locator("#-link_params-source-mu-0");
  const before = await signal.inputValue();
  await page.locator("#best-light").click();
  const said = page.locator("#best-light-said");
  await said.waitFor();
  const [best, now] = (await said.textContent()).match(/[\d.]+(?=\skbit\/s)/g).map(Number);
  assert.ok(best > now && now > 0, `${best} instead of ${now}`);
  assert.notEqual(await signal.inputValue(), before);
  await page.click("#undo");
  await page.waitForFunction((was) => document.querySelector("#-link_params-source-mu-0").value === was, before);
  // No key comes of a blocked beam, whatever is sent.
  await page.selectOption("#broken", "0");
  await page.selectOption("#best-link", "0");
  await sleep(1_000);
  await page.locator("#best-light").click();
  await said.filter({ hasText: "no other choice" }).waitFor();
  await page.context().close();
});

test("laboratory: a file with a thousand cars runs, its link says it again, and what no link can hold is said", async () => {
  const page = await visit("#v=2&tab=lab");
  const load = async (scenario) => {
    const buffer = Buffer.from(JSON.stringify(scenario));
    await page.setInputFiles("#scenario", { name: "crowd.json", mimeType: "application/json", buffer });
    await page.locator(".top", { hasText: scenario.name }).waitFor();
  };
  const scenario = await crowd(1_000);
  await load(scenario);
  await until(page, () => /edit=/.test(location.hash));
  const others = page.locator(".legend label", { hasText: "other road users" });
  await others.filter({ hasText: /1\s?000/ }).waitFor();
  await page.reload();
  await settled(page);
  await others.filter({ hasText: /1\s?000/ }).waitFor();
  // Names that no packing makes shorter.
  const noise = (i) => randomBytes(4_000).toString("base64") + i;
  scenario.road_users.forEach((user, i) => { user.id = noise(i); });
  await load({ ...scenario, name: "Too large" });
  await page.click("#share");
  const said = page.locator(".note", { hasText: "too large for a link" });
  await said.waitFor();
  // The visitor of such a link hears of it.
  await page.reload();
  await settled(page);
  await said.waitFor();
  await page.context().close();
});

test("laboratory: what cannot be is said with its place, and the run goes on", async () => {
  const page = await visit(at(20, "lab"));
  await until(page, () => document.querySelector("#scrub").getAttribute("aria-busy") === "false");
  await page.locator(".knobs summary", { hasText: "Light" }).click();
  const field = page.locator("#-link_params-detector-efficiency");
  await field.fill("7");
  await field.press("Enter");
  const said = page.locator("#scenario-error");
  await said.waitFor();
  assert.match(await said.textContent(), /link_params\.detector\.efficiency: 7; expected a number from 0\.001 to 1/);
  const before = await now(page);
  await sleep(2_000);
  assert.ok((await now(page)) > before, "the old run stands still");
  await page.click("#undo");
  await said.waitFor({ state: "detached" });
  // A file that is no scenario.
  await page.setInputFiles("#scenario", { name: "broken.json", mimeType: "application/json", buffer: Buffer.from('{"version": 1, "name": 3}') });
  await said.waitFor();
  assert.match(await said.textContent(), /name/);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.state), "ready");
  await page.context().close();
});

test("laboratory: rain, hour and the eavesdropper's kind act at once, and stand in the link", async () => {
  const page = await visit(at(20, "lab"));
  await standsAt(page, 20).catch(() => {});
  await pause(page);
  const turn = (id, value) => page.locator(id).evaluate((e, value) => { e.value = value; e.dispatchEvent(new InputEvent("input", { bubbles: true })); }, value);
  await turn("#rain", 6);
  await until(page, () => document.querySelector("#sky").textContent.includes("rain 6.0"));
  assert.match(await page.locator("#sun").textContent(), /12:00.UTC, day, sun 5\d° high/);
  await turn("#hour", 0);
  await until(page, () => /twilight, sun 1[56]° down/.test(document.querySelector("#sun").textContent));
  await until(page, () => document.querySelector("#sky").textContent.startsWith("00:00"));
  await page.selectOption("#eve-kind", "photon_number_splitting");
  assert.match(await page.locator("#eve-signature").textContent(), /decoy pulses arrive too seldom/);
  await turn("#eve", 100);
  assert.match(await page.locator('label[for="eve"]').textContent(), /100.% of the pulses/);
  await page.screenshot({ path: `${pictures}lab.png` });
  await page.click("#share");
  assert.match(await page.evaluate(() => location.hash), /&rain=6&hour=0&evek=photon_number_splitting&eve=1/);
  await page.context().close();
});

test("distil: what was said about a block and its seal; a stranger uses up the pads", async () => {
  const page = await visit(at(30, "distil"));
  await until(page, () => /Sealed by/.test(document.querySelector("#panel-distil")?.textContent));
  await pause(page);
  const panel = page.locator("#panel-distil");
  assert.match(await panel.textContent(), /Sealed by one-time pads; 32 pairs of pads left/);
  await panel.locator(".said summary").click();
  const said = await panel.locator(".said tbody tr").allTextContents();
  assert.match(said.join("|"), /B → bases.*A → bases.*B → proof.*A → answers.*B → hash.*A → length.*B → seal/);
  await page.screenshot({ path: `${pictures}distil.png` });
  await page.context().close();
  const other = await visit(at(60, "lab"));
  await pause(other);
  await other.click('[data-preset="exhaustion"]');
  await until(other, () => document.querySelector("#clock").textContent.startsWith("00:0"));
  await pause(other);
  await other.click("#tab-distil");
  await other.locator("#scrub").evaluate((e) => { e.value = 60; e.dispatchEvent(new InputEvent("input", { bubbles: true })); });
  await standsAt(other, 60);
  await other.locator("#panel-distil select").selectOption("naic-eng");
  await until(other, () => /no pad is left/.test(document.querySelector("#panel-distil").textContent));
  assert.match(await other.locator("#panel-distil").textContent(), /0 pairs of pads left/);
  await other.screenshot({ path: `${pictures}exhaustion.png` });
  await other.context().close();
});

test("light: a storm puts the terminals away, and the panel says what holds each link and where its light goes", async () => {
  const page = await visit(at(60, "lab"));
  await pause(page);
  await page.click('[data-preset="storm"]');
  await until(page, () => document.querySelector("#clock").textContent.startsWith("00:0"));
  await pause(page);
  await page.click("#tab-light");
  const panel = page.locator("#panel-light");
  const signs = () => panel.locator(".part-signs li span").allTextContents();
  // In fair weather no rain is lost to, and nobody taps.
  await until(page, () => document.querySelectorAll(".part-signs li").length > 4);
  const fair = await signs();
  assert.ok(fair.includes("haze or fog") && !fair.includes("rain or snow") && !fair.includes("eavesdropper's tap"), fair.join());
  const facts = (await panel.locator(".link-facts").allTextContents()).join();
  assert.match(facts, /sending|standing by/);
  assert.match(facts, /Cn².*×10.*m\^\(−2\/3\).*scintillation index.*noise per gate.*2[45]\.\d.°C.*at \d+.%/s);
  const there = async (t) => {
    await page.locator("#scrub").evaluate((e, t) => { e.value = t; e.dispatchEvent(new InputEvent("input", { bubbles: true })); }, t);
    await standsAt(page, t);
    await sleep(600);
  };
  await there(25);
  assert.ok((await signs()).includes("rain or snow"));
  assert.match(await page.locator("#sky").textContent(), /rain 8\.0/);
  const states = async () => panel.locator(".light-table .state").allTextContents();
  await there(60);
  const count = (await states()).length;
  assert.ok((await states()).every((s) => s === "put away from the weather"), (await states()).join());
  assert.match(await panel.locator(".wide-facts").textContent(), /gusts over the limit/);
  assert.equal(await page.locator(".leaflet path.beam.stowed").count(), count);
  assert.equal(Number(await page.locator(".legend .state", { hasText: "put away" }).locator("b").textContent()), count);
  await page.screenshot({ path: `${pictures}storm.png` });
  // The switches of the address are those of the start: it does not rain from the first second on.
  await page.click("#share");
  assert.match(await page.evaluate(() => location.hash), /&rain=0&/);
  await page.selectOption("#light-link", "2");
  assert.match(await page.locator("#inspector").textContent(), /put away from the weather.*gusts over the limit/s);
  await there(195);
  assert.ok((await states()).includes("looking for its beam"), (await states()).join());
  await there(215);
  assert.ok((await states()).some((s) => s.startsWith("source held")), (await states()).join());
  await page.context().close();
});

test("another link put into the address bar is another visit", async () => {
  const page = await visit(at(3, "keys"));
  await page.evaluate(() => { location.hash = "#v=2&seed=77&t=5&speed=1&tab=light"; });
  await page.waitForFunction(() => document.querySelector("[role=tab][aria-selected=true]")?.id === "tab-light", null, { timeout: 30_000 });
  await page.waitForFunction(() => location.hash.includes("seed=77"), null, { timeout: 30_000 });
  // A link within the page is not.
  await page.evaluate(() => { window.kept = true; location.hash = "#panels"; });
  await sleep(1_000);
  assert.equal(await page.evaluate(() => window.kept), true);
  await page.context().close();
});

test("a broken link starts the page all the same and says what was passed over", async () => {
  const page = await visit("#v=2&seed=1&edit=!!!&map=x&sel=king&tap=1&evel=99");
  const said = await page.locator(".note").textContent();
  for (const part of [/edit=!!!: expected changes/, /map=x: expected zoom/, /sel=king: expected message:/, /tap=1: expected one of v, seed/, /evel=99: expected .* 7 /]) assert.match(said, part);
  await page.screenshot({ path: `${pictures}broken-link.png` });
  await page.context().close();
});

test("a broken link put into the address bar is named and leaves the run as it is", async () => {
  const page = await visit(at(20));
  await standsAt(page, 20).catch(() => {});
  await pause(page);
  await page.evaluate(() => { window.kept = true; });
  const stood = await now(page);
  const put = (hash) => page.evaluate((hash) => { location.hash = hash; }, hash);
  await put("#v=2&seed=abc&tab=light&t=5");
  await page.locator(".note", { hasText: "seed=abc: expected a whole number" }).waitFor();
  // Changes that can be read but make no scenario: the worker says so.
  const patch = [{ op: "replace", path: "/vehicle/start", value: 7 }];
  await put(`#v=2&edit=${deflateRawSync(JSON.stringify(patch)).toString("base64url")}`);
  await page.locator(".note", { hasText: /edit=.*: expected changes that make a scenario; .*vehicle/ }).waitFor();
  await put("#v=3&seed=1");
  await page.locator(".note", { hasText: "v=3: expected v=2 or v=1" }).waitFor();
  // The bar says again what runs.
  await until(page, () => location.hash.includes("tab=keys"));
  assert.equal(await page.evaluate(() => window.kept), true, "the page was loaded again");
  assert.equal(await now(page), stood);
  await page.context().close();
});

test("laboratory: things are placed on the map and dragged", async () => {
  const page = await visit(at(2, "lab"));
  await pause(page);
  const signs = () => page.locator(".sign.rsu").count();
  const old = await signs();
  await page.click("#edit-map");
  await page.locator(".tools .chip", { hasText: "Road-side unit" }).click();
  await page.locator(".leaflet").click({ position: { x: 620, y: 240 } });
  await page.waitForFunction((n) => document.querySelectorAll(".sign.rsu").length === n + 1, old, { timeout: 30_000 });
  await page.screenshot({ path: `${pictures}editor.png` });
  await page.locator(".tools .chip", { hasText: "Move things" }).click();
  const handle = page.locator(".handle.h-attacker");
  const box = await handle.boundingBox();
  await page.mouse.move(box.x + 13, box.y + 13);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await until(page, () => location.hash !== "");
  await sleep(800);
  const moved = await handle.boundingBox();
  assert.ok(Math.abs(moved.x - box.x) > 20, "the handle went back");
  await page.locator(".handle.h-rsu").last().focus();
  await page.keyboard.press("Delete");
  await page.waitForFunction((n) => document.querySelectorAll(".sign.rsu").length === n, old, { timeout: 30_000 });
  await page.context().close();
});

test("papers: each study runs in the browser and stands beside its paper", async () => {
  const page = await visit(at(1, "papers"));
  await pause(page);
  assert.ok((await page.locator(".study").count()) >= 2);
  for (const id of ["relay", "table2"]) {
    await page.locator(`[data-study=${id}] .chip`).first().click();
    await page.locator(`[data-study=${id}][data-done=true]`).waitFor({ timeout: 120_000 });
    const words = await page.locator(`[data-study=${id}] .claims small`).allTextContents();
    assert.ok(words.includes("agrees") && !words.includes("differs"), words.join());
    assert.ok((await page.locator(`[data-study=${id}] .study-plot path[fill=none]`).count()) > 0);
  }
  await page.screenshot({ path: `${pictures}papers.png` });
  await page.context().close();
});

/** Waits until the page has so many workers. */
const workers = async (page, least, most = least) => {
  for (let left = 400; page.workers().length < least || page.workers().length > most; left--) {
    assert.ok(left, `${page.workers().length} workers, not ${least}`);
    await sleep(50);
  }
};

test("papers: tests and the parts of a study are shared by as many workers as there are threads for", async () => {
  const tests = await visit(at(1), { threads: 4 });
  await pause(tests);
  await workers(tests, 1);
  await tests.click("#run-four-tests");
  await workers(tests, 4);
  await tests.locator("#four-tests tbody tr[data-outcome]").nth(3).waitFor({ timeout: 120_000 });
  // The run's own is left when the work is done, and its standby may be there by then.
  await workers(tests, 1, 2);
  await tests.context().close();
  const papers = await visit(at(1, "papers"), { threads: 4 });
  await pause(papers);
  await papers.locator("[data-study=distill] .chip").first().click();
  await workers(papers, 4);
  await until(papers, () => document.querySelector("[data-study=distill] progress")?.value > 0.01, 60_000);
  await papers.context().close();
});

test("export: pictures, series, events and evidence", async () => {
  const page = await visit(at(45));
  await standsAt(page, 45).catch(() => {});
  await pause(page);
  const save = async (selector) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
    return [download.suggestedFilename(), await readFile(await download.path())];
  };
  const [chart, image] = await save("#panel-keys .save-chart");
  assert.ok(chart.endsWith(".png") && image.subarray(1, 4).toString() === "PNG");
  await page.keyboard.press("e");
  const [map, picture] = await save("#save-map");
  assert.ok(map.endsWith(".png") && picture.subarray(1, 4).toString() === "PNG" && picture.length > 20_000);
  const [, csv] = await save("#save-csv");
  const lines = csv.toString().trim().split("\n");
  assert.match(lines[0], /^t \[s\],pool\/naic-eng\/level \[kbit\]/);
  assert.ok(lines.length > 60 && lines.every((l) => l.split(",").length === lines[0].split(",").length));
  const [, series] = await save("#save-json");
  assert.equal(JSON.parse(series).channels.length, lines[0].split(",").length - 1);
  const [, events] = await save("#save-events");
  const records = events.toString().trim().split("\n").map((l) => JSON.parse(l));
  assert.ok(records.length > 500 && records.every((r, i) => i === 0 || r.t >= records[i - 1].t));
  const [name, evidence] = await save("#save-evidence");
  assert.match(name, /evidence-seed-1/);
  const chain = JSON.parse(evidence);
  assert.ok(chain.chain.steps.length === 9 && /^[0-9a-f]{64}$/.test(chain.digest) && chain.events.length > 1);
  const [, scenario] = await save("#save-scenario-2");
  assert.equal(JSON.parse(scenario).version, 1);
  await page.context().close();
});

test("conventions: keyboard, reduced motion, and no serious finding of axe on any panel or sheet", async () => {
  const still = await visit("", { reducedMotion: "reduce" });
  assert.equal(await still.locator("#play").getAttribute("aria-pressed"), "false");
  await still.context().close();
  for (const colorScheme of ["light", "dark"]) {
    const page = await visit(at(60), { colorScheme, bypassCSP: true });
    await pause(page);
    const look = async (where) => assert.deepEqual(await findings(page), [], `${where}, ${colorScheme}`);
    for (const tab of ["keys", "light", "distil", "managers", "control", "trust", "messages", "street"]) {
      await page.click(`#tab-${tab}`);
      await sleep(500);
      await look(tab);
    }
    await page.click("#lab-button");
    for (const group of await page.locator(".knobs summary").all()) await group.click();
    await look("lab");
    await page.click("#papers-button");
    await look("papers");
    await page.click("[data-kind=tag]");
    await look("chain");
    await page.keyboard.press("?");
    await page.locator("dialog").waitFor();
    await look("keyboard");
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.locator("dialog").waitFor();
    await look("export");
    await page.context().close();
  }
});

test("keyboard: keys of one character can be switched off, for good", async () => {
  const page = await visit(at(3));
  await pause(page);
  await page.keyboard.press("?");
  await page.locator("dialog #single-keys").uncheck();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  const dead = async (on) => {
    // A button that has the focus takes the space bar for itself.
    await on.evaluate(() => document.activeElement.blur());
    for (const key of ["p", " ", "e", "?", "v"]) await on.keyboard.press(key);
    await sleep(400);
    assert.equal(await on.locator("dialog, #differences").count(), 0);
    assert.equal(await on.locator("#play").getAttribute("aria-pressed"), "false");
    assert.equal(await on.locator("#protected-on").getAttribute("aria-pressed"), "true");
  };
  await dead(page);
  await page.reload();
  await settled(page);
  await pause(page);
  await dead(page);
  await page.keyboard.press("Home");
  await standsAt(page, 0);
  await page.click("#keys-button");
  await page.locator("dialog #single-keys").check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.locator("dialog #save-map").waitFor();
  await page.context().close();
});

test("a worker that dies is started again where the run stood, and the visitor is told", async () => {
  // With a single thread there is no standby.
  const page = await visit(at(30), { threads: 1 });
  await standsAt(page, 30).catch(() => {});
  const stood = await now(page);
  await page.workers()[0].evaluate(() => self.close()).catch(() => {});
  await page.locator(".note", { hasText: "started again" }).waitFor({ timeout: 40_000 });
  await page.waitForFunction((t) => {
    const [m, s] = document.querySelector("#clock").textContent.split(":").map(Number);
    return 60 * m + s >= t;
  }, stood, { timeout: 60_000 });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.state), "ready");
  await page.context().close();
});

test("a standby takes the place of a worker that dies, and holds the very same run", async () => {
  // What kills it here is an error, of which the page hears at once.
  const page = await open(browser, site, [], `${at(30, "lab")}&speed=20`, { threads: 2, reducedMotion: "reduce", serviceWorkers: "block" });
  await standsAt(page, 30);
  // Two turns at one instant are both part of the run.
  for (const sight of ["0.2", "0.6"]) {
    await page.fill("#visibility", sight);
    await sleep(500);
  }
  await page.click("#play");
  await until(page, () => Number(document.querySelector("#clock").textContent.slice(3)) > 55);
  await pause(page);
  await workers(page, 2);
  // The standby follows to where the run stands.
  await sleep(3_000);
  const stands = async (t) => {
    await page.click("#clock-button");
    await page.fill("#clock-entry", t);
    await page.keyboard.press("Enter");
    await standsAt(page, Number(t));
  };
  const events = async () => {
    await page.keyboard.press("e");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-events")]);
    await page.keyboard.press("Escape");
    return (await readFile(await download.path())).toString();
  };
  await stands("52");
  const before = await events();
  assert.match(before, /"visibility_km":/);
  await page.workers()[0].evaluate(() => {
    self.onmessage = null;
    setTimeout(() => { throw new Error("thrown by a test"); });
  });
  // In the pause too it is soon known.
  await page.locator(".note", { hasText: "Its standby goes on at 00:52.0" }).waitFor({ timeout: 8_000 });
  await page.click("#play");
  await until(page, () => Number(document.querySelector("#clock").textContent.slice(3)) > 53);
  await pause(page);
  await stands("52");
  assert.ok((await events()) === before, "the same events");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.state), "ready");
  await page.context().close();
});

test("a comparison whose other run dies is taken up again", async () => {
  const page = await visit(at(20));
  await page.click("#compare");
  await page.locator("#differences").waitFor();
  await workers(page, 2);
  await page.workers()[1].evaluate(() => self.close()).catch(() => {});
  await page.locator(".note", { hasText: "started again" }).waitFor({ timeout: 40_000 });
  await page.locator("#differences").waitFor();
  await workers(page, 2, 3);
  await page.context().close();
});

test("no visit printed an error, missed a file or asked another host", () => {
  assert.deepEqual(complaints, []);
});
