// The last step of the build, called by `cargo xtask finish` with the folder that Trunk has built:
//
// * names the worker's files by their content, which Trunk does not;
// * adds the hashes of inline scripts and styles to each page's content security policy;
// * writes build-list.js, from which the service worker (static/sw.js) knows the build, and marks index.html with it.
//
// Node.js is needed for the build anyway and has SHA-256; `xtask` itself uses Rust's standard library only.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, profile] = process.argv.slice(2);
const read = (path) => readFileSync(join(folder, path));
const write = (path, text) => writeFileSync(join(folder, path), text);
const sha256 = (data) => createHash("sha256").update(data);
const integrity = (data) => `sha256-${sha256(data).digest("base64")}`;
const short = (data) => sha256(data).digest("hex").slice(0, 16);
/** Says what is no longer as this step expects, for instance after an update of Trunk. */
const must = (found, what) => found || (() => { throw new Error(`${what}: xtask/finish.mjs has to follow`); })();

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
  .sort();

// A page and the worker of another build must not meet, whatever cache lies between: worker_loader.js asks for
// worker.js, and that for worker_bg.wasm, with a hash of both.
const worker = ["worker.js", "worker_bg.wasm"];
const query = `?v=${short(Buffer.concat(worker.map(read)))}`;
for (const [asks, name] of [["worker_loader.js", "./worker.js"], ["worker.js", "worker_bg.wasm"]]) {
  const text = read(asks).toString();
  must(text.includes(`'${name}'`), `${asks} does not ask for ${name}`);
  write(asks, text.replace(`'${name}'`, `'${name}${query}'`));
}

const pages = new Map();
let development = profile !== "release";
for (const path of files.filter((path) => path.endsWith(".html"))) {
  let page = read(path).toString();
  // Trunk's own server would fill in its address while serving, and the hash would no longer be right.
  if (page.includes("{{__TRUNK_ADDRESS__}}")) {
    development = true;
    page = page
      .replaceAll("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
      .replaceAll("{{__TRUNK_WS_BASE__}}", "/")
      .replaceAll("{{__TRUNK_WS_PROTOCOL__}}", "");
    must(!page.includes("{{__TRUNK"), `${path} has an unknown placeholder`);
  }
  for (const [tag, directive] of [["script", "script-src"], ["style", "style-src"]]) {
    const inline = page.matchAll(new RegExp(`<${tag}\\b(?![^>]*\\ssrc=)[^>]*>([^]*?)</${tag}>`, "g"));
    const hashes = [...inline].map(([, text]) => ` '${integrity(text)}'`).join("");
    must(page.includes(` ${directive} 'self'`), `${path} has no ${directive} 'self' in its policy`);
    page = page.replace(` ${directive} 'self'`, ` ${directive} 'self'${hashes}`);
  }
  pages.set(path, page);
}

// While the files change under it, a kept copy of a page would only mislead: no list, no service worker.
if (!development) {
  const [fixed, fresh] = [{}, {}];
  for (const path of files) {
    // The package for other pages is not part of the page: a visitor need not fetch it.
    if (/^(sw\.js$|index\.html$|embed\.html$|embed\/)/.test(path)) continue;
    const hash = integrity(read(path));
    if (worker.includes(path)) fixed[path + query] = hash;
    else if (/-[0-9a-f]{12,16}(_bg)?\.\w+$/.test(path)) fixed[path] = hash;
    else fresh[path] = hash;
  }
  const html = must(pages.get("index.html"), "there is no index.html");
  const id = short(JSON.stringify([html, fixed, fresh]));
  const marked = must(html.replace(/<html\b/, `<html data-build="${id}"`), "index.html has no <html>");
  pages.set("index.html", marked);
  fresh["./"] = integrity(marked);
  write("build-list.js", `self.keywayBuild = ${JSON.stringify({ id, fixed, fresh }, null, 1)};\n`);
}
for (const [path, page] of pages) write(path, page);
