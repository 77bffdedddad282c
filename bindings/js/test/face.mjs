// The driver of this package in Node: one request a line from standard input, one reply a line.
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";

import * as mtasts from "mtasts";

import { driver } from "./protocol.mjs";

const answer = driver(mtasts, "js");
for await (const line of createInterface({ input: stdin })) {
  if (line === "quit") break;
  stdout.write(`${answer(line)}\n`);
}
stdin.destroy();
