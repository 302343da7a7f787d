// Verifies what a Cloister node answers, beside a client that cannot (secret.js, secret-sdk): whose key messages are
// encrypted to, and of which state an answer is. Plain JavaScript over WebCrypto: an ES module for browsers and Node.
//
// The node chose every byte that is read here. Nothing is believed but what the caller expects (chain, root, program)
// and what is signed or sealed under it. The steps are those of NetworkEvidence.swift; docs/verified-answers.md says
// what none of it shows.
const { subtle } = globalThis.crypto ?? (await import("node:crypto")).webcrypto;

/** Why something is not believed; `subject` is the step at which it failed. */
export class Refused extends Error {
  constructor(subject, text) {
    super(`${subject}: ${text}`);
    Object.assign(this, { name: "Refused", subject });
  }
}

// ---- bytes and texts

/** The step fails, unless. */
export const demand = (holds, ...reason) => {
  if (!holds) throw new Refused(...reason);
};
export const utf8 = (text) => new TextEncoder().encode(text);
export const concat = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
export const sha256 = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", concat(...parts)));
export const equal = (a, b) => a.length === b.length && a.reduce((sum, byte, i) => sum | (byte ^ b[i]), 0) === 0;
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const number = (bytes) => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
const bigEndian = (value, count) =>
  Uint8Array.from({ length: count }, (_, i) => Number((BigInt(value) >> BigInt(8 * (count - 1 - i))) & 255n));

