// Evidence and headers made here, under a root and by validators of the test's own: whatever a quote may say, well signed.
import crypto from "node:crypto";

const varint = (value) => (value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)]);
const integer = (number, value) =>
  value === 0n ? Buffer.alloc(0) : Buffer.from([8 * number, ...varint(BigInt.asUintN(64, value))]);
const field = (number, content) => Buffer.from([8 * number + 2, ...varint(BigInt(content.length)), ...content]);
export const sha256 = (...parts) => crypto.createHash("sha256").update(Buffer.concat(parts)).digest();
const root = (leaves) => {
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0]);
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Buffer.from([1]), root(leaves.slice(0, middle)), root(leaves.slice(middle)));
};

/** A header of these powers' validators, signed by those of `flags` 2, and what proves it. */
export function signedHeader({
  powers, flags, chainID = "c-1", height = 9n, round = 0n, swap = false, address, appHash, previous, dataHash, resultsHash,
  priority = (i) => BigInt(-i), hasProposer = true,
}) {
  const validators = powers.map((power, i) => {
    const key = crypto.createPrivateKey({
      key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), sha256(Buffer.from([i]))]),
      format: "der", type: "pkcs8",
    });
    const publicKey = crypto.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    return { power, key, publicKey, address: sha256(publicKey).subarray(0, 20) };
  }).sort((a, b) => Number(b.power - a.power) || Buffer.compare(a.address, b.address));
  if (swap) [validators[0], validators[1]] = [validators[1], validators[0]];
  const hash = root(validators.map(({ publicKey, power }) => Buffer.concat([field(1, field(1, publicKey)), integer(2, power)])));
  const time = Buffer.concat([integer(1, 1_800_000_000n), integer(2, 5n)]);
  const parts = Buffer.concat([integer(1, 1n), field(2, sha256())]);
  const before = Buffer.concat([field(1, previous ?? sha256()), field(2, parts)]);
  const contents = [integer(1, 11n), Buffer.from(chainID), height, time, before, sha256(), dataHash ?? sha256(), hash, hash,
    sha256(), appHash ?? sha256(), resultsHash ?? sha256(), sha256(), validators[0].address];
  const header = Buffer.concat(contents.map((one, i) => (i === 2 ? integer(3, one) : field(i + 1, one))));
  const headerHash = root(contents.map((one, i) => (i === 2 ? integer(1, one) : [0, 3, 4].includes(i) ? one : field(1, one))));
  const block = Buffer.concat([field(1, headerHash), field(2, parts)]);
  const little = (tag, value) => {
    const bytes = Buffer.alloc(9, tag);
    bytes.writeBigInt64LE(value, 1);
    return bytes;
  };
  const slots = validators.map(({ key, address: own }, i) => {
    const goZero = integer(1, -62135596800n);
    if (flags[i] === 1) return field(4, Buffer.concat([integer(1, 1n), field(3, goZero)]));
    const vote = Buffer.concat([integer(1, 2n), little(0x11, height), round > 0n ? little(0x19, round) : Buffer.alloc(0),
      flags[i] === 2 ? field(4, block) : Buffer.alloc(0), field(5, time), field(6, Buffer.from(chainID))]);
    const signature = crypto.sign(null, Buffer.from([...varint(BigInt(vote.length)), ...vote]), key);
    return field(4, Buffer.concat([integer(1, BigInt(flags[i])), field(2, address ?? own), field(3, time), field(4, signature)]));
  });
  const commit = Buffer.concat([integer(1, height), integer(2, round), field(3, block), ...slots]);
  const list = validators.map(({ publicKey, power, address }, i) => field(1,
    Buffer.concat([field(1, address), field(2, field(1, publicKey)), integer(3, power), integer(4, priority(i))])));
  // Behind the list stands the one whose turn it is to propose.
  const proposer = Buffer.concat([Buffer.from([0x12]), list[0].subarray(1)]);
  return { hash, headerHash, shown: [header, commit, Buffer.concat(hasProposer ? [...list, proposer] : list)] };
}

/** An inclusion proof of RFC 9942, section 5.2, for one of the leaves. */
export function inclusionProof(leaves, index) {
  const head = (kind, value) => value < 24 ? [kind << 5 | value]
    : value < 256 ? [kind << 5 | 24, value] : [kind << 5 | 25, value >> 8, value & 255];
  const path = (from, to) => {
    if (to - from === 1) return [];
    const middle = from + 2 ** Math.floor(Math.log2(to - from - 1));
    const [own, other] = index < middle ? [[from, middle], [middle, to]] : [[middle, to], [from, middle]];
    return [...path(...own), root(leaves.slice(...other))];
  };
  const hashes = path(0, leaves.length);
  return Buffer.from([...head(4, 3), ...head(0, leaves.length), ...head(0, index), ...head(4, hashes.length),
    ...hashes.flatMap((hash) => [...head(2, 32), ...hash])]);
}

