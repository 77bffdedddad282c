/**
 * What somebody wants to publish, as the form has it, and what comes of it.
 *
 * @module
 */
import {
  generate,
  parsePolicy,
  parseTlsRptRecord,
  MtaStsError,
  type Mode,
  type Octets,
  type Plan,
  type Policy,
  type Publication,
} from "mtasts/bytes";

/** The fields of the form. */
export interface Wish {
  readonly domain: string;
  /** Hosts or patterns, between white space or commas. */
  readonly mx: string;
  readonly mode: Mode;
  /** In seconds; `null` for what is usual in the mode. */
  readonly maxAge: number | null;
  /** Where reports go, between white space or commas; empty for no reports. */
  readonly rua: string;
}

/** A field of the form, as an error names it. */
export type Field = keyof Wish;

/** What comes of a wish. */
export type Outcome =
  | { readonly is: "plan"; readonly plan: Plan }
  | { readonly is: "refused"; readonly field: Field; readonly message: string };

const DAY = 86_400;
/** What is offered to choose from, in seconds. Without policy, a day to a week (RFC 8461 §8.3). */
export const MAX_AGES: Readonly<Record<Mode, readonly number[]>> = {
  enforce: [7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 180 * DAY, 365 * DAY],
  testing: [DAY, 7 * DAY, 14 * DAY, 30 * DAY],
  none: [DAY, 7 * DAY],
};

/** What is usual in each mode, as the engine has it. */
export const USUAL_MAX_AGE: Readonly<Record<Mode, number>> = { enforce: 14 * DAY, testing: 7 * DAY, none: DAY };

/** A wish for what a domain has already. */
export function wishFor(publication: Publication): Wish {
  const { domain = "", mx } = publication;
  const policy = policyOf(publication);
  const hosts = (mx?.hosts ?? []).map(({ host }) => host).filter((host) => host !== ".");
  const mode = policy?.mode ?? "testing";
  const maxAge = policy && isAllowed(policy) && policy.maxAge !== USUAL_MAX_AGE[mode] ? policy.maxAge : null;
  return {
    domain,
    mx: (hosts.length > 0 ? hosts : (policy?.mx ?? [])).join("\n"),
    mode,
    maxAge,
    rua: ruaOf(publication).join("\n"),
  };
}

function policyOf({ policy }: Publication): Policy | null {
  return policy === undefined ? null : accepted(() => parsePolicy(policy));
}

function isAllowed({ mode, maxAge }: Policy): boolean {
  return maxAge >= DAY && (mode !== "none" || maxAge <= 7 * DAY);
}

function ruaOf({ tlsrpt }: Publication): readonly string[] {
  const records = (tlsrpt?.records ?? []).filter(
    (record): record is Octets => typeof record === "string" || ArrayBuffer.isView(record),
  );
  return accepted(() => parseTlsRptRecord(records))?.rua ?? [];
}

function accepted<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof MtaStsError) return null;
    throw error;
  }
}

/** What to publish. */
export function outcomeOf(wish: Wish, now: number): Outcome {
  const { domain, mode, maxAge } = wish;
  if (domain.trim() === "") return { is: "refused", field: "domain", message: "Enter the mail domain, such as example.com." };
  try {
    const plan = generate({
      domain: domain.trim(),
      mx: hostsIn(wish.mx),
      mode,
      ...(maxAge !== null && { max_age: maxAge }),
      rua: words(wish.rua),
      now,
    });
    return { is: "plan", plan };
  } catch (error) {
    if (!(error instanceof MtaStsError)) throw error;
    return { is: "refused", ...located(error.message, wish) };
  }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** The hosts in a list that may come from an MX answer: `10 mx.example.com.` */
function hostsIn(text: string): string[] {
  return words(text).filter((word) => !/^\d+$/.test(word));
}

/** `mx[1]: …` is about the second host. */
function located(text: string, wish: Wish): { field: Field; message: string } {
  const found = /^(\w+)(?:\[(\d+)\])?: ([^]*)$/.exec(text);
  const fields: Readonly<Record<string, Field>> = { domain: "domain", mx: "mx", mode: "mode", max_age: "maxAge", rua: "rua" };
  const field = fields[found?.[1] ?? ""];
  if (!found || !field) return { field: "domain", message: sentence(text) };
  const [, , index, message = ""] = found;
  const list = field === "mx" ? hostsIn(wish.mx) : words(wish.rua);
  const item = index === undefined ? undefined : list[Number(index)];
  return { field, message: item === undefined ? sentence(message) : `“${shortened(item)}”: ${sentence(message)}` };
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What a domain publishes that has done all of a plan. */
export function publicationFor(plan: Plan, wish: Wish): Publication {
  const hosts = hostsIn(wish.mx).filter((host) => !host.startsWith("*"));
  return {
    domain: plan.domain,
    txt: { records: [plan.txt.value], ttl: plan.txt.ttl },
    policy: plan.policy.text,
    ...(plan.tlsrpt && { tlsrpt: { records: [plan.tlsrpt.value], ttl: plan.tlsrpt.ttl } }),
    ...(hosts.length > 0 && { mx: { hosts: hosts.map((host) => ({ host })) } }),
  };
}
