/**
 * What a reader can do when a query brings no answer.
 *
 * @module
 */
import type { MtaStsError } from "mtasts/bytes";

/** What went wrong, and what to do about it. */
export interface Trouble {
  readonly message: string;
  readonly advice: string;
}

const INSTEAD = "choose another resolver, or run the commands below and paste what they print";

/** A query that the resolver did not answer. */
export function troubleWith(error: MtaStsError): Trouble {
  return { message: sentence(error.message), advice: adviceOn(error) };
}

function adviceOn({ code, message }: MtaStsError): string {
  switch (code) {
    case "doh-network":
      return (
        "Either the network is down, something blocks the request (a content blocker, a company’s proxy), " +
        `or the resolver does not let web pages ask it. Try again, ${INSTEAD}.`
      );
    case "doh-timeout":
      return `Try again in a moment, ${INSTEAD}.`;
    case "doh-status":
      return / 429$/.test(message)
        ? `The resolver has had too many questions. Wait a minute, ${INSTEAD}.`
        : `Is this the URL of a DNS-over-HTTPS resolver? Its path is mostly /dns-query. Else ${INSTEAD}.`;
    case "doh-media-type":
      return `At this URL is something else than a DNS-over-HTTPS resolver. Check its path, ${INSTEAD}.`;
    case "dns-name-invalid":
      return "DNS cannot carry this name. Check how it is spelled.";
    default:
      return `The resolver, or something on the way to it, is broken: ${INSTEAD}.`;
  }
}

/** An answer that says that there is no answer. `null` for those that say whether there are records. */
export function troubleIn(rcode: string): Trouble | null {
  switch (rcode) {
    case "NOERROR":
    case "NXDOMAIN":
      return null;
    case "SERVFAIL":
      return {
        message: "The resolver could not get an answer (SERVFAIL).",
        advice:
          "The zone’s name servers do not answer, or its DNSSEC signatures are broken. " +
          "Senders fare no better: to them it looks as though somebody interferes.",
      };
    case "REFUSED":
      return { message: "The resolver refuses to answer (REFUSED).", advice: `It may serve its own network only: ${INSTEAD}.` };
    default:
      return { message: `The resolver answered ${rcode}.`, advice: `Try again, ${INSTEAD}.` };
  }
}

function sentence(message: string): string {
  const first = message.charAt(0).toUpperCase();
  return `${first}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}
