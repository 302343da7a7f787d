#include <stdlib.h>
#include <string.h>

#include "backend.h"

// StateProofs/MultiProof.swift: the tree above the queried paths in preorder. 00 is an empty subtree, 01 || path ||
// value hash a single leaf, 02 an inner node with its two parts; a part without a queried path is its hash.

#define DEPTH_MAX 256

struct query {
    uint8_t path[HASH_BYTES];
    uint8_t value_hash[HASH_BYTES];
    bool is_there;
};

struct reader {
    slice rest;
    const struct query *queries;
};

static int by_path(const void *left, const void *right) { return memcmp(left, right, HASH_BYTES); }

static bool bit(const uint8_t *path, unsigned depth) { return path[depth / 8] >> (7 - depth % 8) & 1; }

static bool take(struct reader *reader, uint8_t *out, size_t size) {
    if (reader->rest.size < size) {
        return false;
    }
    memcpy(out, reader->rest.bytes, size);
    reader->rest.bytes += size, reader->rest.size -= size;
    return true;
}

static bool subtree(struct reader *reader, size_t first, size_t end, unsigned depth, uint8_t hash[HASH_BYTES]);

static bool part(struct reader *reader, size_t first, size_t end, unsigned depth, uint8_t *hash) {
    return first == end ? take(reader, hash, HASH_BYTES) : subtree(reader, first, end, depth, hash);
}

static bool leaf(struct reader *reader, size_t first, size_t end, unsigned depth, uint8_t hash[HASH_BYTES]) {
    uint8_t content[1 + 2 * HASH_BYTES] = {0};
    if (!take(reader, content + 1, 2 * HASH_BYTES)) {
        return false;
    }
    const uint8_t *path = content + 1, *value = content + 1 + HASH_BYTES;
    // It says something of this place alone.
    for (unsigned i = 0; i < depth; i++) {
        if (bit(path, i) != bit(reader->queries[first].path, i)) {
            return false;
        }
    }
    for (size_t i = first; i < end; i++) {
        const struct query *query = &reader->queries[i];
        bool is_this = memcmp(query->path, path, HASH_BYTES) == 0;
        if (query->is_there != is_this || (is_this && memcmp(query->value_hash, value, HASH_BYTES) != 0)) {
            return false;
        }
    }
    sha256(hash, content, sizeof content);
    return true;
}

static bool subtree(struct reader *reader, size_t first, size_t end, unsigned depth, uint8_t hash[HASH_BYTES]) {
    uint8_t kind;
    if (!take(reader, &kind, 1)) {
        return false;
    }
    if (kind == 0) {
        memset(hash, 0, HASH_BYTES);
        for (size_t i = first; i < end; i++) {
            if (reader->queries[i].is_there) {
                return false;
            }
        }
        return true;
    }
    if (kind == 1) {
        return leaf(reader, first, end, depth, hash);
    }
    uint8_t content[1 + 2 * HASH_BYTES] = {1};
    size_t middle = first;
    while (middle < end && depth < DEPTH_MAX && !bit(reader->queries[middle].path, depth)) {
        middle++;
    }
    if (kind != 2 || depth == DEPTH_MAX || !part(reader, first, middle, depth + 1, content + 1) ||
        !part(reader, middle, end, depth + 1, content + 1 + HASH_BYTES)) {
        return false;
    }
    sha256(hash, content, sizeof content);
    return true;
}

bool proof_verify(
    const uint8_t root[HASH_BYTES], const ProtobufCBinaryData *keys, const slice *values, size_t count, slice proof) {
    struct query *queries = count > 0 ? calloc(count, sizeof *queries) : NULL;
    if (queries == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        sha256(queries[i].path, keys[i].data, keys[i].len);
        queries[i].is_there = values[i].size != SIZE_MAX;
        if (queries[i].is_there) {
            sha256(queries[i].value_hash, values[i].bytes, values[i].size);
        }
    }
    qsort(queries, count, sizeof *queries, by_path);
    bool is_right = true;
    for (size_t i = 1; i < count; i++) {
        is_right = is_right && memcmp(queries[i - 1].path, queries[i].path, HASH_BYTES) != 0;
    }
    struct reader reader = {proof, queries};
    uint8_t computed[HASH_BYTES];
    is_right = is_right && subtree(&reader, 0, count, 0, computed) && reader.rest.size == 0 &&
               memcmp(computed, root, HASH_BYTES) == 0;
    free(queries);
    return is_right;
}
