/**
 * What was not checked: nothing speaks for it being right.
 *
 * @module
 */
import type { Unchecked } from "mtasts/bytes";

import { Code } from "../ui/code.tsx";
import { Words } from "../ui/words.tsx";

const SUBJECTS: Record<Unchecked["subject"], string> = {
  txt: "TXT record",
  policy: "Policy",
  http: "Web server",
  certificate: "Certificate of the policy host",
  mx: "MX hosts",
  smtp: "TLS of the MX hosts",
  tlsrpt: "TLSRPT record",
  dane: "DANE",
};

export function NotChecked({ all }: { readonly all: readonly Unchecked[] }) {
  if (all.length === 0) return null;
  const commands = [...new Set(all.map(({ command }) => command))];
  return (
    <section aria-labelledby="unchecked-title" class="unchecked" id="unchecked">
      <h2 id="unchecked-title">Not checked</h2>
      <ul>
        {all.map(({ subject, message }) => (
          <li key={`${subject} ${message}`}>
            <strong>{SUBJECTS[subject]}</strong>
            <span>
              <Words text={message} />
            </span>
          </li>
        ))}
      </ul>
      <p class="hint">The command line looks at what a page cannot:</p>
      {commands.map((command) => (
        <Code key={command} what="command" text={command} />
      ))}
    </section>
  );
}
