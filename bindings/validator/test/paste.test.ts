import assert from "node:assert/strict";
import test from "node:test";

import { textOf } from "../src/paste/file.ts";
import { MAX_TEXT, recognise, type Recognised } from "../src/paste/recognise.ts";

type Read = Extract<Recognised, { is: "read" }>;

function read(text: string): Read {
  const found = recognise(text);
  assert.equal(found.is, "read", `not read: ${text.slice(0, 80)}: ${JSON.stringify(found)}`);
  return found as Read;
}

const POLICY = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n";

const DIG = `
; <<>> DiG 9.18.24-1-Debian <<>> TXT _mta-sts.example.com
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 54316
;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;_mta-sts.example.com.		IN	TXT

;; ANSWER SECTION:
_mta-sts.example.com.	3600	IN	CNAME	_mta-sts.provider.example.
_mta-sts.provider.example. 300	IN	TXT	"v=STSv1; " "id=20261128;"

;; Query time: 12 msec
;; SERVER: 127.0.0.1#53(127.0.0.1) (UDP)
;; WHEN: Sat Nov 28 03:45:18 UTC 2026
;; MSG SIZE  rcvd: 113
`;

test("dig's answer gives the record with its strings, TTL and aliases", () => {
  const { publication, notes } = read(DIG);
  assert.deepEqual(publication, {
    domain: "example.com",
    txt: { records: [["v=STSv1; ", "id=20261128;"]], ttl: 300, cname: ["_mta-sts.provider.example"] },
  });
  assert.deepEqual(notes, []);
});

