// A real Chromium, and a server of files on loopback for it.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { env } from "node:process";

import { chromium } from "playwright-core";

const EXECUTABLE = env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Why there can be no browser, or `false`: to be given to `node:test` as `skip`. */
export const noBrowser =
  !existsSync(EXECUTABLE) && env.CI !== "true" && `${EXECUTABLE} is not installed`;

/** Serves the files of a directory, and pages given by name, on a free port of loopback. */
export async function serve(directory, pages = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (Object.hasOwn(pages, pathname)) {
      response.writeHead(200, { "content-type": TYPES[".html"] }).end(pages[pathname]);
      return;
    }
    const file = join(directory, normalize(pathname));
    const type = TYPES[extname(file)];
    if (!type || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": type });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS, headless: true });
}

/** What is imported by name on a page without a bundler. */
export function page(imports, body = "") {
  const map = JSON.stringify({ imports });
  return `<!doctype html><meta charset="utf-8"><title>mtasts</title>
<script type="importmap">${map}</script>${body}`;
}
