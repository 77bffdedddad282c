/**
 * Resolvers that can be asked over HTTPS.
 *
 * @module
 */
import { DOH_PROVIDERS } from "mtasts/bytes";

/** A resolver with a name. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

/** Public resolvers that pages may ask: they allow requests from other origins. */
export const PROVIDERS: readonly Provider[] = [
  { id: "cloudflare", name: "Cloudflare", url: DOH_PROVIDERS.cloudflare },
  { id: "google", name: "Google", url: DOH_PROVIDERS.google },
];

/** A resolver of the reader's own, or what is wrong with its URL. */
export type OwnProvider =
  | { readonly is: "usable"; readonly url: string; readonly host: string }
  | { readonly is: "refused"; readonly message: string };

/** Where there is no way on which anybody could be. The page's security policy allows these, too. */
const LOOPBACK = ["localhost", "127.0.0.1"];
const EXAMPLE = "such as https://dns.example/dns-query";

/** Reads the URL of a resolver, as people write it. */
export function ownProvider(text: string): OwnProvider {
  const written = text.trim().replace(/\{\?dns\}$/, "");
  if (written === "") return refused(`Enter the URL of a DNS-over-HTTPS resolver, ${EXAMPLE}.`);
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z\d+.-]*:/i.test(written) ? written : `https://${written}`);
  } catch {
    return refused(`This is no URL. Enter that of a DNS-over-HTTPS resolver, ${EXAMPLE}.`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && LOOPBACK.includes(url.hostname))) {
    return refused("The URL must begin with https://: without TLS, anybody on the way could change the answers.");
  }
  if (url.username !== "" || url.password !== "") return refused("A browser does not send the user name or password in a URL.");
  url.hash = "";
  if (url.pathname === "/") url.pathname = "/dns-query";
  return { is: "usable", url: url.href, host: url.host };
}

function refused(message: string): OwnProvider {
  return { is: "refused", message };
}
