// verify.js and fetch.js over what two real networks showed (recorded.json, twin.json), and over changed copies of it.
// MUTANTS says how many of those; their number and the times of answers are printed.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import test from "node:test";
import { Refused, admit, openStamp, verifyEvidence, verifyHeader } from "../../Sources/Client/verifier/verify.js";
import { queryKey, verifiedFetch } from "../../Sources/Client/verifier/fetch.js";
import { mint, sha256, signedHeader } from "./mint.mjs";
import { Client, Numbers, changed, seal, written } from "./protocol.mjs";

const read = (name) => JSON.parse(fs.readFileSync(new URL(name, import.meta.url)));
const [recorded, twin] = [read("recorded.json"), read("twin.json")];
const now = recorded.seconds;
const expected = {
  chainID: recorded.chain_id, root: recorded.root, measurement: recorded.measurement, allowSimulated: true, ageMax: 3600,
};
const bytes = (text) => Buffer.from(text, "base64");
const seed = Buffer.from(recorded.seed, "hex");
const { ioExchangeKey: io } = await verifyEvidence(recorded.evidence, expected, now);

/** The recorded evidence with changes, as JSON. */
function lie(change) {
  const json = JSON.parse(recorded.evidence);
  change(json);
  return JSON.stringify(json);
}
const refusal = async (evidence, expectation = expected, at = now) => {
  try {
    await verifyEvidence(evidence, expectation, at);
  } catch (error) {
    assert(error instanceof Refused, `${error.stack}`);
    return written({ evidence, expectation, at }, error.message);
  }
  return written({ evidence, expectation, at }, "ACCEPTED");
};
const mallory = crypto.createHash("sha256").update("mallory").digest("base64");
const malloryRecord = Buffer.concat([Buffer.from([0x0a, 0x20]), bytes(mallory)]).toString("base64");

test("evidence of a real network proves its key, program and root, and says that the root is simulated", async () => {
  const network = await verifyEvidence(recorded.evidence, expected, now);
  assert.equal(Buffer.from(network.ioExchangeKey).toString("base64"), JSON.parse(recorded.tx_key).key);
  assert.deepEqual([network.chainID, network.root, network.measurement], [expected.chainID, expected.root, expected.measurement]);
  assert.equal(network.isSimulated, true);
  assert.equal(String(network.shown.height), JSON.parse(recorded.evidence).register_record.height);
});

test("what the caller expects is held against it, and has to be said", async () => {
  const wrong = "ab".repeat(32);
  for (const [what, other, says] of [
    ["chain", { chainID: "other-1" }, "chain: the evidence is of chain secretdev-1, not of other-1"],
    ["no chain", { chainID: undefined }, "chain: "],
    ["root", { root: wrong }, `root: ${expected.root} is not the expected one`],
    ["no root", { root: undefined }, "root: none is expected"],
    ["program", { measurement: wrong }, `program: ${expected.measurement} is not the expected one`],
    ["no program", { measurement: undefined }, "measurement: none is expected"],
    ["simulated", { allowSimulated: false }, "root: SIMULATED"],
    ["simulated unless said", { allowSimulated: undefined }, "root: SIMULATED"],
  ]) assert((await refusal(recorded.evidence, { ...expected, ...other })).startsWith(says), what);
  assert.match(await refusal(recorded.evidence, expected, now + 3 * 3600), /^stale: the state is \d+ seconds old/);
  const any = { ...expected, ageMax: undefined };
  assert.match(await refusal(recorded.evidence, any, now + 40 * 365 * 86400), /^quote: a certificate is not of this time/);
  assert.match(await refusal(recorded.evidence, any, 0), /^quote: a certificate is not of this time/);
});

