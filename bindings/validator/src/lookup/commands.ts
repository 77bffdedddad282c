/**
 * Commands that print what the page reads.
 *
 * @module
 */
import type { DomainNames } from "mtasts/bytes";

/** Shows the policy with its HTTP header, which no page of another origin may read. */
export function policyCommand({ policyHost }: DomainNames): string {
  return `curl -si https://${policyHost}/.well-known/mta-sts.txt`;
}

/** Shows everything that a domain publishes for MTA-STS, for those who ask no resolver from here. */
export function allCommands(names: DomainNames): string {
  const dig = (type: string, name: string): string => `dig ${type} ${name}`;
  return [
    dig("TXT", names.txtName),
    dig("MX", names.domain),
    dig("TXT", names.tlsrptName),
    policyCommand(names),
  ].join("; ");
}
