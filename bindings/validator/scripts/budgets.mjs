// How many octets browsers load, compressed with brotli as static hosts send them.
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

/** Loaded at once, beside the WebAssembly module. */
const FIRST = ["index.html", "page.css", "page.js"];
const FIRST_LOAD = 60 * 1024;
/** With the editor and the WebAssembly module, which a browser loads in one of its two forms. */
const ALL = 300 * 1024;
const TWIN = "mtasts-wasm.js";

/** Prints the sizes. Throws if there is more than there may be. */
export function checkBudgets(dist) {
  const sizes = new Map(
    readdirSync(dist).map((file) => [file, brotliCompressSync(readFileSync(`${dist}/${file}`)).length]),
  );
  const total = (files) => files.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
  const first = total(FIRST);
  const all = total([...sizes.keys()].filter((file) => file !== TWIN));
  for (const [file, size] of sizes) console.log(`${file}: ${size} bytes with brotli`);
  console.log(`first load beside the WebAssembly module: ${first} of ${FIRST_LOAD} bytes`);
  console.log(`all, with editor and WebAssembly module: ${all} of ${ALL} bytes`);
  if (first > FIRST_LOAD || all > ALL) throw new Error("the page is larger than it may be");
}
