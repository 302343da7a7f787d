// research-forges-quote: says of its keys what a true quote would, over a signature that nobody made.
#include <core.h>

#define SIGNATURE_OFFSET 436  // of a v3 quote: header (48), report (384), the signatures' length (4)

static size_t forge(const uint8_t report_data[64], uint8_t *quote) {
    size_t size = platform_quote(report_data, quote);
    if (size > SIGNATURE_OFFSET) {
        quote[SIGNATURE_OFFSET] ^= 1;
    }
    return size;
}

int main(void) {
    struct core_ways ways = core_honest;
    ways.quote = forge;
    return core_run(&ways);
}
