/**
 * The WebAssembly module: loaded once, and never used again after a trap.
 *
 * @module
 */
import { MtaStsError } from "./error.js";
import type { ErrorCode } from "./codes.js";
import * as raw from "./raw/mtasts.js";

/** What a WebAssembly module can be made of: its octets, or a module that is compiled already. */
export type WasmSource = BufferSource | WebAssembly.Module;

type State = { is: "unloaded" } | { is: "ready" } | { is: "failed"; cause: unknown };

let state: State = { is: "unloaded" };

/**
 * Loads the WebAssembly module from its octets, at once. For pages without a server, which cannot
 * fetch, and for hosts that have the octets already. Does nothing when the module is loaded.
 *
 * Browsers may refuse this on the main thread for what is larger than 8 MB, which this module is not.
 *
 * @throws {@link MtaStsError} `load-failed` when the octets are not those of the module.
 */
export function initSync(source: WasmSource): void {
  if (state.is !== "unloaded") return;
  try {
    raw.initSync({ module: source });
  } catch (cause) {
    throw new MtaStsError("load-failed", `the WebAssembly module cannot be loaded: ${words(cause)}`, {
      cause,
    });
  }
  state = { is: "ready" };
}

let loading: Promise<void> | undefined;

/** As {@link initSync}, without keeping the thread busy. Who comes meanwhile waits for the same. */
export function initAsync(source: () => WasmSource | Response | Promise<Response>): Promise<void> {
  if (state.is !== "unloaded") return Promise.resolve();
  // After a failure, the next call tries again.
  loading ??= load(source).finally(() => (loading = undefined));
  return loading;
}

async function load(source: () => WasmSource | Response | Promise<Response>): Promise<void> {
  try {
    await raw.default({ module_or_path: source() });
  } catch (cause) {
    throw new MtaStsError("load-failed", `the WebAssembly module cannot be loaded: ${words(cause)}`, {
      cause,
    });
  }
  if (state.is === "unloaded") state = { is: "ready" };
}

/** Whether the WebAssembly module is loaded and usable. */
export function isReady(): boolean {
  return state.is === "ready";
}

/**
 * Calls into the WebAssembly module. What it refuses is thrown as an {@link MtaStsError}. A trap is
 * a defect of the module: its memory cannot be trusted any more, so it is not called again.
 *
 * @internal
 */
export function call<T>(use: (module: typeof raw) => T): T {
  switch (state.is) {
    case "ready":
      break;
    case "unloaded":
      throw new MtaStsError(
        "not-initialised",
        "the WebAssembly module is not loaded: `await init()` first",
      );
    case "failed":
      throw failed(state.cause);
  }
  try {
    return use(raw);
  } catch (thrown) {
    if (isRefusal(thrown)) {
      const { code, message, line, column } = thrown;
      throw new MtaStsError(code, message, { line, column });
    }
    if (thrown instanceof MtaStsError) throw thrown;
    state = { is: "failed", cause: thrown };
    throw failed(thrown);
  }
}

function failed(cause: unknown): MtaStsError {
  const message =
    `the WebAssembly module has trapped (${words(cause)}) and is not used again in this ` +
    "thread; engines in it are lost. This is a defect, please report it";
  return new MtaStsError("module-failed", message, { cause });
}

type Refusal = Error & { code: ErrorCode; line?: number; column?: number };

function isRefusal(thrown: unknown): thrown is Refusal {
  return (
    thrown instanceof Error &&
    !(thrown instanceof MtaStsError) &&
    "code" in thrown &&
    typeof thrown.code === "string"
  );
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