/** The one text of each byte string (RFC 4648, section 4): no other character, no bit behind the last byte. */
export function base64(text, bytesMax, name) {
  const isShort = typeof text === "string" && text.length <= 4 * Math.ceil(bytesMax / 3) && text.length % 4 === 0;
  const [, digits = "?", padding = ""] = (isShort && /^([^=]*)(={0,2})$/.exec(text)) || [];
  const isEnd = [/$/, /[AEIMQUYcgkosw048]$/, /[AQgw]$/][padding.length].test(digits);
  demand(isEnd && !/[^A-Za-z0-9+/]/.test(digits), "evidence", `${name} is not base64`);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// ---- certificates (X.690, RFC 5280)

/** Elements in their one encoding: definite, minimal lengths; minimal integers that are not negative; 0 or 255. */
function der(bytes, depth = 0) {
  const elements = [];
  for (let at = 0; at < bytes.length; ) {
    const [start, tag, first] = [at, bytes[at], bytes[at + 1]];
    const count = first < 0x80 ? 0 : first - 0x80;
    const length = first < 0x80 ? first : Number(number(bytes.subarray(at + 2, at + 2 + count)));
    at += 2 + count + length;
    const content = bytes.subarray(at - length, at), [a, b] = content;
    const isStrict = first < 0x80 || (count === 1 && length >= 0x80) || (count === 2 && length >= 0x100);
    const isInteger = a < 0x80 && (length === 1 || a > 0 || b >= 0x80);
    const isValue = tag === 2 ? isInteger : tag === 1 ? length === 1 && (a === 0 || a === 0xff) : true;
    demand(isStrict && isValue && at <= bytes.length && depth < 12, "quote", "a certificate is not DER");
    const parts = tag & 0x20 ? der(content, depth + 1) : [];
    elements.push({ tag, content, parts, whole: bytes.subarray(start, at) });
  }
  return elements;
}
/** The elements, which must have these tags. */
const laid = (elements, tags) => {
  demand(hex(elements.map(({ tag }) => tag)) === tags, "quote", "a certificate is not laid out as one");
  return elements;
};
const sequence = (bytes) => laid(der(bytes), "30")[0].parts;
const unsigned = ({ content }, bytesMax) => {
  demand(content.length <= bytesMax + (content[0] === 0), "quote", "a number in a certificate");
  return content[0] === 0 ? content.subarray(1) : content;
};

function seconds({ tag, content }) { // since 1970, of UTCTime or GeneralizedTime
  const text = String.fromCharCode(...content.subarray(0, 16));
  const full = tag === 0x18 ? text : tag === 0x17 && text.length === 13 ? (text < "5" ? "20" : "19") + text : "";
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  const milliseconds = iso.length === 24 ? Date.parse(iso) : NaN;
  demand(milliseconds >= 0 && new Date(milliseconds).toISOString() === iso, "quote", "a certificate's date");
  return milliseconds / 1000;
}

const ECDSA_SHA256 = "300a06082a8648ce3d040302";
const P256_INFO = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"; // x || y follow
const SGX = "2a864886f84d010d01"; // 1.2.840.113741.1.13.1

/** FMSPC in Intel's extension, whose parts have their order. */
function family(extension) {
  const names = (pairs) => pairs.map(({ parts: [name, , more] }) => !more && hex(name?.content ?? []).replace(SGX, ""));
  const versions = Array.from({ length: 18 }, (_, i) => "02" + hex([i + 1]));
  const isInOrder = ["01,02,03,04,05", "01,02,03,04,05,06,07"].includes(names(extension).join())
    && names(extension[1].parts[1]?.parts ?? []).join() === versions.join();
  const value = isInOrder ? extension[3].parts[1]?.content : [];
  demand(value?.length === 6, "quote", "Intel's extension");
  return hex(value);
}

/** One certificate of version 3 for a P-256 key, signed with ECDSA and SHA-256. */
async function certificate(bytes) {
  const [signed, outer, bits] = laid(sequence(bytes), "303003");
  const [version, serial, algorithm, issuer, dates, subject, info, wrapped] = laid(signed.parts, "a0023030303030a3");
  const halves = laid(sequence(bits.content.subarray(1)), "0202").map((half) => unsigned(half, 32));
  const [from, to] = dates.parts.map(seconds);
  const isOne = hex(version.whole) === "a003020102" && bits.content[0] === 0 && dates.parts.length === 2 && from <= to
    && hex(algorithm.whole) === ECDSA_SHA256 && hex(outer.whole) === ECDSA_SHA256
    && unsigned(serial, 20) && info.whole.length === 91 && hex(info.whole).startsWith(P256_INFO);
  demand(isOne, "quote", "a certificate's key, dates or algorithm");
  const found = {
    from, to, issuer: issuer.whole, subject: subject.whole, signed: signed.whole, key: info.whole.subarray(26),
    signature: concat(...halves.map((half) => concat(new Uint8Array(32 - half.length), half))),
    infoHash: await sha256(info.whole), pathMax: Infinity,
  };
  const seen = new Set();
  for (const { parts } of laid(wrapped.parts, "30")[0].parts) {
    const isCritical = parts[1]?.tag === 1;
    const [name, value] = [hex(parts[0]?.content ?? []), laid(parts, isCritical ? "060104" : "0604").at(-1).content];
    const isNew = seen.size < 16 && !seen.has(name) && (!isCritical || parts[1].content[0] === 0xff);
    demand(isNew, "quote", "an extension is there twice");
    seen.add(name);
    if (name === "551d13") { // basic constraints
      const constraints = sequence(value);
      if (constraints.length > 0) laid(constraints, constraints.length === 1 ? "01" : "0102");
      found.isAuthority = constraints[0]?.content[0] === 0xff;
      demand(found.isAuthority || constraints.length === 0, "quote", "a certificate's constraints");
      if (constraints[1]) found.pathMax = Number(number(unsigned(constraints[1], 2)));
    } else if (name === "551d0f") { // key usage, whose unused bits are counted
      const [unused, usage, more] = laid(der(value), "03")[0].content;
      const isCounted = unused < 8 && (usage & (2 ** (unused + 1) - 1)) === 2 ** unused;
      demand(isCounted && more === undefined, "quote", "a certificate's key usage");
      [found.signsData, found.signsCertificates] = [(usage & 0x80) !== 0, (usage & 4) !== 0];
    } else if (name === SGX) {
      found.family = family(sequence(value));
    } else {
      demand(!isCritical, "quote", "a critical extension that is not known");
    }
  }
  return found;
}

/** Machine, authority and root: PEM in the one form that quotes have (64 characters a line, one zero byte behind). */
async function certificates(text) {
  const one = "-----BEGIN CERTIFICATE-----\n((?:.{64}\n)*(?:.{1,63}\n)?)-----END CERTIFICATE-----\n";
  const [, ...found] = new RegExp(`^${one}${one}${one}\0$`).exec(String.fromCharCode(...text)) ?? [];
  demand(found.length === 3, "quote", "its certificates are not three in PEM");
  return Promise.all(found.map((lines) => certificate(base64(lines.replaceAll("\n", ""), 4096, "a certificate"))));
}

const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }; // signatures are r || s