/** What a node shows of the transaction at `index` of a block of `count`, whose result says `output` if that is given. */
export function mintReceipt({ count = 5, index = 2, height = 8n, output, flags = [2, 2, 1], change = () => {} } = {}) {
  const network = { chainID: "c-1", validatorsHash: signedHeader({ powers: [3n, 2n, 2n], flags }).hash };
  const names = Array.from({ length: count }, (_, i) => sha256(Buffer.from(`transaction ${i}`)));
  const salt = output ? sha256(Buffer.from("salt")) : Buffer.alloc(0);
  const attribute = (pair) => field(2, Buffer.concat(pair.flatMap((text, i) => text ? [field(i + 1, Buffer.from(text))] : [])));
  const said = output ? Buffer.concat([
    ...["codespace", "log"].flatMap((name, i) => output[name] ? [field(i + 1, Buffer.from(output[name]))] : []),
    ...(output.events ?? []).map(([type, ...pairs]) => field(4, Buffer.concat([field(1, Buffer.from(type)), ...pairs.map(attribute)]))),
  ]) : Buffer.alloc(0);
  const data = output ? Buffer.from(output.data ?? "") : Buffer.alloc(0);
  const committed = output ? Buffer.concat([sha256(salt, data), sha256(salt, said), sha256()]) : Buffer.from("response");
  const results = names.map((_, i) => i !== index ? Buffer.from([8, i + 1]) : Buffer.concat([
    integer(1, BigInt(output?.code ?? 0)), field(2, committed), integer(5, 100000n), integer(6, 51234n)]));
  const parts = { names, results, index, committed, data, said, salt };
  change(parts);
  const powers = [3n, 2n, 2n];
  const block = signedHeader({ powers, flags: [2, 2, 2], height, dataHash: root(names) });
  const { shown: [header, commit, validators] } = signedHeader({
    powers, flags, height: height + 1n, previous: block.headerHash, resultsHash: root(parts.results), priority: () => 0n, ...parts.next,
  });
  const text = (bytes) => bytes.length === 0 ? null : bytes.toString("base64");
  const receipt = {
    header: text(block.shown[0]), transaction_proof: text(inclusionProof(names, parts.index)),
    result: text(results[index]), result_proof: text(inclusionProof(parts.results, index)),
    next_header: { height: `${height + 1n}`, app_hash: text(sha256()), header: text(header), commit: text(commit), validators: text(validators) },
    data: text(parts.data), said: text(parts.said), salt: text(parts.salt),
  };
  return { receipt, hash: names[index].toString("hex"), network, parts };
}

// ---- certificates

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = content.length < 128 ? [content.length]
    : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts) => der(0x30, ...parts);
