// Questions to contracts for pages and programs that have no client library: sealed for the enclave, asked through
// `verifiedFetch`, and answered in clear. It reads; transactions need a wallet.
import { queryKey, verifiedFetch } from "./fetch.js";
import { base64, concat, equal, unhex, utf8 } from "./verify.js";

const { crypto = (await import("node:crypto")).webcrypto } = globalThis;
const { subtle } = crypto;
const BYTES_MAX = 16 << 20;
/** Messages are filled up to a multiple of this, as the client `cloister` does: their length tells less. */
const MULTIPLE = 256;

/** What a contract said instead of an answer. */
export class ContractRefusal extends Error {
  name = "ContractRefusal";
}

const xor = (a, b) => a.map((byte, i) => byte ^ b[i]);
const double = (block) =>
  block.map((byte, i) => (byte << 1) ^ ((block[i + 1] ?? 0) >> 7) ^ (i === 15 ? 0x87 * (block[0] >> 7) : 0));
const padded = (bytes) => concat(bytes, [0x80], new Uint8Array(15 - (bytes.length % 16)));

/** The tag of AES-128-SIV over one empty datum and `plain` (RFC 5297, section 2.4). */
async function synthesise(key, plain) {
  const cbc = await subtle.importKey("raw", key.slice(0, 16), "AES-CBC", false, ["encrypt"]);
  const chain = async (bytes) => // the last block of CBC; WebCrypto adds one of padding
    new Uint8Array(await subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, cbc, bytes)).slice(-32, -16);
  const mask = double(await chain(new Uint8Array(16)));
  const cmac = (bytes) => { // RFC 4493
    const isFull = bytes.length > 0 && bytes.length % 16 === 0;
    const blocks = isFull ? concat(bytes) : padded(bytes);
    blocks.set(xor(blocks.slice(-16), isFull ? mask : double(mask)), blocks.length - 16);
    return chain(blocks);
  };
  const sum = xor(double(await cmac(new Uint8Array(16))), await cmac(new Uint8Array()));
  if (plain.length < 16) return cmac(xor(double(sum), padded(plain)));
  return cmac(concat(plain.slice(0, -16), xor(plain.slice(-16), sum)));
}

async function counted(key, tag, bytes) {
  const counter = concat(tag);
  [counter[8], counter[12]] = [counter[8] & 0x7f, counter[12] & 0x7f];
  const ctr = await subtle.importKey("raw", key.slice(16), "AES-CTR", false, ["encrypt"]);
  return new Uint8Array(await subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, ctr, bytes));
}

export async function seal(key, plain) {
  const tag = await synthesise(key, plain);
  return concat(tag, await counted(key, tag, plain));
}

/** `null` if nobody who has the key sealed it. */
export async function open(key, sealed) {
  if (sealed.length < 16) return null;
  const tag = sealed.slice(0, 16);
  const plain = await counted(key, tag, sealed.slice(16));
  return equal(await synthesise(key, plain), tag) ? plain : null;
}

const text64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** The public key of a private one, which only X25519's JWK tells. */
async function publicKey(seed) {
  const wrapped = concat(unhex("302e020100300506032b656e04220420"), seed);
  const own = await subtle.importKey("pkcs8", wrapped, { name: "X25519" }, true, ["deriveBits"]);
  const { x } = await subtle.exportKey("jwk", own);
  return base64(x.replace(/-/g, "+").replace(/_/g, "/").padEnd(44, "="), 32, "key");
}

/**
 * Asks contracts of the network behind `node`. `expected` is that of `verifyEvidence` (verify.js): nothing is sent before
 * it holds. `seed` is this client's private key, another one each time if none is given. The function that comes back
 * takes a contract's address, the hash of its code and a question, and returns the answer; it throws `ContractRefusal`
 * with what the contract said, and `Refused` for what the node cannot prove. The hash must come from a build that is
 * trusted, never from the node: the enclave opens the question for whichever contract of that code it is asked for.
 */
export function asker(node, expected, { fetch, seed = crypto.getRandomValues(new Uint8Array(32)), shown } = {}) {
  const verified = verifiedFetch(expected, { fetch, encryptionSeed: seed, shown });
  const get = async (path) => {
    const response = await verified(node + path);
    return [response.ok, await response.json()];
  };
  const failed = (said) => new Error(`the node says: ${String(said.message).slice(0, 200)}`);
  return async (contract, codeHash, question) => {
    if (!/^[0-9a-z]{1,100}$/.test(contract)) throw new TypeError("the contract's address is none");
    if (!/^[0-9a-f]{64}$/.test(codeHash)) throw new TypeError("a code hash has 64 hexadecimal digits");
    const [, told] = await get("/registration/v1beta1/tx-key");
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const key = await queryKey(seed, base64(told.key, 32, "key"), nonce);
    const message = utf8(codeHash + JSON.stringify(question));
    const spaces = (MULTIPLE - (message.length % MULTIPLE)) % MULTIPLE;
    const sealed = await seal(key, concat(message, new Uint8Array(spaces).fill(0x20)));
    const query = encodeURIComponent(text64(concat(nonce, await publicKey(seed), sealed)));
    const [isAnswer, said] = await get(`/compute/v1beta1/query/${contract}?query=${query}`);
    const refusal = isAnswer ? null : /encrypted: (.+?): query contract failed/.exec(said.message);
    if (!isAnswer && !refusal) throw failed(said);
    const plain = await open(key, base64(isAnswer ? said.data : refusal[1], BYTES_MAX, "answer"));
    if (!plain) throw new Error("the answer is not sealed for this question");
    const text = new TextDecoder().decode(plain);
    if (refusal) throw new ContractRefusal(text.trimEnd()); // the enclave fills errors up
    return JSON.parse(new TextDecoder().decode(base64(text, BYTES_MAX, "answer")));
  };
}
