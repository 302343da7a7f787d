// What a transaction came to, proved: its place in a block, its result under the next header, the signatures of the
// validators, and, where an enclave ran it, that what the node shows of its output is what the enclave said.
// `network` is what `verifyEvidence` gives.
import { base64, concat, demand, equal, hex, message, readHeader, sha256, verifyHeader } from "./verify.js";

/** Whole numbers, byte strings and lists of CBOR, each in its shortest form (RFC 8949, section 4.2.1). */
function items(bytes) {
  let at = 0;
  const head = (kind) => {
    demand(bytes[at] >> 5 === kind && at < bytes.length, "receipt", "a proof is none");
    const short = bytes[at++] & 31, size = 2 ** (short - 24); // how many bytes follow
    if (short < 24) return short;
    demand(size <= 8 && at + size <= bytes.length, "receipt", "a proof is none");
    const value = Number("0x" + hex(bytes.subarray(at, at += size)));
    const isShortest = value >= (size === 1 ? 24 : 2 ** (4 * size));
    demand(isShortest && Number.isSafeInteger(value), "receipt", "a proof is none");
    return value;
  };
  const hash = () => {
    demand(head(2) === 32 && at + 32 <= bytes.length, "receipt", "a proof has something else than hashes");
    return bytes.subarray(at, at += 32);
  };
  return { number: () => head(0), list: () => head(4), hash, isEnd: () => at === bytes.length };
}

/** An inclusion proof of RFC 9942, section 5.2: where the leaf stands, and the root of its tree (RFC 9162, 2.1.3.2). */
export async function included(leaf, proof) {
  const read = items(proof);
  demand(read.list() === 3, "receipt", "a proof is none");
  const [size, index, count] = [read.number(), read.number(), read.list()];
  demand(index < size && size <= 2 ** 32 && count <= 32, "receipt", "a proof is of no tree");
  const path = Array.from({ length: count }, read.hash);
  demand(read.isEnd(), "receipt", "a proof is longer than it says");
  let [root, own, last] = [await sha256([0], leaf), index, size - 1];
  for (const other of path) {
    demand(last > 0, "receipt", "a proof is too long");
    if (own % 2 === 1 || own === last) {
      root = await sha256([1], other, root);
      while (own % 2 === 0 && own > 0) [own, last] = [own / 2, Math.floor(last / 2)];
    } else {
      root = await sha256([1], root, other);
    }
    [own, last] = [Math.floor(own / 2), Math.floor(last / 2)];
  }
  demand(last === 0, "receipt", "a proof is too short");
  return { root, index, size };
}

const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** What an enclave said besides the data (`TransactionOutput`). */
function said(bytes) {
  const { 1: codespace, 2: log, 3: data, 4: events } = message(bytes, "bbbl", 65536);
  demand(data.length === 0, "receipt", "the enclave's data stand twice");
  return {
    codespace: text(codespace), log: text(log),
    events: events.map((event) => {
      const { 1: type, 2: attributes } = message(event, "bl", 65536);
      const pairs = attributes.map((one) => message(one, "bb"));
      return { type: text(type), attributes: pairs.map(({ 1: key, 2: value }) => ({ key: text(key), value: text(value) })) };
    }),
  };
}

/**
 * What the answer to `/cloister/v1/receipts/{hash}` proves of the transaction whose bytes have this SHA-256 (hexadecimal);
 * throws `Refused`. `code`, `gasWanted`, `gasUsed` and `data` are what the validators signed. `enclave` has the codespace,
 * log and events of a transaction that an enclave ran; without it nothing is known of them, and `data` of such a transaction
 * are hashes. `state` is the one that a later answer may not be before.
 */
export async function verifyReceipt(body, hash, network) {
  let json;
  try {
    json = body.length <= 24 << 20 && JSON.parse(body);
  } catch { /* below */ }
  demand(json && JSON.stringify(json) === body, "receipt", "it is not written as nodes write it");
  const bytes = (name, bytesMax, from = json) => from?.[name] === null ? new Uint8Array() : base64(from?.[name], bytesMax, name);
  const { next_header: next } = json;
  const proofs = ["header", "commit", "validators"].map((name) => bytes(name, 1 << 21, next));
  const after = await verifyHeader(proofs, network.validatorsHash, network.chainID);
  const { fields, time, hash: headerHash } = await readHeader(bytes("header", 4096), network.chainID);
  const isBefore = equal(after.previous, headerHash) && fields[3] === after.height - 1n;
  demand(isBefore, "receipt", "the block is not the one before the signed header");

  const name = Uint8Array.from(hash.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const [inBlock, leaf] = [await included(name, bytes("transaction_proof", 2048)), bytes("result", 1 << 24)];
  demand(name.length === 32 && equal(inBlock.root, fields[7]), "receipt", "the transaction is not in that block");
  const inResults = await included(leaf, bytes("result_proof", 2048));
  const isOf = inResults.index === inBlock.index && inResults.size === inBlock.size;
  demand(isOf && equal(inResults.root, after.resultsHash), "receipt", "it came to something else");

  const { 1: code, 2: committed, 3: text3, 4: text4, 5: gasWanted, 6: gasUsed } = message(leaf, "nbbbnn");
  demand(text3.length + text4.length === 0 && code < 2n ** 32n, "receipt", "the result is none");
  const [data, rest, salt] = [bytes("data", 1 << 24), bytes("said", 1 << 24), bytes("salt", 32)];
  const isEnclaves = salt.length > 0;
  if (isEnclaves) {
    const hashes = concat(await sha256(salt, data), await sha256(salt, rest));
    const isSaid = salt.length === 32 && committed.length % 32 === 0 && equal(hashes, committed.subarray(0, 64));
    demand(isSaid, "receipt", "the enclave said something else");
  } else {
    demand(data.length + rest.length === 0, "receipt", "nothing shows who said what is shown");
  }
  return {
    height: fields[3], index: inBlock.index, seconds: time, code: Number(code), gasWanted, gasUsed,
    data: isEnclaves ? data : committed, enclave: isEnclaves ? said(rest) : undefined,
    state: { height: Number(fields[3]), headerHash: hex(after.hash), seconds: after.time },
  };
}
