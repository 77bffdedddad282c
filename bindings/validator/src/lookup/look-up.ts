/**
 * Looks up what a domain publishes in DNS.
 *
 * @module
 */
import {
  lookupDoh,
  MtaStsError,
  publicationOf,
  queryDoh,
  type DnsAnswer,
  type DohLookup,
  type DohOptions,
  type DohResult,
  type HttpFacts,
  type MxFacts,
  type MxHostFacts,
  type Publication,
  type RecordType,
} from "mtasts/bytes";

import { troubleIn, troubleWith, type Trouble } from "./advice.ts";

/** What a lookup found. */
export interface Found {
  readonly publication: Publication;
  /** What came of each question, in words. */
  readonly rows: readonly Row[];
}

/** What came of a question. */
export interface Row {
  /** What was asked for. */
  readonly subject: string;
  readonly name: string;
  readonly outcome: "found" | "absent" | "failed";
  /** What was found. */
  readonly values: readonly string[];
  readonly trouble: Trouble | null;
}

/** Most MX hosts whose addresses are looked up. */
const MAX_HOSTS = 10;

/**
 * Looks up the records, the addresses of the policy host, and those of the MX hosts.
 *
 * @throws {@link MtaStsError} with a code that begins with `domain-` when the domain is none.
 */
export async function lookUp(domain: string, options: DohOptions): Promise<Found> {
  const lookup = await lookupDoh(domain, options);
  const [policyHost, mx] = await Promise.all([
    addresses(lookup.policyHost, options),
    mxFacts(lookup, options),
  ]);
  const publication = publicationOf(lookup);
  const http = httpFacts(policyHost);
  return {
    publication: {
      // What could not be asked is not known, so it is not there.
      domain: lookup.domain,
      ...(lookup.txt.answer && { txt: publication.txt }),
      ...(lookup.tlsrpt.answer && { tlsrpt: publication.tlsrpt }),
      ...(lookup.mx.answer && { mx: { ...publication.mx, ...mx } }),
      ...(http && { http }),
    },
    rows: [
      row("MTA-STS record", lookup.txtName, lookup.txt, text),
      row("MX records", lookup.domain, lookup.mx, ({ preference, host }) => `${preference} ${host || "."}`),
      row("TLSRPT record", lookup.tlsrptName, lookup.tlsrpt, text),
      hostRow(lookup.policyHost, policyHost),
    ],
  };
}

const utf8 = new TextDecoder();

function text(value: Uint8Array): string {
  return utf8.decode(value);
}

function row<T extends RecordType>(
  subject: string,
  name: string,
  result: DohResult<T>,
  shown: (record: DnsAnswer<T>["records"][number]) => string,
): Row {
  const trouble = result.answer ? troubleIn(result.answer.rcode) : troubleWith(result.error);
  const records = trouble ? [] : (result.answer?.records ?? []);
  const outcome = trouble ? "failed" : records.length > 0 ? "found" : "absent";
  return { subject, name, outcome, values: records.map(shown), trouble };
}

/** The addresses of a host. */
interface Addresses {
  readonly v4: DohResult<"A">;
  readonly v6: DohResult<"AAAA">;
}

async function addresses(name: string, options: DohOptions): Promise<Addresses> {
  const ask = async <T extends RecordType>(type: T): Promise<DohResult<T>> => {
    try {
      return { answer: await queryDoh({ name, type }, options), error: null };
    } catch (error) {
      if (error instanceof MtaStsError) return { answer: null, error };
      throw error;
    }
  };
  const [v4, v6] = await Promise.all([ask("A"), ask("AAAA")]);
  return { v4, v6 };
}

function all({ v4, v6 }: Addresses): string[] {
  return [...(v4.answer?.records ?? []), ...(v6.answer?.records ?? [])];
}

/** Whether the host certainly has no address. */
function hasNone(found: Addresses): boolean {
  const isClear = ({ answer }: DohResult<"A" | "AAAA">): boolean => answer !== null && troubleIn(answer.rcode) === null;
  return all(found).length === 0 && isClear(found.v4) && isClear(found.v6);
}

function httpFacts(found: Addresses): HttpFacts | null {
  const cname = (found.v4.answer ?? found.v6.answer)?.aliases ?? [];
  if (all(found).length > 0) return { cname, addresses: all(found).map((address) => ({ address })) };
  if (hasNone(found)) return { cname, failure: "no-address" };
  return found.v4.answer?.rcode === "SERVFAIL" ? { cname, failure: "dns-servfail" } : null;
}

function hostRow(name: string, found: Addresses): Row {
  const values = all(found);
  const failed = row<RecordType>("Policy host", name, found.v4.answer && !troubleIn(found.v4.answer.rcode) ? found.v6 : found.v4, String);
  if (values.length > 0) return { ...failed, outcome: "found", values, trouble: null };
  return hasNone(found) ? { ...failed, outcome: "absent" } : failed;
}

/** The MX hosts with what their names lead to. */
async function mxFacts({ mx }: DohLookup, options: DohOptions): Promise<MxFacts> {
  const records = mx.answer?.records ?? [];
  const hosts = await Promise.all(
    records.map(async ({ preference, host }, index): Promise<MxHostFacts> => {
      // The null MX has no address.
      if (host === "") return { host: ".", preference };
      if (index >= MAX_HOSTS) return { host, preference };
      const found = await addresses(host, options);
      const cname = (found.v4.answer ?? found.v6.answer)?.aliases.at(-1);
      const isKnown = all(found).length > 0 || hasNone(found);
      return {
        host,
        preference,
        ...(cname !== undefined && { cname }),
        ...(isKnown && { has_address: all(found).length > 0 }),
      };
    }),
  );
  return { hosts };
}
