/**
 * A real Chromium with the page in it, as it was built, and a server on loopback that serves it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { env } from "node:process";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from "playwright-core";

const EXECUTABLE = env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The fields of the check, beside the domain. */
export const FIELDS = ["TXT record", "Policy", "MX hosts", "TLSRPT record", "HTTP header"];

/** The views, that which is open at first as the last. */
export const VIEWS = ["As time goes by", "Write a policy", "Check"];

/** How long to wait for what the page does, in milliseconds. */
const PATIENCE = 30_000;

/** Where the built page is. */
export const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

/** Why there can be no browser, or `false`: to be given to `node:test` as `skip`. */
export const noBrowser: string | false =
  env.CI !== "true" && (existsSync(EXECUTABLE) ? !existsSync(DIST) && "dist is not built: npm run build" : `${EXECUTABLE} is not installed`);
if (noBrowser !== false) process.stderr.write(`SKIPPED: tests in the browser: ${noBrowser}\n`);

/** The page in a window of its own, and what went wrong in it. */
export interface Opened {
  readonly page: Page;
  /** Where the page is served. */
  readonly origin: string;
  /** The URLs that were asked for, other than those of the page itself. */
  readonly requests: readonly string[];
  /** Errors in the console: exceptions, and what the page's security policy refused. */
  readonly errors: readonly string[];
}

let browser: Promise<Browser> | undefined;
let server: Promise<Server> | undefined;
after(async () => {
  await (await browser)?.close();
  const running = await server;
  running?.closeAllConnections();
  running?.close();
});

/** How to open the page. */
export interface Opening extends BrowserContextOptions {
  readonly fragment?: string;
  /** Whether there is no server. */
  readonly fromDisk?: boolean;
}

/** Opens the page. */
export async function openPage({ fragment = "", fromDisk = false, ...contextOptions }: Opening = {}): Promise<Opened> {
  browser ??= chromium.launch({ executablePath: EXECUTABLE, args: FLAGS.split(" "), headless: true });
  server ??= serve();
  const { port } = (await server).address() as AddressInfo;
  const origin = fromDisk ? `file://${DIST}` : `http://127.0.0.1:${port}`;
  const context = await (await browser).newContext({ reducedMotion: "reduce", ...contextOptions });
  const page = await context.newPage();
  const [requests, errors]: [string[], string[]] = [[], []];
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) requests.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(`${origin}${fromDisk ? "index.html" : "/page/"}${fragment && `#${fragment}`}`);
  return { page, origin, requests, errors };
}

/** Waits until the page can be used. */
export async function ready(page: Page): Promise<void> {
  await page.getByRole("tablist").waitFor();
}

/** The field with this label, be it a plain one or the editor. */
export function fieldOf(page: Page, name: string): Locator {
  return page.getByRole("textbox", { name });
}

/** Gives a field the focus, and waits for the editor, which then takes the place of the plain one. */
export async function focusEditor(page: Page, name: string): Promise<void> {
  await fieldOf(page, name).focus();
  await page.locator(".cm-editor.cm-focused").waitFor();
}

/** The text in a field. */
export function textOf(page: Page, name: string): Promise<string> {
  return fieldOf(page, name).evaluate((element) =>
    element instanceof HTMLTextAreaElement
      ? element.value
      : Array.from(element.querySelectorAll(".cm-line"), (line) => (line.querySelector(".cm-placeholder") ? "" : line.textContent)).join("\n"),
  );
}

/** Opens one of the page's views. */
export async function openView(page: Page, name: string): Promise<Locator> {
  await page.getByRole("tab", { name }).click();
  await page.getByRole("tab", { name, selected: true }).waitFor();
  return page.getByRole("tabpanel");
}

/** Waits until a field has this text: what is entered shows at once, and what the page changes a moment later. */
export async function holds(page: Page, name: string, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    const held = await textOf(page, name);
    if (typeof text === "string") assert.equal(held, text, name);
    else assert.match(held, text, name);
  });
}

/** Tries until it no longer throws, for as long as Playwright waits for an element. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (const end = performance.now() + PATIENCE; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

/** Serves the page from a path that is not the root, as many hosts do. */
async function serve(): Promise<Server> {
  const served = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const name = pathname.replace(/^\/page\//, "") || "index.html";
    const file = join(DIST, normalize(`/${name}`));
    const type = TYPES[extname(file)];
    if (!pathname.startsWith("/page/") || !type || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": type });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => served.listen(0, "127.0.0.1", resolve));
  return served;
}
