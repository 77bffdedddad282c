import type { ErrorCode } from "./codes.js";

/**
 * What this package throws: says for people what was wrong, and for programs which of the known
 * things it was.
 */
export class MtaStsError extends Error {
  override readonly name = "MtaStsError";
  /** Which error it is; does not change from version to version. */
  readonly code: ErrorCode;
  /** The line in the text, counted from 1, where something stands in one. */
  readonly line: number | undefined;
  /** The octet in the line, counted from 1, where something stands in one. */
  readonly column: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { line?: number | undefined; column?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.line = details.line;
    this.column = details.column;
  }
}
