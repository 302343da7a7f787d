// What the tests need of a client and of a liar: queries sealed and answers opened as the protocol of Secret Network has
// it, over Node's own AES (verify.js does it over WebCrypto), the calls of secret.js, and changed copies.
import crypto from "node:crypto";
import fs from "node:fs";

const zeros = (count) => Buffer.alloc(count);
const SALT = Buffer.from("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d", "hex");

function aes(key, mode, iv, bytes) {
  const cipher = crypto.createCipheriv(`aes-128-${mode}`, key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}
function double(block) {
  const value = (BigInt("0x" + block.toString("hex")) << 1n) ^ (block[0] & 0x80 ? 0x87n : 0n);
  return Buffer.from((value & (2n ** 128n - 1n)).toString(16).padStart(32, "0"), "hex");
}
const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ b[i]));

function cmac(key, bytes) {
  const mask = double(aes(key, "ecb", null, zeros(16)));
  const blocks = Math.max(1, Math.ceil(bytes.length / 16));
  let chained = zeros(16);
  for (let i = 0; i < blocks - 1; i++) chained = aes(key, "ecb", null, xor(chained, bytes.subarray(16 * i, 16 * i + 16)));
  const rest = bytes.subarray(16 * (blocks - 1));
  const last = rest.length === 16
    ? xor(rest, mask) : xor(Buffer.concat([rest, Buffer.from([0x80]), zeros(15 - rest.length)]), double(mask));
  return aes(key, "ecb", null, xor(chained, last));
}

function synthesise(key, plain, associated) {
  let sum = cmac(key, zeros(16));
  for (const datum of associated) sum = xor(double(sum), cmac(key, datum));
  if (plain.length < 16) {
    return cmac(key, xor(double(sum), Buffer.concat([plain, Buffer.from([0x80]), zeros(15 - plain.length)])));
  }
  return cmac(key, Buffer.concat([plain.subarray(0, -16), xor(plain.subarray(-16), sum)]));
}
function counter(tag) {
  const iv = Buffer.from(tag);
  iv[8] &= 0x7f;
  iv[12] &= 0x7f;
  return iv;
}

/** AES-128-SIV (RFC 5297). */
export function seal(key, plain, associated = [Buffer.alloc(0)]) {
  const tag = synthesise(key.subarray(0, 16), plain, associated);
  return Buffer.concat([tag, aes(key.subarray(16), "ctr", counter(tag), plain)]);
}
export function open(key, sealed, associated = [Buffer.alloc(0)]) {
  const tag = sealed.subarray(0, 16);
  const plain = aes(key.subarray(16), "ctr", counter(tag), sealed.subarray(16));
  return synthesise(key.subarray(0, 16), plain, associated).equals(tag) ? plain : null;
}

const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
const SPKI = Buffer.from("302a300506032b656e032100", "hex");

/** What secret.js keeps under this name, as far as it is public or looked at. */
export class EncryptionUtils {
  constructor(seed, fetchKey) {
    this.own = crypto.createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
    this.pubkey = crypto.createPublicKey(this.own).export({ format: "der", type: "spki" }).subarray(-32);
    [this.fetchKey, this.consensusIoPubKey] = [fetchKey, new Uint8Array()];
  }
  async getTxEncryptionKey(nonce) {
    if (this.consensusIoPubKey.length === 0) this.consensusIoPubKey = await this.fetchKey();
    const key = Buffer.concat([SPKI, this.consensusIoPubKey]);
    const publicKey = crypto.createPublicKey({ key, format: "der", type: "spki" });
    const shared = crypto.diffieHellman({ privateKey: this.own, publicKey });
    return Buffer.from(crypto.hkdfSync("sha256", Buffer.concat([shared, nonce]), SALT, "", 32));
  }
  async encrypt(codeHash, message, nonce = crypto.randomBytes(32)) {
    const sealed = seal(await this.getTxEncryptionKey(nonce), Buffer.from(codeHash + JSON.stringify(message)));
    return Buffer.concat([nonce, this.pubkey, sealed]);
  }
}

/** A client that asks as secret.js asks: the node's key once, then a GET for each query, by the `fetch` that it finds. */
export class Client {
  constructor(url, seed) {
    this.url = url;
    this.encryptionUtils = new EncryptionUtils(seed, async () =>
      Buffer.from((await this.get("/registration/v1beta1/tx-key")).key, "base64"));
  }
  async get(path) {
    const response = await fetch(this.url + path, {});
    const body = await response.json();
    if (!response.ok) throw body;
    return body;
  }
  async query(contract, message, sealed = undefined) {
    const { code_hash: codeHash } = sealed ? {} : await this.get(`/compute/v1beta1/code_hash/by_contract_address/${contract}`);
    const query = sealed ?? (await this.encryptionUtils.encrypt(codeHash, message));
    const key = await this.encryptionUtils.getTxEncryptionKey(query.subarray(0, 32));
    const parameters = new URLSearchParams({ query: query.toString("base64") });
    try {
      const { data } = await this.get(`/compute/v1beta1/query/${contract}?${parameters}`);
      return JSON.parse(Buffer.from(open(key, Buffer.from(data, "base64")).toString(), "base64").toString());
    } catch (error) {
      const [, text] = /encrypted: (.+?): query contract failed/.exec(error.message) ?? [];
      if (!text) throw error;
      return open(key, Buffer.from(text, "base64")).toString();
    }
  }
}

/** The verdict; the first of them are lines in the file that CASES names, for the verifier in Python to be held against. */
let casesLeft = 4000;
export function written(shown, verdict) {
  if (process.env.CASES && casesLeft-- > 0) fs.appendFileSync(process.env.CASES, JSON.stringify({ ...shown, verdict }) + "\n");
  return verdict;
}

/** The same numbers at every run (splitmix64). */
export class Numbers {
  constructor(seed) {
    this.state = BigInt(seed);
  }
  below(bound) {
    const mask = 2n ** 64n - 1n;
    this.state = (this.state + 0x9e3779b97f4a7c15n) & mask;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return Number((z ^ (z >> 31n)) % BigInt(bound));
  }
  pick(list) {
    return list[this.below(list.length)];
  }
}

/** Bytes with a bit flipped, a byte replaced, cut, repeated, taken out, or made longer. */
export function changed(bytes, numbers) {
  const copy = Buffer.from(bytes);
  const at = numbers.below(Math.max(1, copy.length));
  switch (numbers.below(8)) {
    case 0: return copy.subarray(0, at);
    case 1: return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1)]);
    case 2: return Buffer.concat([copy, Buffer.from([numbers.below(256)])]);
    case 3: return Buffer.concat([copy.subarray(0, at + 1), copy.subarray(at)]);
    case 4: copy[at] = numbers.below(256); break;
    default: copy[at] ^= 1 << numbers.below(8);
  }
  return copy;
}