async function isSigned(algorithm, publicKey, signature, text) {
  const key = await subtle.importKey("raw", publicKey, algorithm, false, ["verify"]).catch((error) => {
    demand(error.name !== "NotSupportedError", "header", `this browser has no ${algorithm.name}`);
  });
  return key !== undefined && subtle.verify(algorithm, key, signature, text);
}

// ---- quotes (version 3)

const INTEL = "939a7233f79c4ca9940a0db3957f0607";
const SIMULATED_NAME = "060355040a0c16" + hex(utf8("SIMULATION - NOT INTEL"));

/** Who is quoted, and the root that the quote ends in: one of `roots`, at `time`. */
async function verifyQuote(quote, roots, time, allowSimulated) {
  const at = (start, count) => quote.subarray(start, start + count);
  const little = (start, count) => Number(number(concat(at(start, count)).reverse()));
  const isKnown = hex(at(0, 8)) === "0300020000000000" && hex(at(12, 16)) === INTEL;
  demand(isKnown, "quote", "only SGX quotes of version 3 by Intel's quoting enclave are read here");
  const isWhole = quote.length > 1052 && little(432, 4) === quote.length - 436 && little(1012, 2) === 32
    && little(1046, 2) === 5 && little(1048, 4) === quote.length - 1052;
  demand(isWhole, "quote", "its lengths contradict each other");
  const [signature, attestationKey, report, reportSignature] = [at(436, 64), at(500, 64), at(564, 384), at(948, 64)];

  const [machine, authority, embedded] = await certificates(quote.subarray(1052));
  const root = roots.find((one) => equal(one.hash, embedded.infoHash));
  demand(root, "quote", "it ends in a root that the chain's identity does not have");
  const isSimulated = root.kind === 1;
  const marks = [
    machine.family === "53494d000001", hex(machine.subject).includes(SIMULATED_NAME),
    hex(at(28, 20)) === hex(utf8("SIMULATED-QUOTE-0001")),
    equal(report.subarray(128, 160), await sha256(utf8("sim-qe-signer"))),
  ];
  demand(marks.every((mark) => mark === isSimulated), "quote", "its marks contradict its root");
  for (const [one, above, below] of [[machine, authority, 0], [authority, embedded, 1], [embedded, embedded, 1]]) {
    demand(one.from <= time && time <= one.to, "quote", "a certificate is not of this time");
    const isBelow = equal(one.issuer, above.subject) && above.signsCertificates && below <= above.pathMax
      && (one === machine ? !one.isAuthority && one.signsData : one.isAuthority)
      && await isSigned(P256, above.key, one.signature, one.signed);
    demand(isBelow, "quote", "the chain of its certificates is broken");
  }
  demand(isSimulated, "quote", "a processor's needs collateral, which is not read here");
  demand(allowSimulated, "root", "SIMULATED: a program signs here, not a processor; whoever runs it can lie");

  demand(await isSigned(P256, machine.key, reportSignature, report), "quote", "the machine did not sign its report");
  const binding = concat(await sha256(attestationKey, at(1014, 32)), new Uint8Array(32));
  demand(equal(report.subarray(320), binding), "quote", "its key is not bound");
  const isQuoted = await isSigned(P256, concat([4], attestationKey), signature, at(0, 432));
  demand(isQuoted, "quote", "its signature is wrong");

  const body = at(48, 384), version = BigInt(body[258] | (body[259] << 8));
  const isClosed = (body[48] & 3) === 1 && ![...body.subarray(192, 256), ...body.subarray(260, 262)].some(Boolean);
  demand(isClosed, "quote", "the enclave is not initialised, is debugged, or is configured by its host");
  return { root, measurement: body.subarray(64, 96), version, reportData: body.subarray(320) };
}