test("a host that puts a key of its own in the network's place is refused, however it dresses it up", async () => {
  const genuine = JSON.parse(recorded.evidence);
  for (const [what, change, says] of [
    ["the key", (e) => { e.io_exchange_key = mallory; }, "key: the quote is over another key"],
    ["the key of nodes", (e) => { e.seed_exchange_key = mallory; }, "key: the quote is over another key"],
    ["key and record", (e) => { [e.io_exchange_key, e.register_record.io_exchange_record] = [mallory, malloryRecord]; }, "key: "],
    ["the record", (e) => { e.register_record.io_exchange_record = malloryRecord; }, "record: the chain's state has other"],
    ["the policy", (e) => { e.register_record.policy_record = malloryRecord; }, "record: the chain's state has other"],
    ["no policy", (e) => { e.register_record.policy_record = null; }, "record: the chain's state has other"],
    ["another chain", (e) => { e.identity.chain_id = "other-1"; }, "chain: "],
    ["another genesis", (e) => { e.identity.genesis_seconds = "1796027117"; }, "key: the quote is over another key"],
    ["another profile", (e) => { e.identity.profile = "PROFILE_PRODUCTION"; }, "key: "],
    ["no lease", (e) => { e.identity.lease_answers = 0; }, "key: "],
    ["another program", (e) => { e.measurement = mallory; }, "program: the quote is of another"],
    ["another root", (e) => { e.identity.attestation_roots[0].spki_sha256 = mallory; }, "quote: it ends in a root"],
    ["simulated as hardware", (e) => { e.identity.attestation_roots[0].kind = "ROOT_KIND_HARDWARE"; },
      "quote: its marks contradict its root"],
    ["two roots", (e) => { e.identity.attestation_roots.push(e.identity.attestation_roots[0]); }, "key: "],
    ["a founder", (e) => { e.founder_quote = e.quote; }, "key: the quote is over another key"],
    ["a founder that nobody quoted", (e) => { e.founder_quote = mallory; }, "quote: "],
    ["a quote of version 4", (e) => { const q = bytes(e.quote); q[0] = 4; e.quote = q.toString("base64"); }, "quote: only SGX"],
    ["a debugged enclave", (e) => { const q = bytes(e.quote); q[96] |= 2; e.quote = q.toString("base64"); },
      "quote: its signature is wrong"],
    ["another height", (e) => { e.register_record.height = "6"; }, "record: the stores are not those of the header"],
    ["the last height", (e) => { e.register_record.height = "9223372036854775807"; }, "evidence: height"],
    ["stores in another order", (e) => { e.register_record.store_roots.reverse(); }, "record: the stores"],
    ["a store twice", (e) => { e.register_record.store_roots.push({ name: "register", root: mallory }); }, "record: the stores"],
    ["too many stores", (e) => { e.register_record.store_roots = Array(100).fill({ name: "a", root: mallory }); },
      "record: the stores"],
    ["no JSON of ours", (e) => { for (const name of Object.keys(e)) if (name !== "quote") delete e[name]; }, "evidence: "],
  ]) {
    const message = await refusal(lie(change));
    assert(message.startsWith(says), `${what}: ${message}`);
  }
  assert.equal(await refusal(lie(() => {})), "ACCEPTED");
  assert.equal(await refusal(JSON.stringify(genuine, null, 1)), "evidence: it is not written as nodes write it");
  const twice = recorded.evidence.replace('"measurement"', `"measurement":"${mallory}","measurement"`);
  assert.equal(await refusal(twice), "evidence: it is not written as nodes write it");
  assert.match(await refusal(" ".repeat(5 << 20)), /^evidence: /);
  for (const text of ["", "null", "[]", "1", '{"identity":null}', "\u0000"]) assert.match(await refusal(text), /^(evidence|chain): /);
});

test("another network's evidence does not pass for this one's, nor does any part of it", async () => {
  assert.match(await refusal(twin.evidence), /^root: [0-9a-f]{64} is not the expected one/);
  const other = JSON.parse(twin.evidence);
  const names = Object.keys(other).filter((name) => !["report_data_layout", "measurement", "founder_quote"].includes(name));
  let count = 0;
  for (let chosen = 1; chosen < 2 ** names.length; chosen++) {
    const mixed = lie((e) => names.forEach((name, i) => { if (chosen & (1 << i)) e[name] = other[name]; }));
    assert.notEqual(await refusal(mixed), "ACCEPTED", `${names.filter((_, i) => chosen & (1 << i))}`);
    count += 1;
  }
  console.log(`${count} mixtures of two networks' evidence refused`);
});

// ---- headers of several validators, made here

const headerRefusal = async ({ hash, shown }, chainID = "c-1") => {
  try {
    await verifyHeader(shown, hash, chainID);
    return "accepted";
  } catch (error) {
    assert(error instanceof Refused, `${error.stack}`);
    return error.message;
  }
};

