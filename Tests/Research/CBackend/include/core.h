#pragma once

#include <backend.h>

// An enclave that begins a network, follows its blocks, signs its validator's votes and answers of its proved state. It
// runs no contract: a transaction that calls one is refused (406), and a chain with one is not its.

struct core_keys {
    uint8_t io_private[32], io_public[32];
    uint8_t exchange_private[32], exchange_public[32];
};

/// What an enclave may get wrong. A broken one puts another function in the place of one of these.
struct core_ways {
    /// Of the platform; the number of bytes, or 0.
    size_t (*quote)(const uint8_t report_data[64], uint8_t *quote);
    /// Whether a block of this height may begin behind what the platform has recorded.
    bool (*may_begin_behind)(uint64_t height, const struct record *recorded);
    /// Whether a vote may be signed for the place of the last one, or before it, though it is another.
    bool (*may_sign_again)(const struct record *last);
    /// Whether another header may be taken for a height that has one.
    bool (*may_take_second_header)(void);
    /// What must stand in a block before this start answers under a lease.
    void (*nonce)(const struct core_keys *keys, uint8_t nonce[32]);
    /// Against which of the last two proved states a value is held.
    bool (*proves_by_older_state)(void);
    /// Whether a value is taken without its proof.
    bool (*believes_host)(void);
    /// What is given out as a compiled module, at most 64 bytes; their number.
    size_t (*module)(const struct core_keys *keys, uint8_t *module);
};

extern const struct core_ways core_honest;

/// The program: serves its lanes until the host closes the control lane.
int core_run(const struct core_ways *ways);

// ---- votes.c

/// The calls about the validator's key and its votes. `next_height` is 0 before the network is open.
enum failure votes_handle(
    const struct core_ways *ways, struct lane *lane, const to_enclave *call, from_enclave *answer, slice chain_id,
    uint64_t next_height, const uint8_t network[HASH_BYTES]);