// ---- headers, commits and validators (CometBFT 0.38), in their one encoding

/** Fields by number. `n`: an integer, absent if zero; `b`: bytes, absent if empty; `m`: always there; `l`: a list. */
export function message(bytes, shape, listMax = 64) {
  let [at, last] = [0, 0];
  const integer = () => {
    for (let [value, shift] = [0n, 0n]; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      demand((byte > 0 || (byte === 0 && shift === 0n)) && value >> 64n === 0n, "header", "an integer");
      if (byte < 128) return value;
    }
  };
  const fields = Object.fromEntries([...shape].map((kind, i) => [i + 1, { n: 0n, b: new Uint8Array(), l: [] }[kind]]));
  while (at < bytes.length) {
    const tag = integer();
    const [field, kind] = [Number(tag >> 3n), shape[Number(tag >> 3n) - 1]];
    const isNext = kind !== undefined && (field > last || (field === last && kind === "l"));
    demand(isNext && (tag & 7n) === (kind === "n" ? 0n : 2n), "header", "a field that does not belong there");
    const value = integer();
    const isFit = kind === "n" || value <= BigInt(bytes.length - at);
    demand(isFit && (value > 0n || kind === "m" || kind === "l"), "header", "a length, or what should be left out");
    const content = kind === "n" ? value : bytes.subarray(at, at += Number(value));
    if (kind !== "l") fields[field] = content;
    else demand(fields[field].push(content) <= listMax, "header", "too many of a field");
    last = field;
  }
  demand(Object.values(fields).every((value) => value !== undefined), "header", "a field is missing");
  return fields;
}
const varint = (value) =>
  value < 128 ? [Number(value)] : [Number(BigInt(value) & 127n) | 128, ...varint(BigInt(value) >> 7n)];
const fieldOf = (field, bytes) => concat(varint(8 * field + 2), varint(bytes.length), bytes); // written even if empty
const integerOf = (field, value) => value > 0 ? concat(varint(8 * field), varint(value)) : [];
const bytesOf = (field, bytes) => bytes.length === 0 ? [] : fieldOf(field, bytes);

function timestamp(bytes) {
  const { 1: from1970, 2: nanoseconds } = message(bytes, "nn");
  const whole = Number(BigInt.asIntN(64, from1970));
  demand(-62135596800 <= whole && whole <= 253402300799 && nanoseconds < 1000000000n, "header", "a time");
  return whole;
}
function blockHash(bytes) { // empty where there is no block
  const { 1: hash, 2: partSet } = message(bytes, "bm");
  const { 1: total, 2: root } = message(partSet, "nb");
  const isBlock = hash.length === 32 && root.length === 32 && total > 0n && total >> 32n === 0n;
  demand(isBlock || (hash.length === 0 && partSet.length === 0), "header", "a block id");
  return hash;
}
async function merkleRoot(leaves) {
  if (leaves.length < 2) return leaves.length === 0 ? sha256() : sha256([0], leaves[0]);
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256([1], await merkleRoot(leaves.slice(0, middle)), await merkleRoot(leaves.slice(middle)));
}

const GO_ZERO = "088092b8c398feffffff01"; // what stands for no time

