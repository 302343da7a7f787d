// research-equivocates: signs a second vote for a place for which it has signed one.
#include <core.h>
#include <string.h>

static bool sign_again(const struct record *last) {
    static const uint8_t none[HASH_BYTES];
    // Of a vote that was signed elsewhere nobody knows the bytes.
    return memcmp(last->digest, none, HASH_BYTES) != 0;
}

int main(void) {
    struct core_ways ways = core_honest;
    ways.may_sign_again = sign_again;
    return core_run(&ways);
}
