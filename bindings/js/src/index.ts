/**
 * MTA-STS (RFC 8461) in browsers: `await init()`, then use the rest.
 *
 * @module
 */
import { initAsync, type WasmSource } from "./module.js";

export * from "./api.js";

/**
 * Loads the WebAssembly module: from beside this script, or from what is given. Does nothing when it
 * is loaded already.
 *
 * @throws {@link MtaStsError} `load-failed`
 */
export function init(source?: WasmSource | Response | Promise<Response>): Promise<void> {
  return initAsync(() => source ?? fetch(new URL("./mtasts.wasm", import.meta.url)));
}
