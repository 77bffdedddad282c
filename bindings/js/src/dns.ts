/**
 * DNS messages, for hosts that have a socket or DNS over HTTPS.
 *
 * @module
 */
import { object, octets, text, whole } from "./arguments.js";
import { call } from "./module.js";

/** An MX record. */
export interface MxRecord {
  /** The host with the least is tried first. */
  readonly preference: number;
  /** The host in lower case, without the root dot; empty is the null MX (RFC 7505). */
  readonly host: string;
}

/** A TLSA record (RFC 6698 §2.1). */
export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: Uint8Array;
}

/** What a record of each type holds. */
export interface RecordData {
  /** The character-strings, joined without a space. */
  TXT: Uint8Array;
  /** An IPv4 address. */
  A: string;
  /** An IPv6 address. */
  AAAA: string;
  MX: MxRecord;
  TLSA: TlsaRecord;
}

/** The types of records that can be asked for. */
export type RecordType = keyof RecordData;

/** A question to a resolver. */
export interface DnsQuestion<T extends RecordType = RecordType> {
  /** The name, as A-labels. */
  readonly name: string;
  readonly type: T;
  /**
   * The id of the message: 0 to 65535. Over UDP it should be one that others cannot guess; over HTTPS
   * 0, which is what it is unless given, lets caches work (RFC 8484 §4.1).
   */
  readonly id?: number;
  /** Whether to ask for signatures (DO). */
  readonly dnssec?: boolean;
}

/** What a resolver has answered. */
export interface DnsAnswer<T extends RecordType = RecordType> {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, or another one. */
  readonly rcode: string;
  /** The CNAME targets that lead to the records, in order. */
  readonly aliases: readonly string[];
  /** The records at the end of the CNAME chain; none if the name or the type does not exist. */
  readonly records: readonly RecordData[T][];
  /** The smallest TTL of the chain and its records or, without records, the negative TTL, in seconds. */
  readonly ttl: number;
  /** The message was cut short: ask again over TCP. */
  readonly isTruncated: boolean;
  /**
   * The resolver says that it has validated the answer (AD). Believe it only from a resolver that is
   * trusted over a trusted path (RFC 4035 §4.9.3).
   */
  readonly isAuthentic: boolean;
}

/**
 * The query message.
 *
 * @throws {@link MtaStsError} `dns-name-invalid` when DNS cannot carry the name.
 */
export function encodeQuery(question: DnsQuestion): Uint8Array<ArrayBuffer> {
  const { name, type, id, dnssec } = checked(question);
  return call((module) => module.encodeQuery(name, type, id, dnssec) as Uint8Array<ArrayBuffer>);
}

/**
 * Reads the answer to a question.
 *
 * @throws {@link MtaStsError} `dns-answer-foreign` when the message has another id, answers another
 * question, or is no response: over UDP it may be forged or late, so go on waiting;
 * `dns-answer-malformed` when it cannot be read.
 */
export function decodeAnswer<T extends RecordType>(
  question: DnsQuestion<T>,
  message: Uint8Array,
): DnsAnswer<T> {
  const { name, type, id } = checked(question);
  const bytes = octets(message, "message");
  return call((module) => module.decodeAnswer(name, type, id, bytes) as DnsAnswer<T>);
}

function checked(question: DnsQuestion): Required<DnsQuestion> {
  const { name, type, id = 0, dnssec = false } = object(question, "question");
  return {
    name: text(name, "name"),
    type: text(type, "type") as RecordType,
    id: whole(id, 0xffff, "id"),
    dnssec: dnssec === true,
  };
}
