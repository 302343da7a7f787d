#define _GNU_SOURCE
#include "platform.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "image.h"
#include "quote.h"
#include "sealing.h"

_Static_assert(QUOTE_MAX <= PLATFORM_REPLY_BYTES_MAX, "a quote fits a reply");

/// Policy and version, before the label.
#define VERSIONED_KEY_HEADER_BYTES 3

struct reply {
    size_t size;
    uint8_t payload[PLATFORM_REPLY_BYTES_MAX];
};

static void put_big_endian(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum platform_status identity(const struct platform *platform, struct reply *reply) {
    memcpy(reply->payload, platform->identity.measurement, MEASUREMENT_BYTES);
    put_big_endian(reply->payload + MEASUREMENT_BYTES, platform->flags);
    reply->size = MEASUREMENT_BYTES + 4;
    return PLATFORM_DONE;
}

static enum platform_status version(const struct platform *platform, struct reply *reply) {
    reply->payload[0] = (uint8_t)(platform->identity.security_version >> 8);
    reply->payload[1] = (uint8_t)platform->identity.security_version;
    reply->size = 2;
    return PLATFORM_DONE;
}

static enum platform_status sealing_key(
    const struct platform *platform, const uint8_t *label, size_t size, struct reply *reply) {
    if (sealing_derive(platform->fuse, &platform->identity, label, size, reply->payload) != 0) {
        return PLATFORM_FAILED;
    }
    reply->size = SEALING_KEY_BYTES;
    return PLATFORM_DONE;
}

static enum platform_status versioned_key(
    const struct platform *platform, const uint8_t *request, size_t size, struct reply *reply) {
    uint16_t version = (uint16_t)(request[1] << 8 | request[2]);
    int result = sealing_derive_versioned(
        platform->fuse, &platform->identity, request[0], version, request + VERSIONED_KEY_HEADER_BYTES,
        size - VERSIONED_KEY_HEADER_BYTES, reply->payload);
    switch (result) {
    case 0:
        reply->size = SEALING_KEY_BYTES;
        return PLATFORM_DONE;
    case -EINVAL:
        return PLATFORM_MALFORMED;
    case -EPERM:
        return PLATFORM_REFUSED;
    default:
        return PLATFORM_FAILED;
    }
}

static enum platform_status quote(const struct platform *platform, const uint8_t *report_data, struct reply *reply) {
    int result = quote_create(
        platform->quotes, &platform->identity, report_data, reply->payload, sizeof reply->payload, &reply->size);
    return result == 0 ? PLATFORM_DONE : PLATFORM_FAILED;
}

static enum platform_status journal_read(const struct journal *journal, struct reply *reply) {
    memcpy(reply->payload, journal->record, JOURNAL_RECORD_BYTES);
    reply->size = JOURNAL_RECORD_BYTES;
    return PLATFORM_DONE;
}

static enum platform_status store_journal(struct journal *journal, const uint8_t *records) {
    switch (journal_write(journal, records, records + JOURNAL_RECORD_BYTES)) {
    case JOURNAL_STORED:
        return PLATFORM_DONE;
    case JOURNAL_REFUSED:
        return PLATFORM_REFUSED;
    case JOURNAL_FAILED:
        break;
    }
    return PLATFORM_FAILED;
}

static enum platform_status perform(
    struct platform *platform, uint8_t operation, const uint8_t *payload, size_t size, struct reply *reply) {
    if (operation == PLATFORM_IDENTITY && size == 0) {
        return identity(platform, reply);
    }
    if (operation == PLATFORM_VERSION && size == 0) {
        return version(platform, reply);
    }
    if (operation == PLATFORM_SEALING_KEY && size > 0 && size <= SEALING_LABEL_BYTES_MAX) {
        return sealing_key(platform, payload, size, reply);
    }
    if (operation == PLATFORM_VERSIONED_KEY && size >= VERSIONED_KEY_HEADER_BYTES) {
        return versioned_key(platform, payload, size, reply);
    }
    if (operation == PLATFORM_QUOTE && size == QUOTE_REPORT_DATA_BYTES) {
        return platform->quotes != NULL ? quote(platform, payload, reply) : PLATFORM_UNSUPPORTED;
    }
    if (operation == PLATFORM_JOURNAL_READ && size == 0) {
        return journal_read(&platform->journal, reply);
    }
    if (operation == PLATFORM_JOURNAL_WRITE && size == 2 * JOURNAL_RECORD_BYTES) {
        return store_journal(&platform->journal, payload);
    }
    if (operation == PLATFORM_VOTES_READ && size == 0) {
        return journal_read(&platform->votes, reply);
    }
    if (operation == PLATFORM_VOTES_WRITE && size == 2 * JOURNAL_RECORD_BYTES) {
        return store_journal(&platform->votes, payload);
    }
    return PLATFORM_MALFORMED;
}

/// Answers the complete request in the buffer.
static enum platform_result answer(struct platform *platform, size_t size) {
    static struct reply reply;
    reply.size = 0;
    enum platform_status status =
        perform(platform, platform->request[0], platform->request + PLATFORM_HEADER_BYTES, size, &reply);
    if (status != PLATFORM_DONE) {
        reply.size = 0;
    }
    uint8_t header[PLATFORM_HEADER_BYTES] = {(uint8_t)status};
    put_big_endian(header + 1, (uint32_t)reply.size);
    struct iovec parts[] = {{header, sizeof header}, {reply.payload, reply.size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    // An enclave that asks on without reading the answers fills the socket; nothing waits for it here.
    ssize_t sent = sendmsg(platform->lane, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    explicit_bzero(&reply, sizeof reply);
    if (sent < 0 && errno == EPIPE) {
        return PLATFORM_LANE_CLOSED;
    }
    return sent == (ssize_t)(sizeof header + parts[1].iov_len) ? PLATFORM_GOES_ON : PLATFORM_VIOLATED;
}

enum platform_result platform_serve(struct platform *platform) {
    // Never more than one request's bytes are taken: first the header, then as much as it announces.
    size_t wanted = PLATFORM_HEADER_BYTES;
    if (platform->received >= PLATFORM_HEADER_BYTES) {
        wanted += big_endian(platform->request + 1);
    }
    uint8_t *end = platform->request + platform->received;
    ssize_t count = recv(platform->lane, end, wanted - platform->received, MSG_DONTWAIT);
    if (count == 0) {
        return PLATFORM_LANE_CLOSED;
    }
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR ? PLATFORM_GOES_ON : PLATFORM_LANE_CLOSED;
    }
    platform->received += (size_t)count;
    if (platform->received < PLATFORM_HEADER_BYTES) {
        return PLATFORM_GOES_ON;
    }
    uint32_t size = big_endian(platform->request + 1);
    if (size > PLATFORM_REQUEST_BYTES_MAX) {
        return PLATFORM_VIOLATED;
    }
    if (platform->received < PLATFORM_HEADER_BYTES + size) {
        return PLATFORM_GOES_ON;
    }
    platform->received = 0;
    return answer(platform, size);
}
