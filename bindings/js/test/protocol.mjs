// The face protocol (vectors/FACES.md): requests of conformance vectors, answered by this package. Runs
// in Node and in browsers alike.

/** A driver: takes a request, gives the reply. `mtasts` is the package. */
export function driver(mtasts, name) {
  let engine;
  let last;

  const requests = {
    face: () => `ok name=${name} version=${mtasts.version()}`,
    txt: (tokens) => read(() => `ok id=${hex(mtasts.parseRecord(tokens.rest()).id)}`),
    tlsrpt: (tokens) => read(() => members("rua", mtasts.parseTlsRptRecord(tokens.rest()).rua)),
    policy: (tokens) => read(() => policy(mtasts.parsePolicy(tokens.octets()))),
    response: (tokens) => {
      const response = tokens.response();
      const maxBytes = tokens.number();
      return read(() => policy(mtasts.readResponse(response, maxBytes)));
    },
    mxmatch: (tokens) => `ok match=${Number(mtasts.matches(tokens.text(), tokens.text()))}`,
    lint: (tokens) => {
      const publication = tokens.text();
      return refuse(() => `ok findings=${hex(mtasts.lintJson(publication))}`);
    },
    engine: (tokens) => {
      const settings = tokens.words().map((word) => {
        const [key, value] = word.split("=");
        return [key.replace(/_./g, (part) => part[1].toUpperCase()), Number(value)];
      });
      engine?.free();
      engine = new mtasts.Engine({ seed: 0, ...Object.fromEntries(settings) });
      return "ok";
    },
    lookup: (tokens) => found(engine.lookup(tokens.text(), tokens.number())),
    peek: (tokens) => found(engine.peek(tokens.text(), tokens.number())),
    resolve: (tokens) => done(engine.resolve(tokens.question(), tokens.number())),
    recheck: (tokens) => done(engine.recheck(tokens.question(), tokens.number())),
    cancel: (tokens) => done(engine.cancel(tokens.number(), tokens.number())),
    txt_answer: (tokens) => {
      const [request, now] = [tokens.number(), tokens.number()];
      const answer =
        tokens.word() === "ok"
          ? { ttl: tokens.number(), records: tokens.rest() }
          : { failure: tokens.word(), detail: tokens.text() };
      return done(engine.txtAnswer(request, answer, now));
    },
    fetch_answer: (tokens) => {
      const [request, now] = [tokens.number(), tokens.number()];
      const answer =
        tokens.word() === "ok"
          ? tokens.response()
          : { failure: tokens.word(), detail: tokens.text() };
      return done(engine.fetchAnswer(request, answer, now));
    },
    loaded: (tokens) => {
      const [request, now] = [tokens.number(), tokens.number()];
      return done(engine.loaded(request, tokens.cached(), now));
    },
    stored: (tokens) => done(engine.stored(tokens.number(), tokens.number())),
    restore: (tokens) => {
      const [domain, now] = [tokens.text(), tokens.number()];
      return done(engine.restore(domain, tokens.cached(), now));
    },
    timeout: (tokens) => done(engine.handleTimeout(tokens.number())),
    next: () => {
      const wake = engine.pollTimeout();
      return wake ? `ok at=${wake.at} reason=${wake.reason}` : "none";
    },
    poll: () => {
      const output = engine.pollOutput();
      return output ? `ok ${outputs[output.kind](output)}` : "none";
    },
    judge: (tokens) => {
      const [host, starttls] = [tokens.text(), tokens.word() === "1"];
      const [certificate, dane] = [tokens.word(), tokens.word()];
      const { verdict, report } = last.judge(host, { starttls, certificate, dane });
      return `ok verdict=${verdict} report=${report ?? "-"}`;
    },
  };

  const errand = ({ kind, request, domain }) => `kind=${kind} request=${request} domain=${hex(domain)}`;
  const outputs = {
    "query-txt": (output) => `${errand(output)} name=${hex(output.name)} deadline=${output.deadline}`,
    "fetch-policy": (output) =>
      `${errand(output)} host=${hex(output.host)} path=${hex(output.path)} ` +
      `deadline=${output.deadline} max_bytes=${output.maxBytes}`,
    load: errand,
    store: (output) => {
      const { policy, id, fetchedAt, lastUsed } = output.cached;
      return (
        `${errand(output)} id=${hex(id)} fetched_at=${fetchedAt} last_used=${lastUsed} ` +
        `policy=${hex(policy)}`
      );
    },
    remove: ({ domain }) => `kind=remove domain=${hex(domain)}`,
    answer: ({ lookup, decision, bounce }) =>
      `kind=answer lookup=${lookup} bounce=${bounce ?? "-"} ${ruling(decision)}`,
    alert: ({ domain }) => `kind=alert domain=${hex(domain)}`,
  };

  /** The tokens of a decision, which is the one that `judge` is about from now on. */
  function ruling(decision) {
    last = decision;
    const { kind, policy, failure, discoveryResult } = decision;
    const tokens = [`decision=${kind}`];
    if (policy) {
      tokens.push(
        `source=${policy.source}`,
        `id=${hex(policy.id)}`,
        `fetched_at=${policy.fetchedAt}`,
        `expires_at=${policy.expiresAt}`,
        ...policy.mx.map((pattern) => `mx=${hex(pattern)}`),
      );
    }
    if (failure) tokens.push(`failure=${failure.code}`, `failure_at=${failure.at}`);
    if (discoveryResult) tokens.push(`result=${discoveryResult}`);
    return tokens.join(" ");
  }

  const found = (decision) => (decision ? `ok ${ruling(decision)}` : "none");

  const codeOf = (error) => {
    if (error instanceof mtasts.MtaStsError && error.code !== "module-failed") return error.code;
    throw error;
  };
  const attempt = (word) => (use) => {
    try {
      return use();
    } catch (error) {
      return `${word} ${codeOf(error)}`;
    }
  };
  const read = attempt("none");
  const refuse = attempt("err");

  return (line) => {
    try {
      const [verb, ...words] = line.split(" ");
      const request = Object.hasOwn(requests, verb) ? requests[verb] : undefined;
      if (!request) return `bad ${verb} is no request`;
      const tokens = new Tokens(words);
      const reply = refuse(() => request(tokens));
      return tokens.words().length > 0 && reply.startsWith("ok") ? "bad too many tokens" : reply;
    } catch (error) {
      return `bad ${error}`.replace(/[^ -~]/g, " ");
    }
  };
}

