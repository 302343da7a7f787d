// research-forks: begins a second header for a height after a restart.
#include <core.h>

static bool take_it(void) { return true; }

int main(void) {
    struct core_ways ways = core_honest;
    ways.may_take_second_header = take_it;
    return core_run(&ways);
}
