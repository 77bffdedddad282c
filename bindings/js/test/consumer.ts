// A program that uses the package, to be checked by `tsc --strict`. It is run, too.
import {
  DOH_PROVIDERS,
  Engine,
  MtaStsError,
  decide,
  decodeAnswer,
  encodeQuery,
  generate,
  init,
  lint,
  lookupDoh,
  parsePolicy,
  parseRecord,
  type Decision,
  type DohLookup,
  type ErrorCode,
  type Finding,
  type MxRecord,
  type Output,
} from "mtasts";
import { initSync } from "mtasts/bytes";

await init();
initSync(new Uint8Array());

const id: string = parseRecord(["v=STSv1; id=1;"]).id;
const policy = parsePolicy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n");
const decision: Decision = decide(policy.text, { id, fetchedAt: 0 });

function name(output: Output): string {
  switch (output.kind) {
    case "query-txt":
      return output.name;
    case "fetch-policy":
      return `https://${output.host}${output.path}`;
    case "store":
      return output.cached.policy;
    case "answer":
      return output.decision.policy?.id ?? output.decision.kind;
    case "load":
    case "remove":
    case "alert":
      return output.domain;
    default: {
      const none: never = output;
      return none;
    }
  }
}

const engine = new Engine({ store: false });
engine.resolve({ lookup: 1, domain: "example.com", deadline: 1 }, 0);
const output = engine.pollOutput();
if (output === null || name(output) !== "_mta-sts.example.com") throw new Error("no query");

const findings: readonly Finding[] = lint({ policy: policy.text }).findings;
const later = (): Promise<DohLookup> => lookupDoh("example.com", { provider: DOH_PROVIDERS.google });
const mx = (message: Uint8Array): readonly MxRecord[] =>
  decodeAnswer({ name: "example.com", type: "MX" }, message).records;
const query: Uint8Array = encodeQuery({ name: "example.com", type: "MX" });

let code: ErrorCode | undefined;
try {
  generate({ domain: "example.com" });
} catch (error) {
  if (error instanceof MtaStsError) code = error.code;
}

// What must not compile.
// @ts-expect-error a mode is no verdict
const judged = () => decision.judge("mx.example.com", { starttls: true, certificate: "good" });
// @ts-expect-error members are not written to
const written = () => (decision.policy = null);
// @ts-expect-error there is no such type of record
const wrong = () => encodeQuery({ name: "example.com", type: "SRV" });
// @ts-expect-error there is no such member
const misspelt = () => lint({ polcy: "" });

console.log(decision.kind, findings.length, code, typeof later, typeof mx, query.length > 12, typeof wrong, typeof misspelt, typeof judged, typeof written);