/** What a header of this chain says: its fields by number, its time, the block before, and its hash. */
export async function readHeader(header, chainID) {
  const fields = message(header, "mbnmmbbbbbbbbb");
  const hashes = [6, 7, 8, 9, 10, 12, 13].map((field) => fields[field].length);
  const isHeader = hashes.every((length, i) => length === 32 || (length === 0 && ![2, 3, 4].includes(i)))
    && fields[2].length <= 50 && fields[11].length <= 64 && fields[14].length === 20 && fields[3] >> 63n === 0n;
  demand(isHeader, "header", "a field is of another length");
  demand(equal(fields[2], utf8(chainID)) && message(fields[1], "nn")[1] === 11n, "header", "it is of another chain");
  const leaves = Object.entries(fields).map(([field, value]) =>
    field === "3" ? integerOf(1, value) : ["1", "4", "5"].includes(field) ? value : bytesOf(1, value));
  return { fields, time: timestamp(fields[4]), previous: blockHash(fields[5]), hash: await merkleRoot(leaves) };
}

/** A header that two thirds of the validators with this hash signed. */
export async function verifyHeader([header, commit, validators], validatorsHash, chainID) {
  const { fields, time, previous, hash } = await readHeader(header, chainID);
  const { 1: listed, 2: proposer } = message(validators, "lb", 10000);
  const set = await Promise.all(listed.map(async (bytes) => {
    const { 1: address, 2: key, 3: power } = message(bytes, "bmnn");
    const { 1: publicKey } = message(key, "b");
    const isOne = publicKey.length === 32 && power > 0n && power < 2n ** 60n;
    demand(isOne && equal((await sha256(publicKey)).subarray(0, 20), address), "header", "a validator");
    return { address: hex(address), publicKey, power, leaf: concat(fieldOf(1, key), integerOf(2, power)) };
  }));
  const total = set.reduce((sum, { power }) => sum + power, 0n);
  const isOrdered = set.every((one, i) => i === 0 || set[i - 1].power > one.power
    || (set[i - 1].power === one.power && set[i - 1].address < one.address));
  const isSet = isOrdered && new Set(set.map(({ address }) => address)).size === set.length && total < 2n ** 60n
    && listed.some((one) => equal(one, proposer))
    && equal(await merkleRoot(set.map(({ leaf }) => leaf)), validatorsHash) && equal(fields[8], validatorsHash);
  demand(isSet, "header", "it is of other validators than the chain's identity names");

  const { 1: height, 2: round, 3: block, 4: slots } = message(commit, "nnml", 10000);
  const isFor = height === fields[3] && height > 0n && round >> 31n === 0n && equal(blockHash(block), hash);
  demand(isFor && slots.length === set.length, "header", "the commit is for another block");
  const little = (tag, value) => value > 0n ? concat([tag], bigEndian(value, 8).reverse()) : [];
  let signed = 0n;
  for (const [i, slot] of slots.entries()) {
    const { 1: flag, 2: address, 3: voted, 4: signature } = message(slot, "nbmb");
    const isVote = flag === 1n ? address.length + signature.length === 0 && hex(voted) === GO_ZERO
      : flag <= 3n && hex(address) === set[i].address && signature.length > 0 && signature.length <= 64;
    demand(isVote && timestamp(voted) !== undefined, "header", "a vote");
    if (flag !== 2n || signed > total * 2n / 3n) continue;
    const vote = concat([8, 2], little(0x11, height), little(0x19, round), fieldOf(4, block), fieldOf(5, voted),
      fieldOf(6, fields[2]));
    const text = concat(varint(vote.length), vote);
    if (await isSigned({ name: "Ed25519" }, set[i].publicKey, signature, text)) signed += set[i].power;
  }
  demand(signed > total * 2n / 3n, "header", "two thirds of the validators did not sign it");
  return { height, hash, time, previous, appHash: fields[11], resultsHash: fields[12] };
}

const bits = (bytes) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");

