// A `fetch` for clients that know nothing of evidence, as secret.js: it stands in the place of the global one. The
// network's key, the answers of contracts and the results of transactions come through it verified (verify.js,
// receipt.js) or not at all; everything else is the node's word, as before. What a client reads is written anew from what
// was verified.
import { verifyReceipt } from "./receipt.js";
import { Refused, admit, base64, concat, demand, equal, hex, openStamp, unhex, utf8, verifyEvidence } from "./verify.js";

const { subtle } = globalThis.crypto ?? (await import("node:crypto")).webcrypto;
const BODY_MAX = 16 << 20;
const ROUTES = new RegExp("^(.*?)/(registration/v1beta1/tx-key$|compute/v1beta1/query/(.*)$"
  + "|cosmos/tx/v1beta1/txs/([0-9A-Fa-f]{64})$)");
const REFUSAL = ": query contract failed: unknown request";
const SALT = unhex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d");

/** The key of one query and its answer: of the client's private key, the network's proved one, and a nonce. */
export async function queryKey(seed, ioExchangeKey, nonce) {
  const wrapped = concat(unhex("302e020100300506032b656e04220420"), seed);
  const own = await subtle.importKey("pkcs8", wrapped, { name: "X25519" }, false, ["deriveBits"]);
  const other = await subtle.importKey("raw", ioExchangeKey, { name: "X25519" }, false, []);
  const shared = new Uint8Array(await subtle.deriveBits({ name: "X25519", public: other }, own, 256));
  const material = await subtle.importKey("raw", concat(shared, nonce), "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: SALT, info: new Uint8Array() };
  return new Uint8Array(await subtle.deriveBits(algorithm, material, 256));
}

/**
 * `expected` is that of `verifyEvidence`; its `ageMax` holds for answers, too. `encryptionSeed` is the private key that
 * the client encrypts with (secret.js takes one under this name). Without it `encryptionUtils` must be set, before the
 * first query, to what secret.js made. `shown` is the newest state that an answer was of: the caller may keep it.
 */
export function verifiedFetch(expected, { fetch = globalThis.fetch, encryptionSeed, encryptionUtils, shown } = {}) {
  const ask = fetch; // never as a method of something
  let network, earlierKey; // the latter where the network has exchanged its keys since it was proved first
  const prove = (node) => {
    network ??= (async () => {
      const proved = await verifyEvidence(await text(await ask(`${node}/cloister/v1/evidence`)), expected);
      verified.shown = admit(verified.shown, proved.shown);
      return proved;
    })().catch((error) => {
      network = undefined;
      throw error;
    });
    return network;
  };
  // A network that exchanges its keys gives out another than before: it is proved anew, to be the same network.
  const follow = async (node, known, key) => {
    const before = network;
    network = undefined;
    try {
      const anew = await prove(node);
      demand(anew.identity === known.identity, "identity", "it is another network than the one that was proved before");
      demand(equal(base64(key, 32, "key"), anew.ioExchangeKey), "key", "the node gives out another key than the proved one");
      earlierKey = known.ioExchangeKey;
    } catch (error) {
      network = before;
      throw error;
    }
  };
  const keyOf = async (nonce, ioExchangeKey) => {
    if (encryptionSeed) return queryKey(encryptionSeed, ioExchangeKey, nonce);
    const key = await verified.encryptionUtils?.getTxEncryptionKey(nonce);
    const isOfProved = key && equal(verified.encryptionUtils.consensusIoPubKey ?? [], ioExchangeKey);
    demand(isOfProved, "key", "nothing shows that queries are sealed for the proved key: give encryptionSeed");
    return key;
  };

  const verified = async (input, init) => {
    const url = new URL(input.url ?? input, globalThis.location?.href);
    const route = ROUTES.exec(url.pathname);
    if (!route) return ask(input, init);
    const known = await prove(url.origin + route[1]), { ioExchangeKey } = known;
    const response = await ask(input, init);
    if (route[4]) { // a transaction; that a node has none shows nothing
      if (!response.ok) return response;
      const shown = await text(await ask(`${url.origin}${route[1]}/cloister/v1/receipts/${route[4]}`));
      const proved = await verifyReceipt(shown, route[4], known);
      if (!(proved.state.height < verified.shown?.height)) verified.shown = admit(verified.shown, proved.state);
      return answer(transaction(route[4], proved, parse(await text(response))), response.status);
    }
    const json = parse(await text(response));
    if (route[2].startsWith("registration")) {
      demand(response.ok, "key", "the node gives out no key");
      if (!equal(base64(json.key, 32, "key"), ioExchangeKey)) await follow(url.origin + route[1], known, json.key);
      return answer({ key: json.key }, response.status);
    }
    const query = base64(url.searchParams.get("query"), 1 << 20, "query");
    const isRefusal = !response.ok && typeof json.message === "string" && json.message.endsWith(REFUSAL);
    demand(response.ok || isRefusal, "answer", `the node alone says: ${String(json.message).slice(0, 200)}`);
    const said = isRefusal
      ? utf8(json.message.slice(0, -REFUSAL.length).replace(/["']/g, "`"))
      : base64(json.data, BODY_MAX, "data");
    const stamp = response.headers.get("x-cloister-answer-stamp");
    demand(stamp, "answer", "it does not say of which state it is: it may be of any");
    // A client that took its key before the present one uses it until it ends.
    const state = await Promise.any((earlierKey ? [ioExchangeKey, earlierKey] : [ioExchangeKey]).map(async (one) =>
      openStamp(await keyOf(query.subarray(0, 32), one), base64(stamp, 76, "stamp"), said, route[3])))
      .catch(({ errors }) => Promise.reject(errors[0]));
    verified.shown = admit(verified.shown, state, expected.ageMax);
    const { code, message } = json;
    return answer(isRefusal ? { code, message, details: [] } : { data: json.data }, response.status);
  };
  return Object.assign(verified, { shown, encryptionUtils, prove });
}

/** As the SDK shows one. What is not proved is left out, or said to be the node's word. */
function transaction(hash, { height, seconds, code, gasWanted, gasUsed, data, enclave }, { tx, tx_response: told }) {
  const log = String(told?.raw_log ?? "").slice(0, 1000);
  const events = enclave?.events ?? [];
  return {
    tx,
    tx_response: {
      height: `${height}`, txhash: hash.toUpperCase(), codespace: enclave?.codespace ?? "", code,
      data: hex(data).toUpperCase(), raw_log: enclave?.log ?? (log && `the node alone says: ${log}`), logs: [], info: "",
      gas_wanted: `${gasWanted}`, gas_used: `${gasUsed}`, tx: told?.tx,
      timestamp: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
      events: events.map(({ type, attributes }) =>
        ({ type, attributes: attributes.map((one) => ({ ...one, index: true })) })),
    },
  };
}

const answer = (json, status) =>
  new Response(JSON.stringify(json), { status, headers: { "content-type": "application/json" } });

async function text(response) {
  const [reader, chunks] = [response.body.getReader(), []];
  for (let count = 0, read; !(read = await reader.read()).done; chunks.push(read.value)) {
    count += read.value.length;
    if (count > BODY_MAX) await reader.cancel();
    demand(count <= BODY_MAX, "answer", "it is too long");
  }
  return new Blob(chunks).text();
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw new Refused("answer", "it is not JSON");
  }
}