test("two thirds of the validators' power must have signed a header, each in its own place", async () => {
  const equalPowers = [1n, 1n, 1n, 1n, 1n, 1n];
  const tooFew = "header: two thirds of the validators did not sign it";
  for (const [what, options, says] of [
    ["all", { powers: equalPowers, flags: [2, 2, 2, 2, 2, 2] }, "accepted"],
    ["in a later round", { powers: equalPowers, flags: [2, 2, 2, 2, 2, 2], round: 300n }, "accepted"],
    ["five of six, one absent", { powers: equalPowers, flags: [2, 2, 2, 2, 2, 1] }, "accepted"],
    ["four of six are two thirds, not more", { powers: equalPowers, flags: [2, 2, 2, 2, 1, 1] }, tooFew],
    ["votes for nothing do not count", { powers: equalPowers, flags: [2, 2, 2, 2, 3, 3] }, tooFew],
    ["power, not heads", { powers: [100n, 1n, 1n, 1n], flags: [2, 1, 1, 1] }, "accepted"],
    ["heads without power", { powers: [100n, 1n, 1n, 1n], flags: [1, 2, 2, 2] }, tooFew],
    ["nobody", { powers: equalPowers, flags: [1, 1, 1, 1, 1, 1] }, tooFew],
    ["out of order", { powers: [5n, 4n, 1n], flags: [2, 2, 2], swap: true }, "header: it is of other validators"],
    ["more power than there may be", { powers: [2n ** 60n, 1n], flags: [2, 2] }, "header: a validator"],
    ["one validator in all places", { powers: equalPowers, flags: [2, 2, 2, 2, 2, 2], address: Buffer.alloc(20, 1) }, "header: a vote"],
    ["height zero", { powers: equalPowers, flags: [2, 2, 2, 2, 2, 2], height: 0n }, "header: the commit is for another block"],
  ]) {
    const message = await headerRefusal(signedHeader(options));
    assert(message.startsWith(says), `${what}: ${message}`);
  }
  const made = signedHeader({ powers: equalPowers, flags: [2, 2, 2, 2, 2, 2] });
  assert.deepEqual(Buffer.from((await verifyHeader(made.shown, made.hash, "c-1")).hash), made.headerHash);
  assert.match(await headerRefusal(made, "c-2"), /of another chain/);
  const other = signedHeader({ powers: equalPowers, flags: [2, 2, 2, 2, 2, 2], height: 10n });
  assert.match(await headerRefusal({ ...made, shown: [made.shown[0], other.shown[1], made.shown[2]] }), /commit is for another/);
  assert.match(await headerRefusal({ ...made, hash: sha256() }), /of other validators/);
});

// ---- evidence that is made here

const mintedRefusal = async (options, change = {}) => {
  const { evidence, expected: own } = mint(options);
  return refusal(evidence, { ...own, ...change }, 1_800_000_100);
};

test("what a quote says is looked at, however well it is signed", async () => {
  const at = (offset, value) => ({ body: (bytes) => { bytes[offset] = value; } });
  const closed = "quote: the enclave is not initialised, is debugged, or is configured by its host";
  const leaf = (change) => ({ leaf: (extensions) => extensions.flatMap(change) });
  for (const [what, options, says] of [
    ["as it must be", {}, "ACCEPTED"],
    ["of a production network", { production: true }, "ACCEPTED"],
    ["of an enclave that is not initialised", at(48, 0), closed],
    ["of a debugged one", at(48, 3), closed],
    ["of one that its host configured", at(200, 1), closed],
    ["of one with a configuration's version", at(260, 1), closed],
    ["over another key", at(320, 99), "key: the quote is over another key"],
    ["with bytes behind the facts", at(383, 1), "key: the quote is over another key"],
    ["of a development platform on a production network", { production: true, facts: 1 }, "platform: "],
    ["of a production platform on a development network", { facts: 3 }, "platform: "],
    ["of a platform that does not say it is simulated", { facts: 0 }, "platform: "],
    ["under a root of hardware", { kind: 2 }, "quote: its marks contradict its root"],
    ["under a root of hardware, without a mark", { kind: 2, organization: "Intel", family: "00606a000000", userData: "",
      quoter: "intel" }, "quote: a processor's needs collateral"],
    ["without one mark", { userData: "" }, "quote: its marks contradict its root"],
    ["without another", { family: "00606a000000" }, "quote: its marks contradict its root"],
    ["without the third", { quoter: "intel" }, "quote: its marks contradict its root"],
    ["without the fourth", { organization: "Intel" }, "quote: its marks contradict its root"],
    ["with a key that is not bound", { unbound: true }, "quote: its key is not bound"],
    ["of a machine that another authority certified", { foreignAuthority: true }, "quote: the chain of its certificates"],
    ["of an authority that may not certify", { authority: [["551d13", true, Buffer.from("30060101ff020100", "hex")],
      ["551d0f", true, Buffer.from("03020780", "hex")]] }, "quote: the chain of its certificates"],
    ["of an authority that is none", { authority: [["551d0f", true, Buffer.from("03020106", "hex")]] }, "quote: the chain"],
    ["of a machine without what is certified of it", leaf((one) => (one[2].length > 40 ? [] : [one])), "quote: its marks"],
    ["of a machine that may not sign", leaf((one) => (one[0] === "551d0f" ? [[one[0], true, Buffer.from("03020106", "hex")]] : [one])),
      "quote: the chain of its certificates"],
    ["of a machine that is an authority", leaf((one) => (one[0] === "551d13" ? [[one[0], true, Buffer.from("30030101ff", "hex")]] : [one])),
      "quote: the chain of its certificates"],
    ["with an extension twice", leaf((one) => [one, one]), "quote: an extension is there twice"],
    ["with a critical one that is not known", leaf((one) => [one, ["2a0304", true, Buffer.alloc(1)]].slice(0, one[0] === "551d13" ? 2 : 1)),
      "quote: a critical extension"],
    ["with a certificate that is over", { years: ["250101000000Z", "260101000000Z"] }, "quote: a certificate is not of this time"],
    ["with one that is not yet valid", { years: ["400101000000Z", "450101000000Z"] }, "quote: a certificate is not of this time"],
    ["with a date that is none", { years: ["250230000000Z", "450101000000Z"] }, "quote: a certificate's date"],
    ["with a signature that is too long", { long: true }, "quote: a number in a certificate"],
    ["by a header that too few signed", { flags: [2, 1, 1] }, "header: two thirds"],
  ]) {
    const message = await mintedRefusal(options);
    assert(message.startsWith(says), `${what}: ${message}`);
  }
  assert.match(await mintedRefusal({}, { allowSimulated: false }), /^root: SIMULATED/);
});

