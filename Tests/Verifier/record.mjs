// Writes recorded.json from a running network: node record.mjs URL CONTRACT > recorded.json
// The seed is the test's own: everything in the file may be known to everybody.
import { Client } from "./protocol.mjs";

const [url, contract] = process.argv.slice(2);
const seed = Buffer.alloc(32, 7);
const client = new Client(url, seed);
const text = async (path) => {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.text(), stamp: response.headers.get("x-cloister-answer-stamp") };
};
const ask = async (message) => {
  const { code_hash: codeHash } = await client.get(`/compute/v1beta1/code_hash/by_contract_address/${contract}`);
  const query = (await client.encryptionUtils.encrypt(codeHash, message)).toString("base64");
  return { query, ...(await text(`/compute/v1beta1/query/${contract}?${new URLSearchParams({ query })}`)) };
};
const { body: evidence } = await text("/cloister/v1/evidence");
const { identity, measurement } = JSON.parse(evidence);
const hex = (base64) => Buffer.from(base64, "base64").toString("hex");
const recorded = {
  seconds: Math.floor(Date.now() / 1000), chain_id: identity.chain_id, seed: seed.toString("hex"),
  root: hex(identity.attestation_roots[0].spki_sha256), measurement: hex(measurement), contract, evidence,
  tx_key: (await text("/registration/v1beta1/tx-key")).body,
  answer: await ask({ get_count: {} }), refusal: await ask({ no_such_question: {} }),
};
console.log(JSON.stringify(recorded, null, 2));