const identifier = (text) => der(6, Buffer.from(text, "hex"));
const number = (bytes) => {
  let digits = Buffer.from(bytes);
  while (digits.length > 1 && digits[0] === 0) digits = digits.subarray(1);
  return der(2, digits[0] > 127 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
};
const name = (common, organization) => sequence(...[["55040a", organization], ["550403", common]].map(([oid, text]) =>
  der(0x31, sequence(identifier(oid), der(0x0c, Buffer.from(text))))));
const ECDSA = sequence(identifier("2a8648ce3d040302"));
const SGX = "2a864886f84d010d01";

function sign(key, text) { // r || s
  return crypto.sign("sha256", text, { key, dsaEncoding: "ieee-p1363" });
}
const newKey = () => crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
const info = (key) => key.export({ format: "der", type: "spki" });
const point = (key) => info(key).subarray(-64);

function certificate({ subject, issuer, key, signer, extensions, long, years = ["250101000000Z", "450101000000Z"] }) {
  const listed = extensions.map(([oid, critical, value]) =>
    sequence(identifier(oid), critical ? der(1, [255]) : [], der(4, value)));
  const signed = sequence(der(0xa0, number([2])), number([7]), ECDSA, issuer, sequence(...years.map((year) =>
    der(0x17, Buffer.from(year)))), subject, info(key), der(0xa3, sequence(...listed)));
  const signature = sign(signer, signed);
  const first = Buffer.concat([Buffer.from(long ? [1] : []), signature.subarray(0, 32)]);
  const numbers = sequence(number(first), number(signature.subarray(32)));
  const all = sequence(signed, ECDSA, der(3, [0], numbers));
  return `-----BEGIN CERTIFICATE-----\n${all.toString("base64").replace(/(.{64})(?=.)/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
}
const authority = (pathMax) => [["551d13", true, sequence(der(1, [255]), number([pathMax]))], ["551d0f", true, der(3, [1, 6])]];

/** A machine with its quoting enclave: quotes whatever body it is given. */
function platform(options) {
  const { organization = "SIMULATION - NOT INTEL", family = "53494d000001", userData = "SIMULATED-QUOTE-0001" } = options;
  const [root, middle, machine, attestation] = [newKey(), newKey(), newKey(), newKey()];
  const names = ["root", "authority", "machine"].map((common) => name(common, organization));
  const versions = Array.from({ length: 17 }, (_, i) => sequence(identifier(SGX + "02" + (i + 1).toString(16).padStart(2, "0")), number([i])));
  versions.push(sequence(identifier(SGX + "0212"), der(4, Buffer.alloc(16))));
  const extension = sequence(...[["01", der(4, Buffer.alloc(16))], ["02", sequence(...versions)], ["03", der(4, Buffer.alloc(2))],
    ["04", der(4, Buffer.from(family, "hex"))], ["05", der(10, [0])]].map(([end, value]) => sequence(identifier(SGX + end), value)));
  const leaf = [["551d13", true, sequence()], ["551d0f", true, der(3, [6, 0xc0])], [SGX, false, extension]];
  const [years, signer] = [options.years, options.foreignAuthority ? newKey() : middle];
  const text = certificate({ subject: names[2], issuer: names[1], key: machine.publicKey, signer: signer.privateKey,
      extensions: options.leaf?.(leaf) ?? leaf, years, long: options.long })
    + certificate({ subject: names[1], issuer: names[0], key: middle.publicKey, signer: root.privateKey,
      extensions: options.authority ?? authority(0) })
    + certificate({ subject: names[0], issuer: names[0], key: root.publicKey, signer: root.privateKey, extensions: authority(1) });
  const quote = (body) => {
    const head = Buffer.alloc(48);
    Buffer.from("03000200", "hex").copy(head);
    Buffer.from("939a7233f79c4ca9940a0db3957f0607", "hex").copy(head, 12);
    Buffer.from(userData).copy(head, 28);
    const [report, authentication] = [Buffer.alloc(384), Buffer.alloc(32, 3)];
    sha256(Buffer.from(options.quoter ?? "sim-qe-signer")).copy(report, 128);
    sha256(point(attestation.publicKey), options.unbound ? Buffer.alloc(32) : authentication).copy(report, 320);
    const u16 = (value) => Buffer.from([value & 255, value >> 8]);
    const u32 = (value) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);
    const signed = Buffer.concat([head, body]);
    const chain = Buffer.from(text + "\0");
    const data = Buffer.concat([sign(attestation.privateKey, signed), point(attestation.publicKey), report,
      sign(machine.privateKey, report), u16(32), authentication, u16(5), u32(chain.length), chain]);
    return Buffer.concat([signed, u32(data.length), data]);
  };
  return { quote, rootHash: sha256(info(root.publicKey)) };
}

/** One store with these values, and one proof over all `keys`. */
function proved(keys, values) {
  const queries = keys.map((key) => bits(sha256(key)));
  const leaves = keys.map((key, i) => ({ path: sha256(key), value: values[i] })).filter(({ value }) => value.length > 0)
    .map(({ path, value }) => ({ path, bits: bits(path), value: sha256(value) }));
  const leaf = ({ path, value }) => sha256(Buffer.from([0]), path, value);
  const hash = (below, depth) => {
    if (below.length < 2) return below.length === 0 ? Buffer.alloc(32) : leaf(below[0]);
    const [left, right] = ["0", "1"].map((bit) => hash(below.filter((one) => one.bits[depth] === bit), depth + 1));
    return sha256(Buffer.from([1]), left, right);
  };
  const write = (below, asked, depth) => {
    if (asked.length === 0) return hash(below, depth);
    if (below.length === 0) return Buffer.from([0]);
    if (below.length === 1) return Buffer.concat([Buffer.from([1]), below[0].path, below[0].value]);
    return Buffer.concat([Buffer.from([2]), ...["0", "1"].map((bit) =>
      write(below.filter((one) => one.bits[depth] === bit), asked.filter((path) => path[depth] === bit), depth + 1))]);
  };
  return { root: hash(leaves, 0), proof: write(leaves, queries, 0) };
}
const bits = (bytes) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");

/**
 * A network's evidence, and what a caller expects of it. `options.body` changes what is quoted before it is signed;
 * `options.machine` is that of other evidence, `options.epochs` after how many blocks keys are exchanged and the grace,
 * `options.io` the present io key, and `options.firstIO` the one that the founder's quote is over.
 */
export function mint(options = {}) {
  const machine = options.machine ?? platform(options);
  const [io, seed] = [options.io ?? Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const epochs = options.epochs ?? [0n, 0n];
  const height = options.height ?? 9n;
  const [program, maker] = [Buffer.alloc(32, 0x0a), Buffer.alloc(32, 0x0b)];
  const set = signedHeader({ powers: [3n, 2n, 2n], flags: [2, 2, 2] });
  const kind = options.kind ?? 1;
  const production = options.production ?? false;
  const otherRoots = options.otherRoots ?? [];
  const identity = Buffer.concat([field(1, Buffer.from("c-1")), integer(2, 1_800_000_000n), integer(4, 1n), field(5, set.hash),
    field(6, Buffer.concat([field(1, Buffer.from("root")), field(2, machine.rootHash), integer(3, BigInt(kind))])),
    ...otherRoots.map(([name, hash]) => field(6, Buffer.concat([field(1, Buffer.from(name)), field(2, hash), integer(3, 1n)]))),
    integer(7, production ? 2n : 1n), integer(10, epochs[0]), integer(11, epochs[1])]);
  const body = (measurement, founder, key = io) => {
    const bytes = Buffer.alloc(384);
    bytes[48] = 1;
    measurement.copy(bytes, 64);
    const tag = Buffer.from(`cloister/network-keys/${founder ? 3 : 2}`);
    sha256(tag, sha256(identity), key, seed, founder ?? Buffer.alloc(0)).copy(bytes, 320);
    bytes[355] = options.facts ?? (production ? 3 : 1);
    return bytes;
  };
  const own = body(program, options.founder && maker);
  options.body?.(own);
  const approved = options.approved ?? [program];
  const approvedRoots = (options.approvedRoots ?? []).map((hash) =>
    field(1, Buffer.concat([field(1, Buffer.from("other")), field(2, hash), integer(3, 1n)])));
  const versionMin = options.versionMin ? [integer(3, options.versionMin)] : [];
  const asked = (options.asked ?? []).map((one) => field(6, one));
  const planned = (options.planned ?? []).map(([one, time]) => field(7, Buffer.concat([field(1, one), integer(2, BigInt(time))])));
  const policy = Buffer.concat([...approvedRoots, ...approved.map((one) => field(2, one)), ...versionMin, integer(4, 12n),
    integer(5, 100n), ...asked, ...planned]);
  const master = (key) => field(1, key);
  const keys = [Buffer.from("\u0002IoExchMasterKey"), Buffer.from("\u0002NodeExchMasterKey"), Buffer.from([3]), Buffer.from([5])];
  const values = [master(io), master(seed), policy, Buffer.alloc(0)];
  const { root: register, proof } = proved(keys, values);
  const stores = [["bank", sha256()], ["register", register]];
  const appHash = root(stores.map(([name, root]) => Buffer.from([name.length, ...Buffer.from(name), 32, ...sha256(root)])));
  const { shown } = signedHeader({ powers: [3n, 2n, 2n], flags: options.flags ?? [2, 2, 1], appHash, height });
  const text = (bytes) => bytes.toString("base64");
  const made = machine.quote(body(maker, undefined, options.firstIO));
  const evidence = {
    identity: {
      chain_id: "c-1", genesis_seconds: "1800000000", genesis_nanoseconds: 0, initial_height: "1",
      initial_validators_hash: text(set.hash), attestation_roots: [{ name: "root", spki_sha256: text(machine.rootHash),
        kind: kind === 1 ? "ROOT_KIND_SIMULATED" : "ROOT_KIND_HARDWARE" },
      ...otherRoots.map(([name, hash]) => ({ name, spki_sha256: text(hash), kind: "ROOT_KIND_SIMULATED" }))],
      profile: production ? "PROFILE_PRODUCTION" : "PROFILE_DEVELOPMENT", lease_answers: 0, lease_seconds: 0,
      ...(options.epochs ? { epoch_blocks: Number(epochs[0]), epoch_grace_blocks: Number(epochs[1]) } : {}),
    },
    io_exchange_key: text(io), seed_exchange_key: text(seed), quote: text(machine.quote(own)),
    measurement: text(own.subarray(64, 96)),
    register_record: {
      height: `${height - 1n}`, io_exchange_record: text(values[0]), seed_exchange_record: text(values[1]), policy_record: text(policy),
      release_head_record: null, proof: text(proof), store_roots: stores.map(([name, root]) => ({ name, root: text(root) })),
    },
    header: { header: text(shown[0]), commit: text(shown[1]), validators: text(shown[2]) },
    founder_quote: options.founder ? text(options.founder === true ? made : options.founder(machine, body)) : null,
    founder_io_exchange_key: options.firstIO ? text(options.firstIO) : null,
  };
  const expected = {
    chainID: "c-1", root: machine.rootHash.toString("hex"), allowSimulated: true,
    measurement: (options.founder ? maker : program).toString("hex"),
  };
  return {
    evidence: JSON.stringify(evidence), expected, identity: sha256(identity).toString("hex"),
    machine, program: program.toString("hex"), maker: maker.toString("hex"),
  };
}
