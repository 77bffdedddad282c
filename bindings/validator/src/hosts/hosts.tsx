/**
 * MX hosts against the patterns of the policy, and a box to try other names.
 *
 * @module
 */
import { useMemo } from "preact/hooks";

import { matches, parsePolicy, type DecisionKind, type Verdict } from "mtasts/bytes";

import { input, setField, type Assessment } from "../state/state.ts";

/** More patterns than this are not columns but words. */
const MOST_COLUMNS = 6;
/** Most hosts and patterns that are shown. */
const MOST = 50;

const IF_VALID = "Whether a host has a valid certificate for its name was not checked; this is what follows if it has.";
const UNGOVERNED = "No policy governs now, so mail goes to every host.";

/** Under what condition mail is delivered, or not. */
const CAVEATS: Record<DecisionKind, string> = {
  enforce: IF_VALID,
  testing: `In mode testing, mail goes to every host, and failures are reported. ${IF_VALID}`,
  none: UNGOVERNED,
  "no-policy": UNGOVERNED,
  "temp-fail": UNGOVERNED,
};

type Judged = Verdict["mx"][number];

/** The patterns of a policy that is one. */
function patternsOf(policy: string): readonly string[] {
  try {
    return parsePolicy(policy.toWellFormed()).mx;
  } catch {
    return [];
  }
}

export function Hosts({ assessment }: { readonly assessment: Assessment }) {
  const { policy } = assessment.input;
  const patterns = useMemo(() => patternsOf(policy), [policy]);
  const judged = assessment.report.verdict.mx.slice(0, MOST);
  const unused = patterns.filter((pattern) => !judged.some(({ host }) => matches(pattern, host)));
  return (
    <section aria-labelledby="hosts-title" class="hosts">
      <h2 id="hosts-title">MX hosts and patterns</h2>
      {patterns.length === 0 ? (
        <p class="hint">There is no valid policy with MX patterns here.</p>
      ) : (
        <>
          {judged.length > 0 && (
            <>
              <Matrix judged={judged} patterns={patterns} />
              <p class="hint">{CAVEATS[assessment.report.verdict.decision ?? "no-policy"]}</p>
            </>
          )}
          {judged.length > 0 && unused.length > 0 && (
            <p class="hint">
              No MX host is matched by {unused.slice(0, MOST).map((pattern, index) => [index > 0 && ", ", <code key={pattern}>{pattern}</code>])}.
            </p>
          )}
          {judged.length === 0 && <p class="hint">The MX hosts are not known. Enter them, or try a name.</p>}
        </>
      )}
      <Trial patterns={patterns} />
    </section>
  );
}

function Matrix({ judged, patterns }: { readonly judged: readonly Judged[]; readonly patterns: readonly string[] }) {
  const columns = patterns.length <= MOST_COLUMNS ? patterns : [];
  return (
    <div class="scroll" role="region" aria-label="MX hosts against patterns" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">MX host</th>
            {columns.length > 0 ? columns.map((pattern) => <th key={pattern} scope="col"><code>{pattern}</code></th>) : <th scope="col">Pattern</th>}
            <th scope="col">Mail</th>
          </tr>
        </thead>
        <tbody>
          {judged.map(({ host, pattern: first, delivers, report }, index) => (
            <tr key={index}>
              <th scope="row">
                <code>{host}</code>
              </th>
              {columns.length > 0 ? columns.map((pattern) => <Cell key={pattern} isMatch={matches(pattern, host)} />) : <td>{first === null ? "none" : <code>{first}</code>}</td>}
              <td class={delivers ? "" : "refused"}>
                {delivers ? "delivered" : "not delivered"}
                {report !== null && <>, reported as <code>{report}</code></>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ isMatch }: { readonly isMatch: boolean }) {
  return (
    <td class="mark">
      <span aria-hidden="true">{isMatch ? "●" : "·"}</span>
      <span class="unseen">{isMatch ? "matches" : "does not match"}</span>
    </td>
  );
}

function Trial({ patterns }: { readonly patterns: readonly string[] }) {
  const { host } = input.value;
  const name = host.trim().replace(/\.$/, "").toWellFormed();
  const found = name === "" ? [] : patterns.filter((pattern) => matches(pattern, name));
  return (
    <div class="trial">
      <label for="host">Try the name of an MX host</label>
      <input
        id="host"
        class="input"
        type="text"
        value={host}
        placeholder="mx1.example.com"
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        onInput={({ currentTarget: field }) => {
          if (!setField("host", field.value)) field.value = input.peek().host;
        }}
      />
      <p role="status" class={name === "" || patterns.length === 0 ? "hint" : found.length > 0 ? "yes" : "no"}>
        {name === ""
          ? "Case does not matter. * stands for exactly one label."
          : patterns.length === 0
            ? "There is no valid policy to test it against."
            : found.length > 0
              ? <>Matched by {found.slice(0, 5).map((pattern, index) => [index > 0 && ", ", <code key={pattern}>{pattern}</code>])}.</>
              : "No pattern matches: senders that enforce the policy do not deliver to this host."}
      </p>
    </div>
  );
}
