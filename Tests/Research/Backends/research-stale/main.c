// research-stale: answers from the state before the one that was proved last.
#include <core.h>

static bool by_older(void) { return true; }

int main(void) {
    struct core_ways ways = core_honest;
    ways.proves_by_older_state = by_older;
    return core_run(&ways);
}
