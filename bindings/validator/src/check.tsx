/**
 * The view that checks: the fields, and what is to be said to them.
 *
 * @module
 */
import type { RecordSet } from "mtasts/bytes";
import { useMemo } from "preact/hooks";

import { Field } from "./editor/field.tsx";
import { Findings, located, marksIn } from "./findings/findings.tsx";
import { NotChecked } from "./findings/unchecked.tsx";
import { Hosts } from "./hosts/hosts.tsx";
import type { Field as Name } from "./state/input.ts";
import { input, subject, type Assessment } from "./state/state.ts";

interface Shown {
  readonly name: Exclude<Name, "domain" | "host">;
  readonly label: string;
  readonly hint: (domain: string) => string;
  readonly example: string;
  readonly rows: number;
}

const SHOWN: readonly Shown[] = [
  { name: "txt", label: "TXT record", hint: (domain) => `at _mta-sts.${domain}`, example: "v=STSv1; id=20261128T120000;", rows: 1 },
  { name: "policy", label: "Policy", hint: (domain) => `https://mta-sts.${domain}/.well-known/mta-sts.txt`, example: "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800", rows: 6 },
  { name: "mx", label: "MX hosts", hint: () => "one on a line", example: "10 mx1.example.com\n20 mx2.example.com", rows: 3 },
  { name: "tlsrpt", label: "TLSRPT record", hint: (domain) => `at _smtp._tls.${domain}`, example: "v=TLSRPTv1; rua=mailto:tls-reports@example.com", rows: 1 },
  { name: "http", label: "HTTP header", hint: () => "of the policy’s response, from curl -si", example: "HTTP/2 200\ncontent-type: text/plain", rows: 2 },
];

export function Check({ assessment }: { readonly assessment: Assessment | null }) {
  const all = useMemo(() => (assessment ? located(assessment) : []), [assessment]);
  const marks = useMemo(() => new Map(SHOWN.map(({ name }) => [name, marksIn(name, all)])), [all]);
  const domain = subject.value.name ?? "the domain";
  return (
    <div class="check">
      <section class="column" aria-labelledby="published-title">
        <div class="section-head">
          <h2 id="published-title">What is published</h2>
        </div>
        {SHOWN.map(({ name, label, hint, example, rows }) => (
          <Field key={name} name={name} label={label} hint={hint(domain)} example={example} rows={rows} marks={marks.get(name) ?? []}>
            <Known name={name} />
          </Field>
        ))}
      </section>
      <div class="column">
        {assessment && (
          <>
            <Findings all={all} />
            <NotChecked all={assessment.report.unchecked} />
            <Hosts assessment={assessment} />
          </>
        )}
      </div>
    </div>
  );
}

/** What is known beside the text. */
function Known({ name }: { readonly name: Shown["name"] }) {
  const { known } = input.value;
  const said = name === "policy" ? null : name === "txt" || name === "tlsrpt" ? recordFacts(known[name]) : name === "mx" ? mxFacts(known.mx) : httpFacts(known.http);
  return said === null || said === "" ? null : <p class="known">{said}</p>;
}

function recordFacts(set: RecordSet | undefined): string | null {
  if (!set) return null;
  if (set.failure) return `The query failed (${set.failure}).`;
  if (!set.records?.length) return "There is no record.";
  const { ttl, cname = [] } = set;
  return [ttl === undefined ? "" : `TTL ${ttl} s.`, cname.length > 0 ? `An alias of ${cname.join(", ")}.` : ""].filter(Boolean).join(" ");
}

function mxFacts(mx: { failure?: string; hosts?: readonly unknown[] } | undefined): string | null {
  if (!mx) return null;
  if (mx.failure) return `The query failed (${mx.failure}).`;
  return mx.hosts?.length === 0 ? "There is no MX record, so mail goes to the domain’s own address." : null;
}

function httpFacts(http: { failure?: string; addresses?: readonly { address: string }[] } | undefined): string | null {
  if (!http) return null;
  if (http.failure) return `The policy host does not answer (${http.failure}).`;
  const addresses = http.addresses ?? [];
  return addresses.length === 0 ? null : `The policy host has ${addresses.length === 1 ? "the address" : "the addresses"} ${addresses.map(({ address }) => address).join(", ")}.`;
}
