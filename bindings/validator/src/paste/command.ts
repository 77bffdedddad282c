/**
 * The commands in a terminal's transcript: they say what the lines below them answer.
 *
 * @module
 */

/** A command that asks something of a domain. */
export interface Command {
  /** What DNS was asked for. */
  readonly question: Question | null;
  /** The host of the URL that was fetched. */
  readonly host: string | null;
}

/** A question to DNS. */
export interface Question {
  readonly name: string;
  /** In upper case. */
  readonly type: string;
}

// In lower case: `Host example.com not found` is an answer.
const TOOLS = "dig|kdig|drill|delv|host|nslookup|[Rr]esolve-[Dd]ns[Nn]ame|curl|wget|cat";
/** A prompt such as `$`, `root@mail:~#`, `PS C:\>` or none, and a command. */
const COMMAND = new RegExp(
  `^(?:PS [^>]{0,200}> ?|[^\\s"]{0,200}[$#%>❯] +|\\[[^\\]]{1,200}\\][$#] +)?((?:sudo )?(?:${TOOLS})(?:\\.exe)?\\s+\\S.*)$`,
);
const BARE_PROMPT = /^(?:\[?[\w.-]+@[\w.-]+[ :][^"]{0,200}\]?[$#%]|PS [^>]{0,200}>|[$%❯])\s*$/;
const QUESTION_TYPE = /^(?:TXT|MX|CNAME|A|AAAA|TLSA)$/i;

/** The command on a line; `null` if there is none. */
export function commandOn(line: string): Command | null {
  const found = COMMAND.exec(line);
  if (!found?.[1]) return null;
  const words = found[1].split(/\s+/).slice(1);
  const host = words.map(urlHost).find((name) => name !== null) ?? null;
  return { question: host === null ? question(words) : null, host };
}

/** Whether the line is a prompt that waits for a command. */
export function isBarePrompt(line: string): boolean {
  return BARE_PROMPT.test(line);
}

/** Of `+short TXT _mta-sts.example.com @192.0.2.53`, the name and the type. */
function question(words: readonly string[]): Question | null {
  const plain = words.map((word) => word.replace(/^-(?:t|type=|querytype=|q=)/i, ""));
  const type = plain.find((word) => QUESTION_TYPE.test(word)) ?? "A";
  const name = plain.find((word) => /^[^-+@|>].*\../.test(word) && !QUESTION_TYPE.test(word));
  return name === undefined ? null : { name, type: type.toUpperCase() };
}

/** The host of a URL, in quotes or not. */
export function urlHost(word: string): string | null {
  const found = /^["']?https?:\/\/([^/"'\s:]+)/i.exec(word);
  return found?.[1]?.toLowerCase() ?? null;
}
