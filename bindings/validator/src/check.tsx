/**
 * The view that checks: the fields, and what is to be said to them.
 *
 * @module
 */
import type { HttpFacts, MxFacts, Publication, RecordSet } from "mtasts/bytes";
import { useMemo } from "preact/hooks";

import { Field } from "./editor/field.tsx";
import { Findings, located, marksIn } from "./findings/findings.tsx";
import { NotChecked } from "./findings/unchecked.tsx";
import { Hosts } from "./hosts/hosts.tsx";
import type { Field as Name } from "./state/input.ts";
import { subject, type Assessment } from "./state/state.ts";

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
  const domain = subject.value.name ?? "example.com";
  return (
    <div class="check">
      <section class="column" aria-labelledby="published-title">
        <div class="section-head">
          <h2 id="published-title">What is published</h2>
        </div>
        {SHOWN.map(({ name, label, hint, example, rows }) => (
          <Field key={name} name={name} label={label} hint={hint(domain)} example={example} rows={rows} marks={marks.get(name) ?? []}>
            <Known name={name} publication={assessment?.publication} />
          </Field>
        ))}
      </section>
      <div class="column remarks">
        {assessment ? (
          <>
            <Findings all={all} />
            <NotChecked all={assessment.report.unchecked} />
          </>
        ) : (
          <Primer />
        )}
      </div>
      {assessment && <Hosts assessment={assessment} />}
    </div>
  );
}

/** What it is all about, until there is something to say. */
function Primer() {
  return (
    <section class="primer" aria-labelledby="primer-title">
      <div class="section-head">
        <h2 id="primer-title">What senders look for</h2>
      </div>
      <ol>
        <li>
          <strong>The TXT record</strong> announces that there is a policy. Its id changes whenever the policy does.
        </li>
        <li>
          <strong>The policy</strong>, served over HTTPS, names the MX hosts, and says whether senders must insist on them.
        </li>
        <li>
          <strong>Each MX host</strong> needs a pattern that matches it, and a valid certificate for its own name.
        </li>
        <li>
          <strong>The TLSRPT record</strong> says where senders report what went wrong.
        </li>
      </ol>
      <p class="hint">Enter what you have. The findings appear here as you type, with buttons that mend them.</p>
    </section>
  );
}

/** What is known beside the text. */
function Known({ name, publication }: { readonly name: Shown["name"]; readonly publication: Publication | undefined }) {
  const said = publication && SAID[name]?.(publication);
  return said ? <p class="known">{said}</p> : null;
}

const SAID: Partial<Record<Name, (publication: Publication) => string>> = {
  txt: ({ txt }) => recordFacts(txt),
  tlsrpt: ({ tlsrpt }) => recordFacts(tlsrpt),
  mx: ({ mx }) => mxFacts(mx),
  http: ({ http }) => httpFacts(http),
};

function recordFacts(set: RecordSet | undefined): string {
  if (!set) return "";
  if (set.failure) return `The query failed (${set.failure}).`;
  if (!set.records?.length) return "There is no record.";
  const cname = set.cname ?? [];
  const facts = [
    set.ttl === undefined ? "" : `TTL ${set.ttl} s.`,
    cname.length > 0 ? `An alias of ${cname.join(", ")}.` : "",
  ];
  return facts.filter((fact) => fact !== "").join(" ");
}

function mxFacts(mx: MxFacts | undefined): string {
  if (!mx) return "";
  if (mx.failure) return `The query failed (${mx.failure}).`;
  return mx.hosts?.length === 0 ? "There is no MX record, so mail goes to the domain’s own address." : "";
}

function httpFacts(http: HttpFacts | undefined): string {
  if (http?.failure) return `The policy host does not answer (${http.failure}).`;
  const addresses = (http?.addresses ?? []).map(({ address }) => address);
  if (addresses.length === 0) return "";
  return `The policy host has the address${addresses.length === 1 ? "" : "es"} ${addresses.join(", ")}.`;
}
