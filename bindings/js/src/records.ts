/**
 * TXT records of MTA-STS and TLSRPT.
 *
 * @module
 */
import { octetsList, type Octets } from "./arguments.js";
import { call } from "./module.js";

/** What a valid `_mta-sts` TXT record says. */
export interface StsRecord {
  /** The id of the policy that is published: 1 to 32 letters and digits. Ids have no order. */
  readonly id: string;
}

/** What a valid `_smtp._tls` TXT record says. */
export interface TlsRptRecord {
  /** The `mailto:` and `https:` URIs that reports go to, as published and in order. */
  readonly rua: readonly string[];
}

/**
 * Selects the MTA-STS record from the answer to a TXT query and reads it (RFC 8461 §3.1).
 *
 * @param records all TXT records of the answer, each with its character-strings joined without a
 * space.
 * @throws {@link MtaStsError} with a code that begins with `record-` when there is not exactly one
 * record that begins with `v=STSv1;`, or it is invalid. To a sender all of these are the same: no
 * policy is announced.
 */
export function parseRecord(records: readonly Octets[]): StsRecord {
  const list = octetsList(records, "records");
  return { id: call((module) => module.selectRecord(list)) };
}

/**
 * Selects the TLSRPT record from the answer to a TXT query and reads it (RFC 8460 §3).
 *
 * @param records as for {@link parseRecord}.
 * @throws {@link MtaStsError} with a code that begins with `tlsrpt-` when there is not exactly one,
 * it is invalid, or it names no URI that a report can be sent to.
 */
export function parseTlsRptRecord(records: readonly Octets[]): TlsRptRecord {
  const list = octetsList(records, "records");
  return { rua: call((module) => module.selectTlsRptRecord(list) as string[]) };
}
