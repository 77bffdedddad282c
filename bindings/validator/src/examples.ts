/**
 * Publications to look at, for readers who have nothing at hand.
 *
 * @module
 */
import type { Publication } from "mtasts/bytes";

export const EXAMPLES: readonly { readonly title: string; readonly publication: Publication }[] = [
  {
    title: "in good order",
    publication: {
      domain: "example.com",
      txt: { records: ["v=STSv1; id=20261128T120000;"], pasted: true },
      policy: "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.mail.example.net\nmax_age: 2592000\n",
      mx: { hosts: [{ host: "mx1.example.com", preference: 10 }, { host: "a.mail.example.net", preference: 20 }] },
      tlsrpt: { records: ["v=TLSRPTv1; rua=mailto:tls-reports@example.com"], pasted: true },
      http: { status: 200, headers: [["content-type", "text/plain; charset=utf-8"]] },
    },
  },
  {
    title: "with common mistakes",
    publication: {
      domain: "example.org",
      txt: { records: ["\"v=STSv1; id=2026-11-28;\""], pasted: true },
      policy: "version: STSv1\nMode: Enforce\nmx: mail.example.org.\nmx: *mx.example.org\nmax_age: 3600s\n",
      mx: { hosts: [{ host: "mail.example.org", preference: 10 }, { host: "backup.example.net", preference: 20 }] },
      tlsrpt: { records: ["v=TLSRPTv1; rua=tls-reports@example.org"], pasted: true },
      http: { status: 200, headers: [["content-type", "text/html"]] },
    },
  },
];