test("a program that took the keys over is believed for its maker's, if the chain approved it", async () => {
  const [program, other] = [Buffer.alloc(32, 0x0a), Buffer.alloc(32, 0x0c)];
  for (const [what, options, change, says] of [
    ["approved", { founder: true }, {}, "ACCEPTED"],
    ["one of two approved", { founder: true, approved: [other, program] }, {}, "ACCEPTED"],
    ["not approved", { founder: true, approved: [other] }, {}, "approval: "],
    ["approved from its block's second on", { founder: true, approved: [], planned: [[other, 9], [program, 1_800_000_000]] }, {},
      "ACCEPTED"],
    ["approved from the next second on", { founder: true, approved: [other], planned: [[program, 1_800_000_001]] }, {}, "approval: "],
    ["as long as no block is", { founder: true, approved: [], planned: [[program, -1]] }, {}, "approval: "],
    ["where another is planned", { planned: [[other, 1_900_000_000]] }, {}, "ACCEPTED"],
    ["where evidence is asked for in detail", { founder: true, asked: [Buffer.from([8, 1])] }, {}, "ACCEPTED"],
    ["where nothing is asked for in detail", { founder: true, asked: [Buffer.alloc(0)] }, {}, "ACCEPTED"],
    ["in no lower version", { founder: true, versionMin: 3n, body: (body) => { body[258] = 3; } }, {}, "ACCEPTED"],
    ["in a lower version", { founder: true, versionMin: 3n, body: (body) => { body[258] = 2; } }, {}, "approval: "],
    ["expected itself", { founder: true }, { measurement: program.toString("hex") }, "program: "],
    ["of another maker", { founder: (machine, body) => machine.quote(body(other)) }, {}, "program: "],
    ["whose maker took over itself", { founder: (machine, body) => machine.quote(body(Buffer.alloc(32, 0x0b), other)) }, {},
      "program: nothing shows whose the keys were"],
    ["whose maker was debugged", { founder: (machine, body) => {
      const bytes = body(Buffer.alloc(32, 0x0b));
      bytes[48] = 3;
      return machine.quote(bytes);
    } }, {}, "quote: the enclave is not initialised"],
  ]) {
    const message = await mintedRefusal(options, change);
    assert(message.startsWith(says), `${what}: ${message}`);
  }
  const { evidence, expected: own } = mint({ founder: true });
  const json = JSON.parse(evidence);
  json.founder_quote = null;
  const without = await refusal(JSON.stringify(json), own, 1_800_000_100);
  assert.match(without, /^program: /);
});

