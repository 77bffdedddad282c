// The driver of this package in Chromium: requests come on standard input, and the page answers them.
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { launch, page, serve } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await serve(root, { "/": page({ mtasts: "/dist/index.js" }) });
const browser = await launch();
try {
  const tab = await browser.newPage();
  await tab.goto(server.url);
  await tab.evaluate(async () => {
    const mtasts = await import("mtasts");
    const { driver } = await import("/test/protocol.mjs");
    await mtasts.init();
    globalThis.answer = driver(mtasts, "browser");
  });
  for await (const line of createInterface({ input: stdin })) {
    if (line === "quit") break;
    stdout.write(`${await tab.evaluate((request) => globalThis.answer(request), line)}\n`);
  }
} finally {
  stdin.destroy();
  await browser.close();
  await server.close();
}
