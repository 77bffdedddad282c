/**
 * Names of mail domains and MX hosts, and the patterns that match them.
 *
 * @module
 */
import { text } from "./arguments.js";
import { call } from "./module.js";

/** A Policy Domain, and where what it publishes is to be found. */
export interface DomainNames {
  /** The domain in lower case, as A-labels, without brackets, port or root dot. */
  readonly domain: string;
  /** Where its MTA-STS record is: `_mta-sts.` and the domain (RFC 8461 §3.1). */
  readonly txtName: string;
  /** Where its policy is: `mta-sts.` and the domain (RFC 8461 §3.2). */
  readonly policyHost: string;
  /** Where its TLSRPT record is: `_smtp._tls.` and the domain (RFC 8460 §3). */
  readonly tlsrptName: string;
}

/** Runs of characters that can be a label and are not all ASCII. */
const LABELS = /[-\w\u0080-\u{10ffff}]+/gu;
const NOT_ASCII = /[^\0-\x7f]/;
const IDEOGRAPHIC_DOTS = /[\u3002\uff0e\uff61]/g;

/**
 * The Policy Domain that a lookup key names. Keys are what MTAs look up: `example.com`,
 * `EXAMPLE.com.`, `bücher.example`, `[host]`, `host:port`, `[host]:port`.
 *
 * @throws {@link MtaStsError} with a code that begins with `domain-` when the key names no Policy
 * Domain: an address, or something else that has no policy.
 */
export function domainNames(key: string): DomainNames {
  const name = lookupKey(key, "key");
  return call((module) => module.domainNames(name) as DomainNames);
}

/**
 * Whether an MX pattern of a policy matches an MX host: label by label without regard to case, `*`
 * for exactly one label. What is no pattern or no host name matches nothing (RFC 8461 §4.1).
 */
export function matches(pattern: string, host: string): boolean {
  const [written, name] = [text(pattern, "pattern"), mxHost(host, "host")];
  return call((module) => module.matches(written, name));
}

/** A lookup key with its U-labels converted; a label that cannot be is left for the engine to refuse. */
export function lookupKey(value: string, what: string): string {
  const key = text(value, what);
  if (!NOT_ASCII.test(key)) return key;
  return key.replace(IDEOGRAPHIC_DOTS, ".").replace(LABELS, (label) => aLabel(label) ?? label);
}

/**
 * An MX host's name with its U-labels converted. The host is to be recognised, so a label must be a
 * U-label as it stands, but for its case: one that IDNA would map to another is left as it is, and
 * matches nothing.
 */
export function mxHost(value: string, what: string): string {
  const host = text(value, what);
  if (!NOT_ASCII.test(host)) return host;
  return host.replace(LABELS, (label) => {
    const ascii = aLabel(label);
    return ascii !== undefined && isExact(label, ascii) ? ascii : label;
  });
}

/** The label as an A-label, by the host's IDNA (UTS 46, as browsers apply it to URLs). */
export function aLabel(label: string): string | undefined {
  if (!NOT_ASCII.test(label)) return label;
  // A host of one label may be taken for a number; with another label behind it, it is a name.
  const suffix = ".invalid";
  let host: string;
  try {
    host = new URL(`https://${label}${suffix}/`).hostname;
  } catch {
    return undefined;
  }
  const ascii = host.slice(0, -suffix.length);
  return host.endsWith(suffix) && !ascii.includes(".") ? ascii : undefined;
}

function isExact(label: string, ascii: string): boolean {
  const unicode = ascii.startsWith("xn--")
    ? call((module) => module.punycode(ascii.slice(4)))
    : ascii;
  return unicode === Array.from(label, lowerCase).join("");
}

/** The character in lower case, unless that makes several of it, or an ASCII one of another. */
function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  const isOne = Array.from(lower).length === 1;
  return isOne && NOT_ASCII.test(lower) === NOT_ASCII.test(character) ? lower : character;
}
