// receipt.js over receipts that are made here (mint.mjs). Those of a real network are read in sdk_verified.py.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { verifiedFetch } from "../../Sources/Client/verifier/fetch.js";
import { included, verifyReceipt } from "../../Sources/Client/verifier/receipt.js";
import { Refused } from "../../Sources/Client/verifier/verify.js";
import { inclusionProof, mint, mintReceipt, sha256 } from "./mint.mjs";
import { Numbers, changed, written } from "./protocol.mjs";

const hexText = (bytes) => Buffer.from(bytes).toString("hex");
const refusal = async ({ receipt, hash, network }) => {
  const shown = { receipt: JSON.stringify(receipt), hash, chainID: network.chainID, validatorsHash: hexText(network.validatorsHash) };
  try {
    await verifyReceipt(shown.receipt, hash, network);
    return written(shown, "ACCEPTED");
  } catch (error) {
    assert(error instanceof Refused, `${error.stack}`);
    return written(shown, error.message);
  }
};
const output = {
  code: 3, codespace: "compute", log: "encrypted: abc: execute contract failed", data: "answer",
  events: [["wasm", ["contract_address", "secret1x"], ["sealed", ""]], ["message", ["module", "compute"]]],
};

test("a proof is for its leaf, place and number of leaves, in one encoding", async () => {
  let count = 0;
  for (let size = 1; size <= 40; size++) {
    const leaves = Array.from({ length: size }, (_, i) => Buffer.from(`leaf ${i}`));
    const roots = new Set();
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(leaves, index);
      const found = await included(leaves[index], proof);
      roots.add(hexText(found.root));
      assert.deepEqual([found.index, found.size], [index, size]);
      const other = await included(leaves[(index + 1) % size], proof);
      assert(size === 1 || hexText(other.root) !== hexText(found.root));
      for (const mutant of [proof.subarray(0, -1), Buffer.concat([proof, Buffer.alloc(1)]),
        Buffer.concat([Buffer.from([0x83, 0x18, size]), proof.subarray(size < 24 ? 2 : 3)])]) {
        if (mutant.equals(proof)) continue;
        await assert.rejects(included(leaves[index], mutant), Refused);
        count += 1;
      }
    }
    assert.equal(roots.size, 1);
  }
  for (const [what, bytes] of [
    ["nothing", ""], ["no list", "a0"], ["two", "820100"], ["an index beyond", "83010180"], ["no leaves", "83000080"],
    ["a negative number", "83012080"], ["a text", "830160" + "80"], ["an endless list", "8302009f5820" + "00".repeat(32) + "ff"],
    ["a short hash", "83020081581f" + "00".repeat(31)], ["a long size", "831b00000000000000010080"],
    ["a size beyond", "831b0000000100000001" + "0080"], ["a path too long", "83010081" + "5820" + "00".repeat(32)],
    ["a path too short", "83020080"], ["a size in nine bytes", "831c00"],
  ]) await assert.rejects(included(Buffer.alloc(1), Buffer.from(bytes, "hex")), Refused, what);
  console.log(`${count} proofs of another shape refused`);
});

test("a receipt says what the validators signed, and of an enclave's transaction what the enclave said", async () => {
  for (const [count, index] of [[1, 0], [2, 1], [5, 2], [300, 299]]) {
    const plain = mintReceipt({ count, index });
    const proved = await verifyReceipt(JSON.stringify(plain.receipt), plain.hash, plain.network);
    assert.deepEqual([proved.height, proved.index, proved.code, proved.gasWanted, proved.gasUsed], [8n, index, 0, 100000n, 51234n]);
    assert.equal(Buffer.from(proved.data).toString(), "response");
    assert.equal(proved.enclave, undefined);
    assert.equal(proved.state.height, 8);
  }
  const driven = mintReceipt({ output });
  const proved = await verifyReceipt(JSON.stringify(driven.receipt), driven.hash.toUpperCase(), driven.network);
  assert.equal(Buffer.from(proved.data).toString(), "answer");
  assert.deepEqual(proved.enclave, {
    codespace: "compute", log: output.log, events: [
      { type: "wasm", attributes: [{ key: "contract_address", value: "secret1x" }, { key: "sealed", value: "" }] },
      { type: "message", attributes: [{ key: "module", value: "compute" }] },
    ],
  });
  assert.equal(proved.code, 3);
});