/** Throws unless the store with this root has exactly these values under these keys (`MultiProof`). */
async function verifyProof(root, keys, values, proof) {
  const queries = await Promise.all(keys.map(async (key, i) =>
    ({ path: bits(await sha256(key)), value: values[i].length > 0 ? await sha256(values[i]) : [] })));
  let at = 0;
  const take = (count) => {
    demand(at + count <= proof.length, "record", "the proof is cut");
    return proof.subarray(at, at += count);
  };
  const node = async (below, depth) => {
    if (below.length === 0) return take(32);
    const [kind] = take(1);
    if (kind === 2) {
      demand(depth < 256, "record", "the proof is too deep");
      const left = await node(below.filter(({ path }) => path[depth] === "0"), depth + 1);
      return sha256([1], left, await node(below.filter(({ path }) => path[depth] === "1"), depth + 1));
    }
    const [path, value] = kind === 1 ? [take(32), take(32)] : [[], []];
    const isPlaced = kind === 0 || bits(path).startsWith(below[0].path.slice(0, depth));
    const isHeld = below.every((query) => equal(query.value, query.path === bits(path) ? value : []));
    demand(kind < 2 && isPlaced && isHeld, "record", "the chain's state has other records");
    return kind === 0 ? new Uint8Array(32) : sha256([0], path, value);
  };
  demand(equal(await node(queries, 0), root) && at === proof.length, "record", "the proof is of another state");
}

// ---- evidence

/** A member of the form that it must have: a number (also in decimal digits), a text, or a choice. */
function member(json, name, form) {
  const value = json?.[name];
  demand(["string", "number"].includes(typeof value) && form.test(value), "evidence", `${name} is none`);
  return value;
}
const [NUMBER, TEXT] = [/^(0|[1-9][0-9]{0,17})$/, /^[ -~]{1,64}$/];

/**
 * What the answer to `/cloister/v1/evidence` proves; throws `Refused`. `expected` is what the caller knows by another
 * way: `chainID`; `root` (SHA-256 of its SubjectPublicKeyInfo) and `measurement`, in hexadecimal; `identity`, the hash
 * of the chain's, without which a chain that has another root, too, is refused: whoever owns that can make evidence;
 * `allowSimulated`; and `ageMax`, how many seconds old the state may be. `now` is in seconds since 1970.
 */