test("whose keys a program took over is shown by the first of them, where keys are exchanged and nowhere else", async () => {
  const [first, now, rotating] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8), { epochs: [8n, 4n], founder: true }];
  const nothing = "program: nothing shows whose the keys were";
  for (const [what, options, says] of [
    ["in the first epoch", { ...rotating }, "ACCEPTED"],
    ["in a later one", { ...rotating, io: now, firstIO: first }, "ACCEPTED"],
    ["by a quote over another key than shown", { ...rotating, io: now, founder: (machine, body) => machine.quote(body(Buffer.alloc(32, 0x0b))),
      firstIO: first }, nothing],
    ["where keys stay", { founder: true, io: now, firstIO: first }, nothing],
    ["where keys stay, and the node says so", { founder: true, io: now, firstIO: first, epochs: [0n, 0n] }, nothing],
  ]) {
    const message = await mintedRefusal(options);
    assert(message.startsWith(says), `${what}: ${message}`);
  }
});

test("how often keys are exchanged is part of what a chain is", async () => {
  const { evidence, expected: own, identity } = mint({ epochs: [8n, 4n] });
  assert.equal(await refusal(evidence, { ...own, identity }, 1_800_000_100), "ACCEPTED");
  for (const change of [{ epoch_blocks: 9 }, { epoch_grace_blocks: 3 }, { epoch_blocks: 0, epoch_grace_blocks: 0 }, { epoch_blocks: "8x" }]) {
    const json = JSON.parse(evidence);
    Object.assign(json.identity, change);
    assert.match(await refusal(JSON.stringify(json), { ...own, identity }, 1_800_000_100), /^(identity|epoch_blocks|evidence): /);
    assert.match(await refusal(JSON.stringify(json), own, 1_800_000_100), /^(key|epoch_blocks|evidence): /);
  }
});

test("a chain that has another root, in its identity or its state, is another one unless its identity is expected", async () => {
  const other = Buffer.alloc(32, 0x77);
  for (const options of [{ otherRoots: [["other", other]] }, { approvedRoots: [other] }]) {
    const { evidence, expected: own, identity } = mint(options);
    const message = await refusal(evidence, own, 1_800_000_100);
    assert.match(message, options.otherRoots ? /^root: the chain has another root/ : /^approval: .* another root/);
    assert.match(await refusal(evidence, { ...own, identity: "ab".repeat(32) }, 1_800_000_100), /^identity: /);
    const found = await refusal(evidence, { ...own, identity }, 1_800_000_100);
    assert.equal(found, "ACCEPTED");
  }
  const { identity } = await verifyEvidence(recorded.evidence, expected, now);
  assert.equal(await refusal(recorded.evidence, { ...expected, identity }), "ACCEPTED");
  assert.match(await refusal(recorded.evidence, { ...expected, identity: "" }), /^identity: /);
});

// ---- answers

const shownBefore = { height: 100, headerHash: "aa", seconds: 1000 };

test("what was shown is not taken back, by a minute of block time or on another branch", () => {
  const of = (height, seconds, headerHash = "bb") => ({ height, seconds, headerHash });
  assert.equal(admit(undefined, shownBefore, undefined, 5000), shownBefore);
  assert.throws(() => admit(shownBefore, of(90, 939), undefined, 5000), /stale: of height 90, and 100/);
  assert.throws(() => admit(shownBefore, of(100, 1000), undefined, 5000), /stale: another branch/);
  assert.equal(admit(shownBefore, of(95, 940), undefined, 5000), shownBefore);
  assert.equal(admit(shownBefore, of(101, 1001), undefined, 5000).height, 101);
  assert.throws(() => admit(undefined, of(1, 1000), 30, 1031), /stale: the state is 31 seconds old/);
  assert.equal(admit(undefined, of(1, 1000), 30, 1030).height, 1);
});

const URL_ = "http://node.example";
/** A node that shows what was recorded, or lies; the clock stands at the time of the recording. */
function node(lies = {}) {
  const seen = [];
  const served = { "/cloister/v1/evidence": recorded.evidence, "/registration/v1beta1/tx-key": recorded.tx_key, ...lies };
  const ask = async (url) => {
    const { pathname, searchParams } = new URL(url);
    seen.push(pathname);
    if (served[pathname]) return new Response(served[pathname]);
    const one = lies.answer?.(searchParams.get("query"))
      ?? [recorded.answer, recorded.refusal].find(({ query }) => query === searchParams.get("query"));
    const headers = one.stamp ? { "X-Cloister-Answer-Stamp": one.stamp } : {};
    return new Response(one.body, { status: one.status, headers });
  };
  return { ask, seen };
}
/** A client as secret.js, in whose global `fetch` the verifier stands. */
async function asked(message, { lies, options = { encryptionSeed: seed }, expectation = expected, contract = recorded.contract } = {}) {
  const [before, clock] = [globalThis.fetch, Date.now];
  const { ask, seen } = node(lies);
  const verified = verifiedFetch(expectation, { fetch: ask, ...options });
  [globalThis.fetch, Date.now] = [verified, () => now * 1000];
  try {
    const client = new Client(URL_, seed);
    if (options.hook) verified.encryptionUtils = options.hook(client.encryptionUtils);
    const { query } = message === "refusal" ? recorded.refusal : recorded.answer;
    return { said: await client.query(contract, null, bytes(query)), seen, verified };
  } catch (error) {
    assert(error instanceof Refused, `${error.stack}`);
    return { refused: error.message, seen, verified };
  } finally {
    [globalThis.fetch, Date.now] = [before, clock];
  }
}

