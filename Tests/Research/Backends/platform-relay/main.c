// platform-relay: an enclave that passes on what it is asked on the control lane to its platform, and the answers: so
// that the machine which started it can be tried by whoever speaks enclave-host/platform.h.
#include <confine_finally.h>
#include <runtime.h>

#define REPLY_BYTES_MAX 16384
#define REQUEST_BYTES_MAX 255

static bool pass(int from, int to, size_t most) {
    static uint8_t message[5 + REPLY_BYTES_MAX];
    if (runtime_read(from, message, 5) != 5) {
        return false;
    }
    size_t size = (size_t)message[1] << 24 | (size_t)message[2] << 16 | (size_t)message[3] << 8 | message[4];
    return size <= most && runtime_read(from, message + 5, size) == (int64_t)size &&
           runtime_write(to, message, 5 + size) == 0;
}

int main(void) {
    if (runtime_prepare() < 0 || confine_finally(true) != 0) {
        return 1;
    }
    while (pass(RUNTIME_CONTROL_LANE, RUNTIME_PLATFORM_LANE, REQUEST_BYTES_MAX) &&
           pass(RUNTIME_PLATFORM_LANE, RUNTIME_CONTROL_LANE, REPLY_BYTES_MAX)) {
    }
    runtime_end(0);
}