export async function verifyEvidence(body, expected, now = Date.now() / 1000) {
  for (const name of ["root", "measurement"]) demand(/^[0-9a-f]{64}$/.test(expected[name]), name, "none is expected");
  const json = body.length <= 4 << 20 && (await new Response(body).json().catch(() => null));
  demand(json && JSON.stringify(json) === body, "evidence", "it is not written as nodes write it");
  const bytes = (name, from = json) => base64(from?.[name], name.endsWith("quote") ? 1 << 14 : 1 << 21, name);
  const { identity, register_record: record } = json;
  const chainID = member(identity, "chain_id", TEXT), { attestation_roots: listed } = identity;
  demand(chainID === expected.chainID, "chain", `the evidence is of chain ${chainID}, not of ${expected.chainID}`);
  demand(Array.isArray(listed) && listed.length <= 64, "evidence", "attestation_roots is no list");
  const roots = listed.map((root) => ({
    name: utf8(member(root, "name", TEXT)), hash: base64(root.spki_sha256, 32, "spki_sha256"),
    kind: member(root, "kind", /^ROOT_KIND_(SIMULATED|HARDWARE)$/) === "ROOT_KIND_SIMULATED" ? 1 : 2,
  }));
  const profile = member(identity, "profile", /^PROFILE_(DEVELOPMENT|PRODUCTION)$/) === "PROFILE_DEVELOPMENT" ? 1 : 2;
  const numbers = (names) => names.map(([field, name]) => integerOf(field, BigInt(member(identity, name, NUMBER))));
  // Nodes from before there were epochs do not name them.
  const epochs = [[10, "epoch_blocks"], [11, "epoch_grace_blocks"]].filter(([, name]) => name in identity);
  const validatorsHash = bytes("initial_validators_hash", identity);
  const identityHash = await sha256(fieldOf(1, utf8(chainID)),
    ...numbers([[2, "genesis_seconds"], [3, "genesis_nanoseconds"], [4, "initial_height"]]), bytesOf(5, validatorsHash),
    ...roots.map(({ name, hash, kind }) => fieldOf(6, concat(fieldOf(1, name), bytesOf(2, hash), integerOf(3, kind)))),
    integerOf(7, profile), ...numbers([[8, "lease_answers"], [9, "lease_seconds"], ...epochs]));
  const isKnown = expected.identity !== undefined, isOnly = (hash) => isKnown || hex(hash) === expected.root;
  demand(!isKnown || hex(identityHash) === expected.identity, "identity", "it is another chain of this name");

  const [io, seed] = [bytes("io_exchange_key"), bytes("seed_exchange_key")];
  demand(io.length === 32 && seed.length === 32, "key", "a key has 32 bytes");
  const isOverKeys = async ({ reportData }, founder, ioKey = io) => {
    const digest = sha256(utf8(`cloister/network-keys/${founder ? 3 : 2}`), identityHash, ioKey, seed, founder ?? []);
    return equal(reportData, concat(await digest, reportData.subarray(32, 36), new Uint8Array(28)));
  };
  const quoted = await verifyQuote(bytes("quote"), roots, now, expected.allowSimulated), root = hex(quoted.root.hash);
  demand(root === expected.root, "root", `${root} is not the expected one`);
  demand(roots.every(({ hash }) => isOnly(hash)), "root", "the chain has another root than the expected one, too");
  demand(equal(quoted.measurement, bytes("measurement")), "program", "the quote is of another than the node names");
  let founder;
  if (json.founder_quote) { // of the program that made the keys, where another took them over
    const maker = await verifyQuote(bytes("founder_quote"), roots, now, expected.allowSimulated);
    // Where keys have been exchanged since, it is over an earlier one, beside the network's lasting key.
    const first = bytes(identity.epoch_blocks > 0 && json.founder_io_exchange_key ? "founder_io_exchange_key" : "io_exchange_key");
    demand(await isOverKeys(maker, undefined, first), "program", "nothing shows whose the keys were that the enclave took over");
    founder = maker.measurement;
  }
  const measurement = hex(founder ?? quoted.measurement);
  demand(measurement === expected.measurement, "program", `${measurement} is not the expected one`);
  demand(await isOverKeys(quoted, founder), "key", "the quote is over another key, or over another chain");
  // Of the facts: simulated, and production.
  demand((quoted.reportData[35] & 3) === 2 * profile - quoted.root.kind, "platform", "not what profile and root say");

  const proofs = ["header", "commit", "validators"].map((name) => bytes(name, json.header));
  const header = await verifyHeader(proofs, validatorsHash, chainID);
  const stores = Array.isArray(record?.store_roots) ? record.store_roots.slice(0, 65) : [];
  const named = stores.map((store) => ({ name: member(store, "name", TEXT), root: base64(store.root, 32, "root") }));
  const isOrdered = named.length <= 64 && named.every(({ name }, i) => i === 0 || named[i - 1].name < name);
  const leaf = async ({ name, root }) => concat([name.length], utf8(name), [32], await sha256(root));
  const register = named.find(({ name, root }) => name === "register" && root.length === 32);
  const isOf = isOrdered && register && equal(await merkleRoot(await Promise.all(named.map(leaf))), header.appHash)
    && BigInt(member(record, "height", NUMBER)) === header.height - 1n;
  demand(isOf, "record", "the stores are not those of the header");
  const names = ["io_exchange_record", "seed_exchange_record", "policy_record", "release_head_record"];
  const values = names.map((name, i) => (i > 1 && !record[name] ? new Uint8Array() : bytes(name, record)));
  const keys = [utf8("\u0002IoExchMasterKey"), utf8("\u0002NodeExchMasterKey"), [3], [5]];
  await verifyProof(register.root, keys, values, bytes("proof", record));
  demand(equal(values[0], fieldOf(1, io)) && equal(values[1], fieldOf(1, seed)), "record", "other keys are given out");
  const { 1: others, 2: programs, 3: versionMin, 7: planned } = message(values[2], "llnnnll");
  demand(others.every((one) => isOnly(message(one, "bbn")[2])), "approval", "the chain's state approves another root");
  // Those of which a later time than that of the header's block is said are not approved yet.
  for (const one of planned.map((one) => message(one, "bn"))) if (one[2] <= header.time) programs.push(one[1]);
  const isApproved = programs.some((one) => equal(one, quoted.measurement)) && quoted.version >= versionMin;
  demand(!founder || isApproved, "approval", "the chain's state does not approve the program that took over");
  const shown = admit(undefined, stateOf(header.height - 1n, header), expected.ageMax, now);
  const chain = { chainID, identity: hex(identityHash), validatorsHash };
  return { ...chain, ioExchangeKey: io, measurement, root, isSimulated: true, shown };
}
const stateOf = (height, { hash, time }) => ({ height: Number(height), headerHash: hex(hash), seconds: time });

