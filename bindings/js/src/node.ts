/**
 * MTA-STS (RFC 8461) in Node: the WebAssembly module is read when this is imported.
 *
 * @module
 */
import { readFileSync } from "node:fs";

import { initSync, type WasmSource } from "./module.js";

export * from "./api.js";

initSync(readFileSync(new URL("./mtasts.wasm", import.meta.url)));

/** For programs that run in browsers, too; here, everything is loaded already. */
export async function init(_source?: WasmSource | Response | Promise<Response>): Promise<void> {}