test("dig's answer without records says why", () => {
  const answer = (status: string) => DIG.replace("NOERROR", status).replace("ANSWER: 2", "ANSWER: 0")
    .replace(/;; ANSWER SECTION:[^;]*"id=20261128;"\n/, "").replace(/_mta-sts\.(example\.com|provider).*(CNAME|TXT)\t".*\n/g, "");
  const empty = answer("NXDOMAIN").replace(/^_mta-sts.*\n/gm, "");
  assert.deepEqual(read(empty).publication, { domain: "example.com", txt: { records: [] } });
  const failed = answer("SERVFAIL").replace(/^_mta-sts.*\n/gm, "");
  assert.deepEqual(read(failed).publication, { domain: "example.com", txt: { failure: "servfail", records: [] } });
  const late = "$ dig TXT _mta-sts.example.com\n;; communications error to 192.0.2.1#53: timed out\n;; no servers could be reached\n";
  assert.equal(read(late).publication.txt?.failure, "timeout");
});

test("quotes and semicolons that a DNS provider stored stay in the value", () => {
  const stored = read('_mta-sts.example.com. 300 IN TXT "\\"v=STSv1\\; id=1\\;\\""').publication.txt;
  assert.deepEqual(stored?.records, ['"v=STSv1; id=1;"']);
  const escaped = read('_mta-sts.example.com. 300 IN TXT "v=STSv1\\\\; id=1\\\\;"').publication.txt;
  assert.deepEqual(escaped?.records, ["v=STSv1\\; id=1\\;"]);
  assert.deepEqual(read('_mta-sts.example.com. 300 IN TXT "v=STSv1; id=\\195\\1641"').publication.txt?.records, ["v=STSv1; id=ä1"]);
});

test("dig +short needs its command only to tell whose records they are", () => {
  assert.deepEqual(read('"v=STSv1; id=1;"\n').publication, { txt: { records: ["v=STSv1; id=1;"] } });
  assert.deepEqual(read('"v=TLSRPTv1; rua=mailto:tls@example.com"').publication, {
    tlsrpt: { records: ["v=TLSRPTv1; rua=mailto:tls@example.com"] },
  });
  assert.deepEqual(read("10 mx1.example.com.\n20 MX2.example.com.\n").publication, {
    mx: { hosts: [{ host: "mx1.example.com", preference: 10 }, { host: "mx2.example.com", preference: 20 }] },
  });
  assert.deepEqual(read('_mta-sts.provider.example.\n"v=STSv1; id=1;"\n').publication, {
    txt: { records: ["v=STSv1; id=1;"], cname: ["_mta-sts.provider.example"] },
  });
  const { publication } = read('$ dig +short txt _mta-sts.example.com @192.0.2.53\n"v=STSv1; id=1;"\n');
  assert.deepEqual(publication, { domain: "example.com", txt: { records: ["v=STSv1; id=1;"] } });
});

test("a zone file gives all of it, with relative names, parentheses and comments", () => {
  const { publication, notes } = read(`$ORIGIN example.com.
$TTL 3600
@        IN SOA ns1 hostmaster ( 2026112800 ; serial
                 7200 3600 1209600 3600 )
         IN MX  10 mx1
         IN MX  20 mx2.example.net.
mx1      IN A   192.0.2.25
_mta-sts 1h IN TXT ( "v=STSv1; " ; in two parts
                     "id=20261128;" )
_smtp._tls   IN TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
`);
  assert.deepEqual(publication, {
    domain: "example.com",
    txt: { records: [["v=STSv1; ", "id=20261128;"]], ttl: 3600 },
    tlsrpt: { records: ["v=TLSRPTv1; rua=mailto:tls@example.com"] },
    mx: { hosts: [{ host: "mx1.example.com", preference: 10 }, { host: "mx2.example.net", preference: 20 }] },
  });
  assert.match(notes.join(), /SOA, A/);
});

test("host, nslookup and Resolve-DnsName are understood", () => {
  for (const text of [
    '_mta-sts.example.com descriptive text "v=STSv1; id=1;"\nexample.com mail is handled by 10 mx.example.com.\n',
    'Server:\t\t127.0.0.1\nAddress:\t127.0.0.1#53\n\nNon-authoritative answer:\n_mta-sts.example.com\ttext = "v=STSv1; id=1;"\nexample.com\tmail exchanger = 10 mx.example.com.\n',
    '_mta-sts.example.com\ttext =\r\n\r\n\t"v=STSv1; id=1;"\r\nexample.com\tMX preference = 10, mail exchanger = mx.example.com\r\n',
    "Name                     Type   TTL   Section    Strings\n----                     ----   ---   -------    -------\n_mta-sts.example.com     TXT    3600  Answer     {v=STSv1; id=1;}\nexample.com              MX     3600  Answer     mx.example.com      10\n",
  ]) {
    const { publication, notes } = read(text);
    assert.equal(publication.domain, "example.com", text);
    assert.deepEqual(publication.txt?.records, ["v=STSv1; id=1;"], text);
    assert.deepEqual(publication.mx?.hosts, [{ host: "mx.example.com", preference: 10 }], text);
    assert.deepEqual(notes, [], text);
  }
  assert.deepEqual(read("Host _mta-sts.example.com not found: 3(NXDOMAIN)").publication.txt, { records: [] });
  assert.deepEqual(read("** server can't find _mta-sts.example.com: SERVFAIL").publication.txt?.failure, "servfail");
  assert.deepEqual(read("$ host -t mx example.com\nexample.com has no MX record").publication, {
    domain: "example.com",
    mx: { hosts: [] },
  });
});

test("values, hosts and domains by themselves", () => {
  assert.deepEqual(read("v=STSv1; id=2026-11-28").publication.txt?.records, ["v=STSv1; id=2026-11-28"]);
  assert.deepEqual(read("_mta-sts.example.com TXT v=STSv1; id=1;").publication, {
    domain: "example.com",
    txt: { records: ["v=STSv1; id=1;"] },
  });
  assert.deepEqual(read("mx1.example.com\nmx2.example.com").publication.mx?.hosts, [
    { host: "mx1.example.com" },
    { host: "mx2.example.com" },
  ]);
  assert.deepEqual(read("mx1.example.com, mx2.example.com").publication.mx?.hosts?.length, 2);
  for (const text of ["Example.com", "someone@example.com", " example.com.\n", "https://mta-sts.example.com/.well-known/mta-sts.txt", "_mta-sts.example.com"]) {
    assert.deepEqual(read(text).publication, { domain: "example.com" }, text);
  }
});

test("a policy stays as it is, octet for octet", () => {
  for (const policy of [POLICY, POLICY.replaceAll("\n", "\r\n"), `\uFEFF${POLICY}`, POLICY.trimEnd(), `\n${POLICY}`, "mode: enforce", "version: STSv1\rmode: none\r", `# ours\n${POLICY}`]) {
    const { publication } = read(policy);
    assert.equal(publication.policy, policy.replace(/^(?:\n|# ours\n)/, ""), JSON.stringify(policy));
  }
  assert.match(String(read("<!DOCTYPE html>\n<html><p>Not found</p>\n").publication.policy), /^<!DOCTYPE/);
});

test("curl's response gives status, header and body", () => {
  const { publication } = read(`$ curl -si https://mta-sts.example.com/.well-known/mta-sts.txt
HTTP/2 200 \r
content-type: text/plain; charset=utf-8\r
content-length: 64\r
\r
${POLICY}$ `);
  assert.equal(publication.domain, "example.com");
  assert.equal(publication.policy, POLICY);
  assert.deepEqual(publication.http, {
    status: 200,
    headers: [["content-type", "text/plain; charset=utf-8"], ["content-length", "64"]],
  });
});

test("of several responses, the first final one counts", () => {
  const followed = read(`HTTP/1.1 301 Moved Permanently
Location: https://www.example.com/

HTTP/1.1 200 OK
Content-Type: text/plain

${POLICY}`);
  assert.equal(followed.publication.http?.status, 301);
  assert.equal(followed.publication.policy, undefined);
  assert.match(followed.notes.join(), /redirect/);
  const proxied = read(`HTTP/1.1 200 Connection established\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n${POLICY}`);
  assert.equal(proxied.publication.policy, POLICY);
  assert.deepEqual(proxied.publication.http?.headers, [["Content-Type", "text/plain"]]);
});

test("what senders would not read of a response is no policy", () => {
  const missing = read("HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<html>mode: enforce</html>\n").publication;
  assert.deepEqual(missing, { http: { status: 404, headers: [["Content-Type", "text/html"]] } });
  assert.deepEqual(read("HTTP/1.1 200 OK\nContent-Type: text/plain\n").publication.policy, undefined);
});

test("curl -v is read through its trace", () => {
  const { publication } = read(`* Connected to mta-sts.example.com (192.0.2.1) port 443
> GET /.well-known/mta-sts.txt HTTP/2
> Host: mta-sts.example.com
>
< HTTP/2 200
< content-type: text/plain
<
{ [64 bytes data]
${POLICY}* Connection #0 to host mta-sts.example.com left intact
`);
  assert.equal(publication.domain, "example.com");
  assert.equal(publication.policy, POLICY);
  assert.equal(publication.http?.status, 200);
});

test("a transcript gives everything at once, with prompts or without", () => {
  const outputs = [
    ["dig +short TXT _mta-sts.example.com", '"v=STSv1; id=1;"\n'],
    ["dig +noall +answer TXT _smtp._tls.example.com", '_smtp._tls.example.com.\t60\tIN\tTXT\t"v=TLSRPTv1; rua=mailto:tls@example.com"\n'],
    ["curl -si https://mta-sts.example.com/.well-known/mta-sts.txt", `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n${POLICY}`],
    ["dig +short MX example.com", "10 mx.example.com.\n"],
  ];
  for (const prompt of ["$ ", "root@mail:~# ", "[user@mail ~]$ ", "mail% ", "", null]) {
    const text = outputs.map(([command, output]) => (prompt === null ? output : `${prompt}${command}\n${output}`)).join("");
    const { publication, notes } = read(text);
    assert.equal(publication.domain, "example.com", String(prompt));
    assert.deepEqual(publication.txt?.records, ["v=STSv1; id=1;"], String(prompt));
    assert.deepEqual(publication.tlsrpt?.records?.length, 1);
    assert.equal(publication.policy, POLICY, String(prompt));
    assert.deepEqual(publication.mx?.hosts, [{ host: "mx.example.com", preference: 10 }], String(prompt));
    assert.deepEqual(notes, []);
  }
});

test("records of others are left aside, and that is said", () => {
  const { publication, notes } = read(`_mta-sts.example.com. 60 IN TXT "v=STSv1; id=1;"
_mta-sts.example.net. 60 IN TXT "v=STSv1; id=2;"
example.com. 60 IN TXT "v=STSv1; id=3;"
example.com. 60 IN TXT "v=spf1 -all"
`);
  assert.deepEqual(publication.txt?.records, ["v=STSv1; id=1;"]);
  assert.equal(notes.length, 2, notes.join("\n"));
  assert.match(notes.join("\n"), /_mta-sts\.example\.net belongs to another domain/);
  assert.match(notes.join("\n"), /at example\.com was left aside: senders look at _mta-sts\.example\.com/);
});

test("what is no text for the page is refused with a reason", () => {
  for (const [text, reason] of [
    ["", /nothing/],
    ["\n \n", /nothing/],
    ["\u007fELF\u0002\0\0", /binary/],
    ["Dear all, mail does not arrive any more. Please help!", /neither a policy nor a record/],
    ["x".repeat(MAX_TEXT + 1), /has 257 KiB, and at most 256 KiB/],
  ] as const) {
    const found = recognise(text);
    assert.equal(found.is, "refused", text.slice(0, 40));
    if (found.is === "refused") assert.match(found.message, reason);
  }
});

// A quadratic step would take minutes here.
test("a paste of any kind at full length is read or refused", () => {
  for (const piece of ["a", " ", "\n", "\r", '"', "\\", "(", ";", "a.", "10 ", "\ud800", "[a@", "a@b:~", "$ ", "mx: a\n", '"a" ', "_mta-sts.", "HTTP/1.1 200 OK\n", "v=STS", "* \n", "x is an alias for x\n", "{ [", "1h", "dig a.b\n", "<html>", "a\t", "a. TXT ("]) {
    const text = piece.repeat(Math.floor(MAX_TEXT / piece.length));
    assert.match(recognise(text).is, /read|refused/);
    assert.match(recognise(`version: STSv1\n${text}`.slice(0, MAX_TEXT)).is, /read|refused/);
  }
});

test("files are read as UTF-8, and others are named", () => {
  const file = (octets: Uint8Array | string) => textOf(typeof octets === "string" ? new TextEncoder().encode(octets) : octets);
  assert.deepEqual(file(`\uFEFF${POLICY}`), { is: "text", text: `\uFEFF${POLICY}`, note: null });
  assert.equal(file(Uint8Array.of(0x7f, 0x45, 0, 1)).is, "refused");
  const latin1 = file(Uint8Array.from(Buffer.from("mx: b\u00fccher.example\nmode: none\n", "latin1")));
  assert.ok(latin1.is === "text" && /not UTF-8/.test(latin1.note ?? "") && latin1.text.includes("\uFFFD"));
  const utf16 = file(Uint8Array.from(Buffer.from(`\uFEFF${POLICY}`, "utf16le")));
  assert.ok(utf16.is === "text" && utf16.text === POLICY && /UTF-16/.test(utf16.note ?? ""));
  assert.equal(file(Uint8Array.from({ length: 200 }, (_, index) => 0x80 + (index % 0x40))).is, "refused");
});
