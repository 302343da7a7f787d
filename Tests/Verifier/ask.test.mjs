// The sealing of ask.js, over WebCrypto, held against the tests' own over Node's AES; and what is asked of nobody.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { asker, open, seal } from "../../Sources/Client/verifier/ask.js";
import * as other from "./protocol.mjs";

test("what one seals the other opens, at every length around the blocks", async () => {
  for (let length = 0; length < 70; length++) {
    const [key, plain] = [crypto.randomBytes(32), crypto.randomBytes(length)];
    const sealed = await seal(new Uint8Array(key), new Uint8Array(plain));
    assert.deepEqual(Buffer.from(sealed), other.seal(key, plain));
    assert.deepEqual(Buffer.from(await open(new Uint8Array(key), new Uint8Array(other.seal(key, plain)))), plain);
  }
});

test("a changed bit, another key and what is too short are not opened", async () => {
  const key = new Uint8Array(crypto.randomBytes(32));
  const sealed = await seal(key, new Uint8Array(crypto.randomBytes(40)));
  for (let bit = 0; bit < 8 * sealed.length; bit += 7) {
    const changed = sealed.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(await open(key, changed), null);
  }
  assert.equal(await open(new Uint8Array(crypto.randomBytes(32)), sealed), null);
  assert.equal(await open(key, sealed.slice(0, 15)), null);
});

test("a code hash that is none, and an address that leads elsewhere, are refused before anything is sent", async () => {
  const sent = [];
  const ask = asker("http://localhost:1", {}, { fetch: (url) => sent.push(url) });
  for (const [contract, hash] of [["secret1x", "ab"], ["secret1x", "A".repeat(64)], ["secret1x", "0".repeat(320)],
    ["../../x", "0".repeat(64)]]) {
    await assert.rejects(ask(contract, hash, {}), TypeError);
  }
  assert.deepEqual(sent, []);
});
