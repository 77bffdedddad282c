/**
 * DNS over HTTPS (RFC 8484): how a page looks at what a domain publishes. Nothing here is called
 * unless the host asks for it.
 *
 * @module
 */
import { moment, object, refused, text } from "./arguments.js";
import { decodeAnswer, encodeQuery, type DnsAnswer, type DnsQuestion, type RecordType } from "./dns.js";
import { MtaStsError } from "./error.js";
import { domainNames, type DomainNames } from "./names.js";

/** Public resolvers that pages may ask: they allow requests from other origins. */
export const DOH_PROVIDERS = {
  cloudflare: "https://cloudflare-dns.com/dns-query",
  google: "https://dns.google/dns-query",
} as const;

/** How to ask. */
export interface DohOptions {
  /** The URL of the resolver, such as one of {@link DOH_PROVIDERS}. A `{?dns}` at its end is ignored. */
  readonly provider: string;
  /** What fetches; the global `fetch` unless given. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends the lookup early. */
  readonly signal?: AbortSignal;
  /** Time allowed for each query, in milliseconds: 10000. */
  readonly timeout?: number;
}

/** What came of one query: the answer, or why there is none. */
export type DohResult<T extends RecordType> =
  | { readonly answer: DnsAnswer<T>; readonly error: null }
  | { readonly answer: null; readonly error: MtaStsError };

/** What DNS says about a domain's MTA-STS. */
export interface DohLookup extends DomainNames {
  /** The TXT records at `_mta-sts.` and the domain. */
  readonly txt: DohResult<"TXT">;
  /** The TXT records at `_smtp._tls.` and the domain. */
  readonly tlsrpt: DohResult<"TXT">;
  /** The domain's MX records. */
  readonly mx: DohResult<"MX">;
}

/** The longest DNS message. */
const MAX_MESSAGE = 65_535;

/**
 * Looks up the records that a domain's MTA-STS consists of. Failures of single queries are part of
 * the result.
 *
 * @throws {@link MtaStsError} with a code that begins with `domain-` when the key names no Policy
 * Domain.
 */
export async function lookupDoh(domain: string, options: DohOptions): Promise<DohLookup> {
  const names = domainNames(domain);
  const ask = async <T extends RecordType>(name: string, type: T): Promise<DohResult<T>> => {
    try {
      return { answer: await queryDoh({ name, type }, options), error: null };
    } catch (error) {
      if (error instanceof MtaStsError && error.code.startsWith("d")) return { answer: null, error };
      throw error;
    }
  };
  const [txt, tlsrpt, mx] = await Promise.all([
    ask(names.txtName, "TXT"),
    ask(names.tlsrptName, "TXT"),
    ask(names.domain, "MX"),
  ]);
  return { ...names, txt, tlsrpt, mx };
}

/**
 * Asks one question, by GET with `Accept: application/dns-message`: a simple request, for which
 * browsers need no preflight.
 *
 * @throws {@link MtaStsError} with a code that begins with `doh-` when the resolver gives no DNS
 * message, or one that begins with `dns-` when it gives the wrong one.
 */
export async function queryDoh<T extends RecordType>(
  question: DnsQuestion<T>,
  options: DohOptions,
): Promise<DnsAnswer<T>> {
  const { provider, fetch = globalThis.fetch, signal, timeout = 10_000 } = object(options, "options");
  const url = dohUrl(provider, encodeQuery(question));
  const late = AbortSignal.timeout(moment(timeout, "timeout"));
  const init: RequestInit = {
    headers: { accept: "application/dns-message" },
    signal: signal ? AbortSignal.any([signal, late]) : late,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "follow",
  };
  const message = await exchanged(fetch, url, init, late);
  return decodeAnswer(question, message);
}

/** The URL that asks a resolver for the answer to a query message (RFC 8484 §4.1). */
export function dohUrl(provider: string, query: Uint8Array): string {
  const base = text(provider, "provider").replace(/\{\?dns\}$/, "");
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw refused("provider must be the URL of a resolver, such as https://dns.example/dns-query");
  }
  url.searchParams.set("dns", toBase64Url(query));
  return url.href;
}

/** Octets in base64url without padding (RFC 4648 §5). */
export function toBase64Url(octets: Uint8Array): string {
  const binary = Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function exchanged(
  fetch: NonNullable<DohOptions["fetch"]>,
  url: string,
  init: RequestInit,
  late: AbortSignal,
): Promise<Uint8Array> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, init);
    if (response.status !== 200) {
      const message = `the resolver ${host} answered with HTTP status ${response.status}`;
      throw new MtaStsError("doh-status", message);
    }
    const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
    if (type !== "application/dns-message") {
      const message = `the resolver ${host} answered with ${type ?? "no media type"} instead of a DNS message`;
      throw new MtaStsError("doh-media-type", message);
    }
    return await limited(response);
  } catch (cause) {
    if (cause instanceof MtaStsError) throw cause;
    if (init.signal?.aborted && !late.aborted) throw cause;
    if (late.aborted) {
      throw new MtaStsError("doh-timeout", `the resolver ${host} did not answer in time`, { cause });
    }
    const message =
      `the resolver ${host} cannot be reached: check the connection, ` +
      "or whether something blocks the request, and try another resolver";
    throw new MtaStsError("doh-network", message, { cause });
  }
}

/** The body, unless it is longer than a DNS message can be. */
async function limited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    size += part.value.length;
    if (size > MAX_MESSAGE) {
      await reader?.cancel();
      throw new MtaStsError("dns-answer-malformed", "the answer is longer than a DNS message can be");
    }
    chunks.push(part.value);
  }
  const message = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    message.set(chunk, at);
    at += chunk.length;
  }
  return message;
}
