// Prints the size of a file in bytes: as it is, with gzip, and with brotli, as servers that compress
// once and for all send it.
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const file = readFileSync(argv[2]);
const brotli = brotliCompressSync(file, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
  },
});
console.log([file.length, gzipSync(file, { level: 9 }).length, brotli.length].join(" "));
