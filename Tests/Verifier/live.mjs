// A client that knows nothing of evidence, over a network that runs, with the verifier in its `fetch`:
//
//     node live.mjs URL CHAIN ROOT MEASUREMENT CONTRACT [SHOWN]
//
// Prints what the contract says, what it is of, what answers cost, and how many lies of the node were refused; `SHOWN` is
// what an earlier run printed of the state. Exit status 1 if an answer is refused or a lie is not.
import { performance } from "node:perf_hooks";
import { verifiedFetch } from "../../Sources/Client/verifier/fetch.js";
import { Client } from "./protocol.mjs";

const [url, chainID, root, measurement, contract, shown] = process.argv.slice(2);
const expected = { chainID, root, measurement, allowSimulated: true, ageMax: 86400 };
const seed = Buffer.alloc(32, 9);
const honest = globalThis.fetch;
const question = { get_count: {} };

async function ask({ expectation = expected, node = honest, before } = {}) {
  const verified = verifiedFetch(expectation, { fetch: node, encryptionSeed: seed, shown: before });
  globalThis.fetch = verified;
  try {
    const client = new Client(url, seed);
    const said = await client.query(contract, question);
    return { said, verified, client };
  } catch (error) {
    if (error.name !== "Refused") throw error;
    return { refused: error.message };
  } finally {
    globalThis.fetch = honest;
  }
}

/** A node that answers `path` with what `lie` makes of it. */
const liar = (path, lie) => async (input, init) => {
  const response = await honest(input, init);
  if (!new URL(input).pathname.startsWith(path)) return response;
  const [body, headers] = [await response.text(), new Headers(response.headers)];
  const told = lie(JSON.parse(body), headers);
  headers.delete("content-length");
  headers.delete("content-encoding");
  return new Response(JSON.stringify(told), { status: response.status, headers });
};

let began = performance.now();
const first = await ask({ before: shown && JSON.parse(shown) });
if (first.refused) throw new Error(first.refused);
const firstTime = performance.now() - began;
globalThis.fetch = first.verified;
const times = [];
for (let i = 0; i < 20; i++) {
  const verifiedBegan = performance.now();
  await first.client.query(contract, question);
  times.push(performance.now() - verifiedBegan);
}
globalThis.fetch = honest;
times.sort((a, b) => a - b);

const zeros = Buffer.alloc(32).toString("base64");
const asked = "/compute/v1beta1/query/";
let kept;
const lies = {
  "another key": { node: liar("/registration/v1beta1/tx-key", () => ({ key: zeros })) },
  "another key in the evidence": { node: liar("/cloister/v1/evidence", (e) => ({ ...e, io_exchange_key: zeros })) },
  "another program": { expectation: { ...expected, measurement: "00".repeat(32) } },
  "another root": { expectation: { ...expected, root: "00".repeat(32) } },
  "another chain": { expectation: { ...expected, chainID: "other-1" } },
  "simulated as real": { expectation: { ...expected, allowSimulated: false } },
  "no stamp": { node: liar(asked, (answer, headers) => (headers.delete("x-cloister-answer-stamp"), answer)) },
  "an answer to another query": { node: liar(asked, (answer) => {
    const told = kept ?? answer;
    kept = answer;
    return told;
  }) },
  "from before what was shown": { before: { height: 2 ** 40, headerHash: "00", seconds: Math.floor(Date.now() / 1000) + 3600 } },
  "on another branch": { before: { ...first.verified.shown, headerHash: "00".repeat(32) } },
};
await ask(lies["an answer to another query"]); // an honest one, which is kept
let refused = 0;
for (const [what, lie] of Object.entries(lies)) {
  const verdict = await ask(lie);
  if (verdict.refused) refused += 1;
  else console.error(`ACCEPTED: ${what}: ${JSON.stringify(verdict.said)}`);
}
console.log(JSON.stringify({
  said: first.said, shown: first.verified.shown, refused, lies: Object.keys(lies).length,
  first_milliseconds: Math.round(firstTime), later_milliseconds: Number(times[10].toFixed(1)),
}));
process.exitCode = refused === Object.keys(lies).length ? 0 : 1;