test("a client that knows nothing of evidence reads verified answers and refusals through fetch", async () => {
  const { said, verified, seen } = await asked("answer");
  assert.deepEqual(said, { count: 42 });
  assert.equal(seen[0], "/cloister/v1/evidence");
  assert(verified.shown.height >= 7 && verified.shown.headerHash.length === 64, JSON.stringify(verified.shown));
  assert.match((await asked("refusal")).said, /unknown|parse|variant/i);
  const hooked = await asked("answer", { options: { hook: (utils) => utils } });
  assert.deepEqual(hooked.said, { count: 42 });
});

test("a lying node gets no query, and none of its answers is shown", async () => {
  const swapped = JSON.stringify({ key: mallory });
  const other = { answer: () => ({ ...recorded.answer, stamp: recorded.refusal.stamp }) };
  for (const [what, lies, says, isSent, more] of [
    ["another key", { "/registration/v1beta1/tx-key": swapped }, /^key: the node gives out another key/, false],
    ["another network", { "/cloister/v1/evidence": twin.evidence }, /^root: /, false],
    ["no evidence", { "/cloister/v1/evidence": "{}" }, /^chain|^evidence/, false],
    ["another's stamp", other, /^answer: what the enclave says of its answer is for another one/, true],
    ["another contract of the same code", {}, /^answer: what the enclave says of its answer is for another one/, true,
      { contract: "secret1another" }],
    ["no stamp", { answer: () => ({ ...recorded.answer, stamp: null }) }, /^answer: it does not say of which state/, true],
    ["an answer of its own", { answer: () => ({ ...recorded.answer, body: '{"data":"AAAA"}' }) }, /^answer: what the/, true],
    ["no answer", { answer: () => ({ ...recorded.answer, body: '{"data":""}' }) }, /^answer: what the/, true],
    ["a refusal of its own", { answer: () => ({ ...recorded.answer, status: 500,
      body: JSON.stringify({ message: "no: query contract failed: unknown request" }) }) }, /^answer: what the/, true],
    ["a failure of its own", { answer: () => ({ status: 404, body: '{"message":"no such contract"}' }) },
      /^answer: the node alone says: no such contract/, true],
    ["no JSON", { answer: () => ({ ...recorded.answer, body: "<html>" }) }, /^answer: it is not JSON/, true],
    ["older than wanted", {}, /^stale/, false, { expectation: { ...expected, ageMax: 0 } }],
    ["older than shown", {}, /^stale: of height/, false,
      { options: { encryptionSeed: seed, shown: { height: 10 ** 9, headerHash: "aa", seconds: now + 3600 } } }],
    ["a key of another private key", {}, /^answer: what the/, true, { options: { encryptionSeed: Buffer.alloc(32, 8) } }],
    ["no key at all", {}, /^key: nothing shows/, true, { options: {} }],
    ["a client that took another key before", {}, /^key: nothing shows/, true,
      { options: { hook: (utils) => ({ getTxEncryptionKey: (n) => utils.getTxEncryptionKey(n), consensusIoPubKey: bytes(mallory) }) } }],
    ["a client that hides its key", {}, /^key: nothing shows/, true,
      { options: { hook: (utils) => ({ getTxEncryptionKey: (n) => utils.getTxEncryptionKey(n) }) } }],
  ]) {
    const { said, refused, seen } = await asked("answer", { lies, ...more });
    assert.equal(said, undefined, what);
    assert.match(refused, says, what);
    assert.equal(seen.some((path) => path.includes("/query/")), isSent, `${what}: ${seen}`);
  }
});

