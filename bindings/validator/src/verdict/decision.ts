/**
 * What a sender that knows nothing from before is told: the engine asked once.
 *
 * @module
 */
import { Engine, type Decision, type Publication } from "mtasts/bytes";

import { present } from "../timeline/scenario.ts";

/** What senders are told, in their MTAs' words. */
export interface Replies {
  readonly postfix: string;
  readonly postfixTlsRpt: string;
  readonly sendmail: string;
  /** What the state of the discovery makes senders report. */
  readonly result: string | null;
  /** The decision in a sentence. */
  readonly explanation: string;
}

/** A domain for replies that do not depend on it. */
const SOME_DOMAIN = "example.com";

/** What senders are told now. */
export function replies(publication: Publication): Replies {
  const domain = publication.domain ?? SOME_DOMAIN;
  const now = Date.now();
  const decision = decided(publication, domain, now);
  try {
    return {
      postfix: decision.render("postfix", domain, now),
      postfixTlsRpt: decision.render("postfix-tlsrpt", domain, now),
      sendmail: decision.render("sendmail", domain, now),
      result: decision.discoveryResult,
      explanation: decision.explain(now),
    };
  } finally {
    decision.free();
  }
}

function decided(publication: Publication, domain: string, now: number): Decision {
  const { txt, policy } = present(publication);
  const engine = new Engine();
  try {
    engine.resolve({ lookup: 1, domain, deadline: now + 60_000 }, now);
    for (let output = engine.pollOutput(); output; output = engine.pollOutput()) {
      if (output.kind === "query-txt") engine.txtAnswer(output.request, txt, now);
      else if (output.kind === "fetch-policy") engine.fetchAnswer(output.request, policy, now);
      else if (output.kind === "answer") return output.decision;
    }
    throw new Error("the engine did not answer");
  } finally {
    engine.free();
  }
}
