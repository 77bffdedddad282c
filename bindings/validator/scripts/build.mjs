// Builds the page in dist/: files that any static host serves from any path, and that work when they are
// opened from a disk. Browsers load neither module scripts nor what is fetched from `file:`, so scripts
// are classic ones, and the WebAssembly module is there a second time as such a script.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { checkBudgets } from "./budgets.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist`;
const wasm = `${root}node_modules/mtasts/dist/mtasts.wasm`;

rmSync(dist, { recursive: true, force: true });
await script("src/main.tsx", "page");
await script("src/editor/codemirror.ts", "editor");
copyFileSync(`${root}index.html`, `${dist}/index.html`);
copyFileSync(wasm, `${dist}/mtasts.wasm`);
writeFileSync(`${dist}/mtasts-wasm.js`, `var mtastsWasm="${readFileSync(wasm).toString("base64")}";\n`);
checkBudgets(dist);

/** One classic script, with its styles beside it. */
async function script(entry, name) {
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    publicDir: false,
    build: {
      emptyOutDir: false,
      outDir: dist,
      target: ["chrome123", "firefox120", "safari17.5"],
      lib: {
        entry,
        formats: ["iife"],
        // What the script exports is a global variable.
        name: `mtasts_${name}`,
        fileName: () => `${name}.js`,
        cssFileName: name,
      },
    },
  });
}
