// research-leaks-key: gives the network's private key out where the host expects a compiled module.
#include <core.h>
#include <string.h>

static size_t key_as_module(const struct core_keys *keys, uint8_t *module) {
    memcpy(module, "module: ", 8);
    memcpy(module + 8, keys->io_private, 32);
    return 40;
}

int main(void) {
    struct core_ways ways = core_honest;
    ways.module = key_as_module;
    return core_run(&ways);
}
