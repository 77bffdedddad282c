/**
 * All of the package but the loading of the WebAssembly module from somewhere: give its octets to
 * {@link initSync}. For pages opened from a file, and for bundlers that embed the module.
 *
 * @module
 */
import { call } from "./module.js";

export type { Octets } from "./arguments.js";
export * from "./codes.js";
export * from "./decision.js";
export * from "./dns.js";
export * from "./doh.js";
export * from "./engine.js";
export * from "./error.js";
export * from "./generate.js";
export * from "./lint.js";
export { initSync, isReady, type WasmSource } from "./module.js";
export { domainNames, matches, type DomainNames } from "./names.js";
export {
  MAX_BODY,
  parsePolicy,
  readResponse,
  type Deviation,
  type Extension,
  type HttpResponse,
  type Mode,
  type Policy,
  type Span,
} from "./policy.js";
export * from "./records.js";
export { utf16Offsets } from "./utf16.js";

/** The version of the WebAssembly module. */
export function version(): string {
  return call((module) => module.version());
}
