/**
 * Loads the WebAssembly module: over HTTP it is fetched, and on a page from a disk it comes in a script.
 *
 * @module
 */
import { signal } from "@preact/signals";
import { initSync } from "mtasts/bytes";

import { loadScript } from "./script.ts";

/** Whether the engine can be called, or why not. */
export type Loading = { is: "loading" } | { is: "ready" } | { is: "failed"; message: string };

export const engine = signal<Loading>({ is: "loading" });

declare global {
  /** The module in base64, once its script is loaded. */
  var mtastsWasm: string | undefined;
}

/** Loads the module. What comes of it is in {@link engine}. */
export async function loadEngine(): Promise<void> {
  try {
    initSync(location.protocol === "file:" ? await embedded() : await fetched());
    engine.value = { is: "ready" };
    performance.mark("interactive");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The engine could not be loaded (${reason}). Load the page anew, in a current browser.`;
    engine.value = { is: "failed", message };
  }
}

/** Not compiled while it streams in: that takes a media type which some static hosts do not send. */
async function fetched(): Promise<WebAssembly.Module> {
  const response = await fetch("mtasts.wasm");
  if (!response.ok) throw new Error(`mtasts.wasm: HTTP status ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function embedded(): Promise<WebAssembly.Module> {
  await loadScript("mtasts-wasm.js");
  const octets = Uint8Array.from(atob(globalThis.mtastsWasm ?? ""), (character) => character.charCodeAt(0));
  globalThis.mtastsWasm = undefined;
  return WebAssembly.compile(octets);
}