test("a receipt of something else is refused", async () => {
  const of = (options, change = () => {}) => {
    const made = mintReceipt({ output, ...options });
    change(made.receipt, made);
    return refusal(made);
  };
  const text = (bytes) => Buffer.from(bytes).toString("base64");
  const notThere = "receipt: the transaction is not in that block";
  const other = mintReceipt({ output, count: 4 }).receipt;
  for (const [what, options, change, says] of [
    ["as it must be", {}, undefined, "ACCEPTED"],
    ["another transaction", {}, (_, made) => { made.hash = hexText(sha256()); }, notThere],
    ["no transaction", {}, (_, made) => { made.hash = ""; }, notThere],
    ["another place", { change: (parts) => { parts.index = 1; } }, undefined, notThere],
    ["another's result", { change: (parts) => { [parts.results[2], parts.results[1]] = [parts.results[1], parts.results[2]]; } },
      undefined, "receipt: the enclave said something else"],
    ["its result in another place", {}, (receipt, { parts: { results } }) => {
      [receipt.result, receipt.result_proof] = [text(results[1]), text(inclusionProof(results, 1))];
    }, "receipt: it came to something else"],
    ["another result", {}, (receipt) => { receipt.result = text([8, 0]); }, "receipt: it came to something else"],
    ["a result of a longer block", { change: (parts) => { parts.results.push(Buffer.from([8, 9])); } }, undefined,
      "receipt: it came to something else"],
    ["another answer", {}, (receipt) => { receipt.data = text([1]); }, "receipt: the enclave said something else"],
    ["no answer", {}, (receipt) => { receipt.data = null; }, "receipt: the enclave said something else"],
    ["another event", {}, (receipt) => { receipt.said = other.data; }, "receipt: the enclave said something else"],
    ["nothing said", {}, (receipt) => { receipt.said = null; }, "receipt: the enclave said something else"],
    ["another salt", {}, (receipt) => { receipt.salt = text(sha256()); }, "receipt: the enclave said something else"],
    ["a short salt", { change: (parts) => { parts.salt = parts.salt.subarray(0, 31); } }, undefined, "receipt: the enclave said"],
    ["without its salt", {}, (receipt) => { receipt.salt = null; }, "receipt: nothing shows who said"],
    ["without all of it", {}, (receipt) => { receipt.salt = receipt.said = receipt.data = null; }, "ACCEPTED"],
    ["of one that no enclave ran, with an answer", { output: undefined }, (receipt) => { receipt.data = text([1]); },
      "receipt: nothing shows who said"],
    ["of one that no enclave ran, with a salt", { output: undefined }, (receipt) => { receipt.salt = text(sha256()); },
      "receipt: the enclave said something else"],
    ["a header that is not the one before", { change: (parts) => { parts.next = { previous: sha256() }; } }, undefined,
      "receipt: the block is not the one before"],
    ["a header two heights on", { change: (parts) => { parts.next = { height: 10n }; } }, undefined,
      "receipt: the block is not the one before"],
    ["the next block's header", {}, (receipt) => { receipt.header = receipt.next_header.header; }, "receipt: the block is not"],
    ["the header of the block itself", {}, (receipt) => { receipt.next_header.header = receipt.header; }, "header: "],
    ["no header", {}, (receipt) => { receipt.next_header = null; }, "evidence: "],
    ["a set without its proposer", { change: (parts) => { parts.next = { hasProposer: false }; } }, undefined, "header: it is of other"],
    ["too few signatures", { flags: [2, 1, 1] }, undefined, "header: two thirds"],
    ["other validators", {}, (_, made) => { made.network = { ...made.network, validatorsHash: sha256() }; }, "header: it is of other"],
    ["another chain", {}, (_, made) => { made.network = { ...made.network, chainID: "c-2" }; }, "header: it is of another chain"],
  ]) {
    const message = await of(options, change);
    assert(message.startsWith(says), `${what}: ${message}`);
  }
  const { receipt, hash, network } = mintReceipt({ output });
  for (const body of ["", "null", "[]", "1", JSON.stringify(receipt, null, 1), JSON.stringify(receipt).replace("{", '{"data":"AA==",')])
    await assert.rejects(verifyReceipt(body, hash, network), /^Refused: (receipt|evidence)/);
});

test("changed receipts are refused, every one", async () => {
  const count = Number(process.env.MUTANTS ?? 2000);
  const numbers = new Numbers(11);
  const made = ["plain", "driven"].map((kind) => mintReceipt(kind === "plain" ? { count: 7, index: 5 } : { output }));
  const bytes = (value) => Buffer.from(value ?? "", "base64");
  const fields = [["header"], ["transaction_proof"], ["result"], ["result_proof"], ["data"], ["said"], ["salt"],
    ["next_header", "header"], ["next_header", "commit"], ["next_header", "validators"]];
  const at = (json, path) => path.reduce((value, name) => value[name], json);
  const verdicts = new Map();
  for (let i = 0; i < count; i++) {
    const { receipt, hash, network } = numbers.pick(made);
    const mutant = { receipt: structuredClone(receipt), hash, network };
    const path = numbers.pick(fields);
    const [holder, name] = [at(mutant.receipt, path.slice(0, -1)), path.at(-1)];
    const genuine = holder[name];
    while (holder[name] === genuine) {
      const elsewhere = numbers.pick(made).receipt;
      holder[name] = numbers.below(10) === 0 ? at(elsewhere, numbers.below(2) === 0 ? path : numbers.pick(fields))
        : changed(bytes(genuine), numbers).toString("base64");
      if (bytes(holder[name]).equals(bytes(genuine))) holder[name] = genuine; // null and an empty text are the same
    }
    const message = await refusal(mutant);
    if (message === "ACCEPTED") console.log(`accepted: ${path} ${holder[name]}, and genuine is ${genuine}`);
    const subject = message.split(":")[0];
    verdicts.set(subject, (verdicts.get(subject) ?? 0) + 1);
  }
  const refused = count - (verdicts.get("ACCEPTED") ?? 0);
  console.log(`${refused} of ${count} changed receipts refused:`, [...verdicts].map((pair) => pair.join(" ")).join(", "));
  assert.equal(refused, count);
});

