// Times write-good and alex on one text, warm, inside one Node process.
//
//   node run.mjs ROUNDS WARMUP < draft.txt
//
// Prints one JSON object: {"write-good": [milliseconds, …], "alex": [milliseconds, …]}.
// Both are called the way their own command lines call them: alex parses plain text, without Markdown.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { text as alex } from "alex";
import writeGood from "write-good";

const rounds = Number(process.argv[2]);
const warmup = Number(process.argv[3]);
const draft = readFileSync(0, "utf8");

const peers = { "write-good": () => writeGood(draft), alex: () => alex(draft).messages };

const result = {};
for (const [name, judge] of Object.entries(peers)) {
  for (let i = 0; i < warmup; i += 1) judge();
  result[name] = [];
  for (let i = 0; i < rounds; i += 1) {
    const start = performance.now();
    judge();
    result[name].push(performance.now() - start);
  }
}
console.log(JSON.stringify(result));
