/*
 * runtime: what compiled Swift expects of a C library, for a contract that has none.
 *
 * A contract's instance lives for one call, so nothing is ever given back to the engine; blocks that Swift frees are
 * kept for the next block of their size. Everything is deterministic: the same call takes the same addresses and the
 * same number of instructions on every node. Running out of memory ends the call.
 */
#include <stddef.h>
#include <stdint.h>

#define PAGE_BYTES 65536u
#define ALIGNMENT 16u
#define SMALLEST_CLASS 5u /* blocks of 32 bytes, header included */

extern uint8_t __heap_base; /* set by the linker: the first byte behind stack and data */

/* In front of every block; as long as the alignment, so that what follows is aligned. */
struct header {
    uint32_t size_class;
    struct header *next_free;
    uint64_t unused;
};

_Static_assert(sizeof(struct header) == ALIGNMENT, "the header keeps blocks aligned");

static struct header *free_blocks[32];
static uintptr_t arena_next, arena_end;

/* The smallest n with 2^n >= bytes. */
static uint32_t size_class_of(size_t bytes)
{
    uint32_t bits = 32u - (uint32_t)__builtin_clz((uint32_t)(bytes - 1));
    return bits < SMALLEST_CLASS ? SMALLEST_CLASS : bits;
}

static void *take_from_arena(size_t bytes)
{
    if (arena_next == 0) {
        arena_next = ((uintptr_t)&__heap_base + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
        arena_end = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE_BYTES;
    }
    if (bytes > arena_end - arena_next) {
        size_t pages = (bytes - (arena_end - arena_next) + PAGE_BYTES - 1) / PAGE_BYTES;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1)
            __builtin_trap();
        arena_end += pages * PAGE_BYTES;
    }
    void *block = (void *)arena_next;
    arena_next += bytes;
    return block;
}

void *malloc(size_t bytes)
{
    if (bytes > (1u << 30))
        __builtin_trap();
    uint32_t size_class = size_class_of(bytes + sizeof(struct header));
    struct header *block = free_blocks[size_class];
    if (block)
        free_blocks[size_class] = block->next_free;
    else
        block = take_from_arena((size_t)1 << size_class);
    block->size_class = size_class;
    return block + 1;
}

void free(void *memory)
{
    if (!memory)
        return;
    struct header *block = (struct header *)memory - 1;
    block->next_free = free_blocks[block->size_class];
    free_blocks[block->size_class] = block;
}

int posix_memalign(void **memory, size_t alignment, size_t bytes)
{
    if (alignment > ALIGNMENT)
        __builtin_trap(); /* nothing in Embedded Swift asks for more */
    *memory = malloc(bytes);
    return 0;
}

/* Swift refuses to declare malloc and free itself; the SDK uses these for the regions it shares with the host. */
void *contract_allocate(size_t bytes) { return malloc(bytes); }
void contract_free(void *memory) { free(memory); }

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    uint8_t *target = to;
    const uint8_t *source = from;
    for (; count >= 8; count -= 8, target += 8, source += 8)
        *(uint64_t *)target = *(const uint64_t *)source; /* wasm reads and writes at any address */
    for (; count > 0; count--)
        *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    uint8_t *target = to;
    const uint8_t *source = from;
    if (target <= source || target >= source + count)
        return memcpy(to, from, count);
    while (count-- > 0)
        target[count] = source[count];
    return to;
}

void *memset(void *to, int value, size_t count)
{
    for (uint8_t *target = to; count > 0; count--)
        *target++ = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t count)
{
    const uint8_t *a = left, *b = right;
    for (; count > 0; count--, a++, b++)
        if (*a != *b)
            return *a < *b ? -1 : 1;
    return 0;
}

/* Swift seeds its hasher from here. A contract has no randomness but what its environment carries, so: a constant. */
void arc4random_buf(void *bytes, size_t count) { memset(bytes, 0, count); }

int putchar(int character) { return character; }

/* 64 x 64 -> 128 bits, which checked multiplication of Int64 is compiled to (compiler-rt's name). */
__int128 __multi3(__int128 left, __int128 right)
{
    uint64_t a = (uint64_t)left, b = (uint64_t)right;
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t low = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32);
    uint64_t other_middle = a_low * b_high + (uint32_t)middle;
    uint64_t high = a_high * b_high + (middle >> 32) + (other_middle >> 32);
    high += (uint64_t)((unsigned __int128)left >> 64) * b + a * (uint64_t)((unsigned __int128)right >> 64);
    return (__int128)((unsigned __int128)high << 64 | (other_middle << 32 | (uint32_t)low));
}

/* 128-bit division (compiler-rt's names): 32 bits a step for the small divisors of decimal text, else bit by bit. */
static unsigned __int128 divide(unsigned __int128 value, unsigned __int128 divisor, unsigned __int128 *rest)
{
    if (divisor == 0)
        __builtin_trap();
    if (divisor >> 32 == 0) {
        uint64_t small = (uint64_t)divisor, carry = 0;
        unsigned __int128 quotient = 0;
        for (int shift = 96; shift >= 0; shift -= 32) {
            uint64_t step = carry << 32 | (uint32_t)(value >> shift);
            quotient |= (unsigned __int128)(step / small) << shift;
            carry = step % small;
        }
        *rest = carry;
        return quotient;
    }
    unsigned __int128 quotient = 0, remainder = 0;
    for (int bit = 127; bit >= 0; bit--) {
        int overflow = (int)(remainder >> 127);
        remainder = remainder << 1 | (value >> bit & 1);
        if (overflow || remainder >= divisor) {
            remainder -= divisor;
            quotient |= (unsigned __int128)1 << bit;
        }
    }
    *rest = remainder;
    return quotient;
}

unsigned __int128 __udivti3(unsigned __int128 value, unsigned __int128 divisor)
{
    unsigned __int128 rest;
    return divide(value, divisor, &rest);
}

unsigned __int128 __umodti3(unsigned __int128 value, unsigned __int128 divisor)
{
    unsigned __int128 rest;
    divide(value, divisor, &rest);
    return rest;
}

/* Shifts of 128 bits by an amount known only when they run. */
unsigned __int128 __lshrti3(unsigned __int128 value, int bits)
{
    uint64_t low = (uint64_t)value, high = (uint64_t)(value >> 64);
    if (bits >= 64)
        return high >> (bits - 64);
    return bits == 0 ? value : (unsigned __int128)(high >> bits) << 64 | (low >> bits | high << (64 - bits));
}

unsigned __int128 __ashlti3(unsigned __int128 value, int bits)
{
    uint64_t low = (uint64_t)value, high = (uint64_t)(value >> 64);
    if (bits >= 64)
        return (unsigned __int128)(low << (bits - 64)) << 64;
    return bits == 0 ? value : (unsigned __int128)(high << bits | low >> (64 - bits)) << 64 | low << bits;
}