test("a client that knows nothing of receipts reads proved results through fetch, and nothing else", async () => {
  const { evidence, expected } = mint();
  const clock = Date.now;
  Date.now = () => 1_800_000_100_000;
  try {
    for (const [kind, { receipt, hash }] of [["driven", mintReceipt({ output, height: 5n })], ["plain", mintReceipt({ height: 5n })]]) {
      const told = {
        tx: { body: { memo: "hi" } },
        tx_response: {
          height: "1", txhash: hash.toUpperCase(), codespace: "lie", code: 0, data: "00", raw_log: "a lie", logs: [{}],
          gas_wanted: "1", gas_used: "1", tx: { "@type": "t" }, timestamp: "", events: [{ type: "lie", attributes: [] }],
        },
      };
      const served = { "/cloister/v1/evidence": evidence };
      const asked = [];
      const node = async (url) => {
        const { pathname } = new URL(url);
        asked.push(pathname);
        if (served[pathname] !== undefined) return new Response(served[pathname]);
        return new Response('{"code":5,"message":"tx not found"}', { status: 404 });
      };
      const path = `/cosmos/tx/v1beta1/txs/${hash}`;
      const verified = verifiedFetch(expected, { fetch: node });
      const ask = async () => (await verified(`http://node.example${path}`)).json();
      assert.equal((await ask()).code, 5); // not there yet: nobody can prove that
      served[path] = JSON.stringify(told);
      await assert.rejects(ask(), /^Refused: (receipt|evidence)/); // shown, and not proved
      served[`/cloister/v1/receipts/${hash}`] = JSON.stringify(receipt);
      const { tx, tx_response: shown } = await ask();
      assert.deepEqual(tx, told.tx);
      assert.deepEqual([shown.height, shown.txhash, shown.gas_wanted, shown.gas_used, shown.logs, shown.timestamp],
        ["5", hash.toUpperCase(), "100000", "51234", [], "2027-01-15T08:00:00Z"]);
      const parts = [shown.code, shown.codespace, Buffer.from(shown.data, "hex").toString(), shown.raw_log];
      assert.deepEqual(parts, kind === "driven" ? [3, "compute", "answer", output.log]
        : [0, "", "response", "the node alone says: a lie"]);
      assert.deepEqual(shown.events.map(({ type }) => type), kind === "driven" ? ["wasm", "message"] : []);
      assert.equal(verified.shown.height, 8); // the evidence's, which is newer
      served[`/cloister/v1/receipts/${hash}`] = JSON.stringify(mintReceipt({ output, index: 1, height: 5n }).receipt);
      await assert.rejects(ask(), /^Refused: receipt/);
      assert.equal(asked.filter((one) => one === "/cloister/v1/evidence").length, 1);
      // Of the evidence's height, and signed as well: two thirds signed two chains.
      served[`/cloister/v1/receipts/${hash}`] = JSON.stringify(mintReceipt({ output }).receipt);
      await assert.rejects(ask(), /^Refused: stale: another branch at height 8/);
    }
  } finally {
    Date.now = clock;
  }
});

test("what a receipt costs, printed", async () => {
  const { receipt, hash, network } = mintReceipt({ output, count: 300, index: 150 });
  const body = JSON.stringify(receipt);
  const times = [];
  for (let i = 0; i < 50; i++) {
    const began = performance.now();
    await verifyReceipt(body, hash, network);
    times.push(performance.now() - began);
  }
  console.log(`a receipt ${times.sort((a, b) => a - b)[25].toFixed(2)} ms (median, three validators)`);
});

test("receipt.js has at most 100 lines of code", () => {
  const text = fs.readFileSync(new URL("../../Sources/Client/verifier/receipt.js", import.meta.url), "utf8");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/\*\*|\*)/.test(line));
  console.log(`receipt.js: ${lines.length} lines of code`);
  assert(lines.length <= 100);
});