test("a client of a network that exchanges its keys follows to the next, and to no other's", async () => {
  const [first, second] = ["first", "second"].map((name) => {
    const { publicKey } = crypto.generateKeyPairSync("x25519");
    return { name, io: publicKey.export({ format: "der", type: "spki" }).subarray(-32) };
  });
  const started = mint({ epochs: [8n, 4n], io: first.io });
  const next = mint({ epochs: [8n, 4n], io: second.io, machine: started.machine, height: 19n });
  // Of the same program under the same root, and of the same name.
  const other = mint({ epochs: [9n, 4n], io: second.io, machine: started.machine, height: 19n });
  const text = (key) => JSON.stringify({ key: key.toString("base64") });
  const told = {};
  const nonce = Buffer.alloc(32, 5);
  const query = Buffer.concat([nonce, Buffer.alloc(40, 6)]).toString("base64");
  const ask = async (url) => {
    const { pathname } = new URL(url);
    if (pathname.includes("/query/")) {
      const data = Buffer.from("sealed by the enclave");
      const plain = Buffer.alloc(60);
      plain.writeBigUInt64BE(20n, 0);
      plain.writeBigUInt64BE(1_800_000_050n, 40);
      const key = await queryKey(seed, told.sealedFor, nonce);
      const stamp = seal(Buffer.from(key), plain, [Buffer.from("cloister answer stamp"), sha256(data), Buffer.from("x")]);
      return new Response(JSON.stringify({ data: data.toString("base64") }),
        { headers: { "X-Cloister-Answer-Stamp": stamp.toString("base64") } });
    }
    return new Response(pathname.endsWith("/evidence") ? told.evidence : text(told.key));
  };
  const clock = Date.now;
  Date.now = () => 1_800_000_100_000;
  try {
    const verified = verifiedFetch(started.expected, { fetch: ask, encryptionSeed: seed });
    const key = async () => (await (await verified(`${URL_}/registration/v1beta1/tx-key`)).json()).key;
    const answered = async () => (await verified(`${URL_}/compute/v1beta1/query/x?query=${encodeURIComponent(query)}`)).json();
    Object.assign(told, { evidence: started.evidence, key: first.io, sealedFor: first.io });
    assert.equal(await key(), first.io.toString("base64"));
    assert.equal((await answered()).data, Buffer.from("sealed by the enclave").toString("base64"));
    told.sealedFor = second.io; // which nobody has proved yet
    await assert.rejects(answered(), /answer: what the enclave says of its answer is for another one/);

    // Lies, each told twice: what was not believed once is not taken for known later.
    for (const [what, lie, says] of [
      ["a key without evidence", { evidence: started.evidence, key: second.io }, /^key: the node gives out another key/],
      ["another network", { evidence: other.evidence, key: second.io }, /^identity: it is another network/],
      ["evidence for another key", { evidence: next.evidence, key: Buffer.from(mallory, "base64") }, /^key: the node gives out another key/],
      ["no evidence", { evidence: "{}", key: second.io }, /^(chain|evidence)/],
    ]) {
      Object.assign(told, lie);
      for (let i = 0; i < 2; i++) {
        await assert.rejects(key(), (error) => error instanceof Refused && says.test(error.message), what);
        await assert.rejects(answered(), Refused, what);
      }
    }
    Object.assign(told, { evidence: next.evidence, key: second.io });
    assert.equal(await key(), second.io.toString("base64"));
    await answered();
    told.sealedFor = first.io; // for one who took its key before
    await answered();
    told.sealedFor = Buffer.from(crypto.generateKeyPairSync("x25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32));
    await assert.rejects(answered(), /answer: what the enclave says of its answer is for another one/);
  } finally {
    Date.now = clock;
  }
  written({ follow: [started, next, other].map(({ evidence }) => evidence), keys: [first, second].map(({ io }) => io.toString("hex")),
    expectation: started.expected, at: 1_800_000_100 }, "ACCEPTED");
});

test("changed evidence and answers are refused, every one", async () => {
  const count = Number(process.env.MUTANTS ?? 2000);
  const numbers = new Numbers(9);
  const fields = [["quote"], ["quote"], ["quote"], ["io_exchange_key"], ["seed_exchange_key"], ["measurement"],
    ["identity", "initial_validators_hash"], ["register_record", "proof"], ["register_record", "io_exchange_record"],
    ["register_record", "policy_record"], ["register_record", "seed_exchange_record"], ["header", "header"],
    ["header", "commit"], ["header", "validators"]];
  const other = JSON.parse(twin.evidence);
  const at = (json, path) => path.reduce((value, name) => value[name], json);
  const evidenceMutant = () => lie((json) => {
    const path = numbers.pick(fields);
    const [holder, name] = [at(json, path.slice(0, -1)), path.at(-1)];
    const genuine = holder[name];
    while (holder[name] === genuine) {
      holder[name] = numbers.below(20) === 0
        ? at(numbers.below(2) === 0 ? other : json, numbers.pick(fields)) // from elsewhere
        : changed(bytes(genuine), numbers).toString("base64");
    }
  });
  const key = Buffer.from(await queryKey(seed, io, bytes(recorded.answer.query).subarray(0, 32)));
  const sealed = bytes(JSON.parse(recorded.answer.body).data);
  const genuineStamp = bytes(recorded.answer.stamp);
  const state = await openStamp(key, genuineStamp, sealed, recorded.contract);
  const stampMutant = () => {
    const mutant = { key, stamp: genuineStamp, sealed, contract: recorded.contract, at: now };
    while (mutant.stamp.equals(genuineStamp) && mutant.sealed.equals(sealed) && mutant.key === key && mutant.at === now
      && mutant.contract === recorded.contract) {
      switch (numbers.below(9)) {
        case 0: mutant.sealed = changed(sealed, numbers); break;
        case 1: mutant.key = changed(key, numbers).subarray(0, 32); break;
        case 2: mutant.stamp = bytes(recorded.refusal.stamp); break;
        case 3: mutant.at = now + 3601 + numbers.below(1 << 20); break;
        case 4: mutant.contract = changed(Buffer.from(recorded.contract), numbers).toString("latin1"); break;
        default: mutant.stamp = changed(genuineStamp, numbers);
      }
      if (mutant.key.length !== 32 || mutant.key.equals(key)) mutant.key = key;
    }
    return mutant;
  };
  const verdicts = new Map();
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    let [text, mutant] = ["ACCEPTED"];
    try {
      if (i % 2 === 0) {
        mutant = evidenceMutant();
        await verifyEvidence(mutant, expected, now);
      } else {
        mutant = stampMutant();
        admit(state, await openStamp(mutant.key, mutant.stamp, mutant.sealed, mutant.contract), expected.ageMax, mutant.at);
      }
    } catch (error) {
      assert(error instanceof Refused, `mutant ${i}: ${error.stack}`);
      text = error.subject;
    }
    if (text === "ACCEPTED") console.log(`accepted: ${JSON.stringify(mutant)}`);
    verdicts.set(text, (verdicts.get(text) ?? 0) + 1);
  }
  const refused = count - (verdicts.get("ACCEPTED") ?? 0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${refused} of ${count} changed refused in ${seconds} s:`,
    [...verdicts].sort().map(([subject, n]) => `${subject} ${n}`).join(", "));
  assert.equal(refused, count);
});

test("what an answer costs, printed", async () => {
  const key = await queryKey(seed, io, bytes(recorded.answer.query).subarray(0, 32));
  const sealed = bytes(JSON.parse(recorded.answer.body).data);
  const time = async (repeat, body) => {
    const times = [];
    for (let i = 0; i < repeat; i++) {
      const began = performance.now();
      await body();
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[repeat >> 1].toFixed(2);
  };
  const [first, later] = [
    await time(20, () => verifyEvidence(recorded.evidence, expected, now)),
    await time(100, async () => openStamp(await queryKey(seed, io, bytes(recorded.answer.query).subarray(0, 32)),
      bytes(recorded.answer.stamp), sealed, recorded.contract)),
  ];
  console.log(`evidence ${first} ms, an answer ${later} ms (medians)`);
  assert.equal((await openStamp(key, bytes(recorded.answer.stamp), sealed, recorded.contract)).headerHash.length, 64);
});

test("a stamp that was sealed as an answer is none", async () => {
  const key = await queryKey(seed, io, bytes(recorded.answer.query).subarray(0, 32));
  const plain = Buffer.alloc(60, 1);
  const answer = seal(key, plain); // what a contract could return
  await assert.rejects(openStamp(key, answer, plain, ""), Refused);
  const label = Buffer.from("cloister answer stamp");
  const far = Buffer.alloc(60, 0xff);
  await assert.rejects(openStamp(key, seal(key, far, [label, sha256(plain), Buffer.from("c")]), plain, "c"), /answer: what the enclave says of its answer is none/);
});

test("verify.js has at most 400 lines of code", () => {
  const text = fs.readFileSync(new URL("../../Sources/Client/verifier/verify.js", import.meta.url), "utf8");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/\*\*|\*)/.test(line));
  console.log(`verify.js: ${lines.length} lines of code`);
  assert(lines.length <= 400);
});
