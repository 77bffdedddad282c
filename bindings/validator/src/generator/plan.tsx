/**
 * What to publish, ready to be copied, and in which order.
 *
 * @module
 */
import type { Plan, Step, TxtPlan } from "mtasts/bytes";
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import { Choice } from "../ui/choice.tsx";
import { Code } from "../ui/code.tsx";
import { Copy } from "../ui/copy.tsx";
import { Words } from "../ui/words.tsx";
import { download } from "./download.ts";

export function PlanView({ plan, onUse }: { readonly plan: Plan; readonly onUse: () => void }) {
  return (
    <div class="plan">
      <p class="plan-use">
        <button type="button" class="primary" onClick={onUse}>
          Check this
        </button>{" "}
        Takes the records and the policy over into the check, as though they were published.
      </p>
      <Part title="TXT record">
        <Record what="the TXT record" record={plan.txt} />
      </Part>
      <Part title="Policy">
        <p>
          To be served at <code>{plan.policy.url}</code>
        </p>
        <Code what="the policy" text={plan.policy.text} />
        <button type="button" onClick={() => download("mta-sts.txt", plan.policy.text)}>
          Download mta-sts.txt
        </button>
      </Part>
      <Part title="Web server">
        <Servers servers={plan.servers} />
      </Part>
      {plan.tlsrpt && (
        <Part title="TLSRPT record">
          <Record what="the TLSRPT record" record={plan.tlsrpt} />
        </Part>
      )}
      <Part title="In this order">
        <Steps key={plan.occasion} plan={plan} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section aria-labelledby={id} class="plan-part">
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

type RecordForm = "provider" | "zone" | "dig";
const RECORD_FORMS = [
  { id: "provider", title: "DNS provider’s form" },
  { id: "zone", title: "Zone file" },
  { id: "dig", title: "Check with dig" },
] as const;

function Record({ what, record }: { what: string; record: TxtPlan }) {
  const [form, choose] = useState<RecordForm>("provider");
  return (
    <>
      <Choice legend={`Form of ${what}`} isLegendUnseen choices={RECORD_FORMS} chosen={form} onChoose={choose} />
      {form === "provider" ? (
        <ProviderForm what={what} record={record} />
      ) : (
        <Code what={form === "zone" ? `${what} in a zone file` : `the command that shows ${what}`} text={record[form]} />
      )}
    </>
  );
}

function ProviderForm({ what, record: { provider } }: { what: string; record: TxtPlan }) {
  const members = [
    ["Name", provider.name],
    ["Type", provider.type],
    ["Value", provider.value],
    ["TTL", String(provider.ttl)],
  ] as const;
  return (
    <dl class="plan-provider">
      {members.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <code>{value}</code> <Copy what={`${title} of ${what}`} text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

type Server = keyof Plan["servers"];
const SERVERS = [
  { id: "nginx", title: "nginx" },
  { id: "apache", title: "Apache" },
  { id: "caddy", title: "Caddy" },
] as const;

function Servers({ servers }: { servers: Plan["servers"] }) {
  const [server, choose] = useState<Server>("nginx");
  return (
    <>
      <Choice legend="Web server" isLegendUnseen choices={SERVERS} chosen={server} onChoose={choose} />
      <Code what={`the configuration of ${server}`} text={servers[server]} />
    </>
  );
}

type Occasion = keyof Plan["steps"];
const OCCASIONS = [
  { id: "publish", title: "The first policy" },
  { id: "change", title: "Another policy" },
  { id: "withdraw", title: "No policy any more" },
] as const;

function Steps({ plan }: { plan: Plan }) {
  const [occasion, choose] = useState<Occasion>(plan.occasion);
  return (
    <>
      <Choice legend="Occasion" isLegendUnseen choices={OCCASIONS} chosen={occasion} onChoose={choose} />
      <ol class="plan-steps">
        {plan.steps[occasion].map((step) => (
          <StepView key={step.title} step={step} />
        ))}
      </ol>
    </>
  );
}

function StepView({ step: { title, text, command } }: { step: Step }) {
  return (
    <li>
      <b>
        <Words text={title} />
      </b>
      <p>
        <Words text={text} />
      </p>
      {command !== null && <Code what={`the command: ${title}`} text={command} />}
    </li>
  );
}
