// The smallest static server that a published page needs: one folder under one path, on the loopback interface.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves `folder` under `path` ("/sub/") at a free port; everything outside that path is 404. `change` may give other
 * contents for a file than it has.
 * @returns {Promise<{origin: string, address: string, close: () => void}>}
 */
export async function serve(folder, path, change = (file, body) => body) {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    // `normalize` of a path from the root cannot climb above it.
    const inside = asked.startsWith(path) && normalize(asked.slice(path.length - 1));
    const file = inside && join(folder, inside.endsWith("/") ? `${inside}index.html` : inside);
    const body = file && (await readFile(file).catch(() => null));
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(file || "")] ?? "application/octet-stream" });
    response.end(body ? change(file, body) : "not found");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, address: origin + path, close: () => { server.close(); server.closeAllConnections(); } };
}