const done = () => "ok";

function policy({ mode, maxAge, mx, deviations }) {
  const patterns = mx.map((pattern) => ` mx=${hex(pattern)}`).join("");
  return `ok mode=${mode} max_age=${maxAge}${patterns} deviations=${deviations.length}`;
}

function members(name, texts) {
  return ["ok", ...texts.map((text) => `${name}=${hex(text)}`)].join(" ");
}

/** Octets, or the UTF-8 of a text, as the protocol writes them. */
export function hex(octets) {
  const bytes = typeof octets === "string" ? new TextEncoder().encode(octets) : octets;
  return `x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

class Tokens {
  #words;

  constructor(words) {
    this.#words = words;
  }

  word() {
    const word = this.#words.shift();
    if (word === undefined) throw new Error("the request ends early");
    return word;
  }

  words() {
    return this.#words.splice(0);
  }

  number() {
    const word = this.word();
    if (!/^\d+$/.test(word)) throw new Error(`${word} is no number`);
    return Number(word);
  }

  octets() {
    return octetsOf(this.word());
  }

  /** What is not UTF-8 becomes U+FFFD, which no name has. */
  text() {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.octets());
  }

  rest() {
    return this.words().map(octetsOf);
  }

  response() {
    const status = this.number();
    const type = this.word();
    const contentType = type === "-" ? null : new TextDecoder().decode(octetsOf(type));
    return { status, contentType, body: this.octets() };
  }

  question() {
    const lookup = this.number();
    const domain = this.text();
    return { lookup, domain, deadline: this.number() };
  }

  cached() {
    const id = this.word();
    if (id === "-") return null;
    const [fetchedAt, lastUsed] = [this.number(), this.number()];
    return { id: new TextDecoder().decode(octetsOf(id)), fetchedAt, lastUsed, policy: this.octets() };
  }
}

function octetsOf(word) {
  if (!/^x(?:[0-9a-f]{2})*$/.test(word)) throw new Error(`${word.slice(0, 40)} is no octets`);
  return Uint8Array.from(word.slice(1).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
