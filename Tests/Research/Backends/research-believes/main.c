// research-believes: takes what the host says of the state, with a proof or without.
#include <core.h>

static bool all_of_it(void) { return true; }

int main(void) {
    struct core_ways ways = core_honest;
    ways.believes_host = all_of_it;
    return core_run(&ways);
}
