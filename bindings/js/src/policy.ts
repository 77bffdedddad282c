/**
 * Policies.
 *
 * @module
 */
import { object, octets, text, whole, type Octets } from "./arguments.js";
import type { DeviationCode } from "./codes.js";
import { call } from "./module.js";

/** What a sender does when a policy fails to validate (RFC 8461 §5). */
export type Mode = "enforce" | "testing" | "none";

/** Where something stands in a text. */
export interface Span {
  /** Offset of the first octet of its UTF-8; see {@link utf16Offsets} for editors. */
  readonly start: number;
  /** Offset after the last octet. */
  readonly end: number;
  /** Line, counted from 1. */
  readonly line: number;
  /** Octet in the line, counted from 1. */
  readonly column: number;
}

/** Something in a policy that the grammar does not allow and that does no harm. */
export interface Deviation extends Span {
  /** Which kind it is. */
  readonly code: DeviationCode;
  /** What it is, in words. */
  readonly message: string;
}

/** A field that RFC 8461 does not know. Senders ignore it. */
export interface Extension {
  readonly name: string;
  readonly value: string;
}

/** A valid policy (RFC 8461 §3.2). */
export interface Policy {
  readonly mode: Mode;
  /** How long the policy may be kept after its fetch: 0 to 31557600 seconds. */
  readonly maxAge: number;
  /** The MX patterns in lower case and in order, without repetitions. */
  readonly mx: readonly string[];
  /** The fields that RFC 8461 does not know, in order. */
  readonly extensions: readonly Extension[];
  /** The policy as a policy file without deviations. */
  readonly text: string;
  /** What the text that was read gets wrong; the first 256. Without any it is strictly valid. */
  readonly deviations: readonly Deviation[];
}

/** An HTTP response that is complete, with its content coding undone. */
export interface HttpResponse {
  /** The status code: 0 to 65535. */
  readonly status: number;
  /** The `Content-Type` field; `null` where there is none. */
  readonly contentType: string | null;
  /** The body. */
  readonly body: Octets;
}

/** The largest body that {@link readResponse} takes unless told otherwise (RFC 8461 §3.3). */
export const MAX_BODY = 65_536;

/**
 * Reads a policy file (RFC 8461 §3.2). Deviations from the grammar that can neither weaken nor widen
 * the policy are accepted and reported.
 *
 * @throws {@link MtaStsError} with a code that begins with `policy-` when a required field is missing
 * or invalid; with `line` and `column` unless something is missing.
 */
export function parsePolicy(body: Octets): Policy {
  const bytes = octets(body, "body");
  return call((module) => module.parsePolicy(bytes) as Policy);
}

/**
 * Reads the policy in an HTTP response, by the rules of RFC 8461 §3.2 and §3.3: status 200 only,
 * `text/plain` with any parameters, a body of at most `maxBytes`.
 *
 * @throws {@link MtaStsError} with the code `fetch-status`, `fetch-redirect`, `fetch-media-type` or
 * `fetch-too-large`, or one that begins with `policy-`.
 */
export function readResponse(response: HttpResponse, maxBytes: number = MAX_BODY): Policy {
  const { status, contentType, body } = checkedResponse(response);
  const limit = whole(maxBytes, 0xffff_ffff, "maxBytes");
  return call((module) => module.readResponse(status, contentType, body, limit) as Policy);
}

/** A response that can cross to WebAssembly. */
export function checkedResponse(response: HttpResponse): {
  status: number;
  contentType: string | null;
  body: Uint8Array;
} {
  const { status, contentType, body } = object(response, "response");
  return {
    status: whole(status, 0xffff, "status"),
    contentType: contentType === null ? null : text(contentType, "contentType"),
    body: octets(body, "body"),
  };
}