// ---- answers

const double = (block) => bigEndian((number(block) << 1n) ^ (block[0] & 0x80 ? 0x87n : 0n), 16); // RFC 5297, 2.3
const xor = (a, b) => a.map((byte, i) => byte ^ b[i]);

/** AES-128-SIV (RFC 5297) with at least 16 bytes of plaintext; `null` if nobody who has the key sealed it like this. */
async function openSIV(key, sealed, associated) {
  const imported = (bytes, name) => subtle.importKey("raw", bytes, name, false, ["encrypt"]);
  const [cbc, ctr] = [await imported(key.subarray(0, 16), "AES-CBC"), await imported(key.subarray(16), "AES-CTR")];
  const chain = async (bytes) => // the last block of CBC; WebCrypto adds one of padding
    new Uint8Array(await subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, cbc, bytes)).subarray(-32, -16);
  const mask = double(await chain(new Uint8Array(16)));
  const cmac = (bytes) => { // RFC 4493
    const isFull = bytes.length > 0 && bytes.length % 16 === 0;
    const padded = isFull ? concat(bytes) : concat(bytes, [0x80], new Uint8Array(15 - (bytes.length % 16)));
    padded.set(xor(padded.subarray(-16), isFull ? mask : double(mask)), padded.length - 16);
    return chain(padded);
  };
  const [tag, counter] = [sealed.subarray(0, 16), concat(sealed.subarray(0, 16))]; // a copy: a Buffer's slice is none
  [counter[8], counter[12]] = [counter[8] & 0x7f, counter[12] & 0x7f];
  const plain = new Uint8Array(await subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, ctr, sealed.slice(16)));
  let sum = await cmac(new Uint8Array(16));
  for (const datum of associated) sum = xor(double(sum), await cmac(datum));
  return equal(await cmac(concat(plain.subarray(0, -16), xor(plain.subarray(-16), sum))), tag) ? plain : null;
}

/** What the enclave says of `answer` of the contract at an address: of which state it is. Throws `Refused`. */
export async function openStamp(key, stamp, answer, contract) {
  const associated = [utf8("cloister answer stamp"), await sha256(answer), utf8(contract)];
  const plain = stamp.length === 76 && (await openSIV(key, stamp, associated));
  demand(plain, "answer", "what the enclave says of its answer is for another one");
  const [height, time] = [number(plain.subarray(0, 8)), number(plain.subarray(40, 48))];
  const isTime = time <= 253402300799n && number(plain.subarray(48, 52)) < 1000000000n;
  demand(height < 2n ** 53n && isTime, "answer", "what the enclave says of its answer is none");
  return stateOf(height, { hash: plain.subarray(8, 40), time: Number(time) });
}

/** The newer of what was shown before and of this state; throws unless a caller may take it for the present. */
export function admit(shown, state, ageMax, now = Date.now() / 1000) {
  const [{ height, headerHash, seconds }, slack, age] = [state, 60, now - state.seconds]; // nodes differ by a little
  demand(height !== shown?.height || headerHash === shown.headerHash, "stale", `another branch at height ${height}`);
  demand(!(seconds + slack < shown?.seconds), "stale", `of height ${height}, and ${shown?.height} was shown before`);
  demand(ageMax === undefined || age <= ageMax, "stale", `the state is ${Math.floor(age)} seconds old`);
  return shown?.height >= height ? shown : state;
}
