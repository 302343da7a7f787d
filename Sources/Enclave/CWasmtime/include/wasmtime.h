// The part of libwasmtime's C interface that the contract engine uses, and nothing more.
//
// Written from the calling convention of release 50.0.1, the one that `make tools` pins by hash; no header comes with
// that library. Layouts have changed between major releases, so a new release means reading this file again: the
// asserts below fix every size, and cloister_wasmtime_self_test() proves at start that offsets and kinds mean to the
// loaded library what they mean here.
//
// Ownership: `_new` gives, `_delete` takes. A wasmtime_error_t or wasm_trap_t that is returned or stored through a
// pointer belongs to the caller.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Opaque handles.
typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasmtime_pooling_allocation_config_t wasmtime_pooling_allocation_config_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasm_frame_t wasm_frame_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_caller wasmtime_caller_t;

// Vectors: `size` elements at `data`.
typedef struct {
    size_t size;
    uint8_t *data;
} wasm_byte_vec_t;

typedef struct {
    size_t size;
    wasm_valtype_t **data;
} wasm_valtype_vec_t;

typedef struct {
    size_t size;
    wasm_frame_t **data;
} wasm_frame_vec_t;

// Items of a store. They are names, not pointers: valid as long as their store, and checked by the library.
typedef struct {
    uint64_t store_id;
    void *private_function;
} wasmtime_func_t;

typedef struct {
    uint64_t store_id;
    size_t private_instance;
} wasmtime_instance_t;

typedef struct {
    struct {
        uint64_t store_id;
        uint32_t private_first;
    } inner;
    uint32_t private_second;
} wasmtime_memory_t;

typedef struct {
    uint64_t store_id;
    uint32_t private_first;
    uint32_t private_second;
    uint32_t private_third;
} wasmtime_global_t;

// Kinds of a number (wasm_valkind_t) and of a value (wasmtime_valkind_t) agree for the two integers.
enum { WASMTIME_I32 = 0, WASMTIME_I64 = 1 };

// A value with its kind. Contracts have integers only, so the other members are padding to the size of the largest.
typedef struct {
    uint8_t kind;
    union {
        int32_t i32;
        int64_t i64;
        struct {
            uint64_t words[3];
        } private_largest;
    } of;
} wasmtime_val_t;

// A value without its kind, as unchecked calls pass it. Little-endian; an i32 uses the first four bytes.
typedef union {
    int32_t i32;
    int64_t i64;
    uint8_t private_v128[16];
} wasmtime_val_raw_t;

enum {
    WASMTIME_EXTERN_FUNC = 0,
    WASMTIME_EXTERN_GLOBAL = 1,
    WASMTIME_EXTERN_TABLE = 2,
    WASMTIME_EXTERN_MEMORY = 3,
};

typedef struct {
    uint8_t kind;
    union {
        wasmtime_func_t func;
        wasmtime_global_t global;
        wasmtime_memory_t memory;
    } of;
} wasmtime_extern_t;

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "the engine runs on 64-bit machines");
_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasm_byte_vec_t");
_Static_assert(sizeof(wasm_valtype_vec_t) == 16, "wasm_valtype_vec_t");
_Static_assert(sizeof(wasm_frame_vec_t) == 16, "wasm_frame_vec_t");
_Static_assert(sizeof(wasmtime_func_t) == 16, "wasmtime_func_t");
_Static_assert(sizeof(wasmtime_instance_t) == 16, "wasmtime_instance_t");
_Static_assert(sizeof(wasmtime_memory_t) == 24, "wasmtime_memory_t");
_Static_assert(sizeof(wasmtime_global_t) == 24, "wasmtime_global_t");
_Static_assert(sizeof(wasmtime_val_t) == 32 && offsetof(wasmtime_val_t, of) == 8, "wasmtime_val_t");
_Static_assert(sizeof(wasmtime_val_raw_t) == 16, "wasmtime_val_raw_t");
_Static_assert(sizeof(wasmtime_extern_t) == 32 && offsetof(wasmtime_extern_t, of) == 8, "wasmtime_extern_t");

enum { WASMTIME_STRATEGY_CRANELIFT = 1, WASMTIME_STRATEGY_WINCH = 2 };
enum { WASMTIME_OPT_LEVEL_NONE = 0 };

// Why compiled code stopped.
enum {
    WASMTIME_TRAP_STACK_OVERFLOW = 0,
    WASMTIME_TRAP_MEMORY_OUT_OF_BOUNDS = 1,
    WASMTIME_TRAP_TABLE_OUT_OF_BOUNDS = 3,
    WASMTIME_TRAP_INDIRECT_CALL_TO_NULL = 4,
    WASMTIME_TRAP_BAD_SIGNATURE = 5,
    WASMTIME_TRAP_INTEGER_OVERFLOW = 6,
    WASMTIME_TRAP_INTEGER_DIVISION_BY_ZERO = 7,
    WASMTIME_TRAP_BAD_CONVERSION_TO_INTEGER = 8,
    WASMTIME_TRAP_UNREACHABLE = 9,
};

// Byte vectors and function types.
void wasm_byte_vec_delete(wasm_byte_vec_t *vector);
wasm_valtype_t *wasm_valtype_new(uint8_t kind);
void wasm_valtype_vec_new(wasm_valtype_vec_t *out, size_t size, wasm_valtype_t *const *elements);
void wasm_valtype_vec_new_empty(wasm_valtype_vec_t *out);
wasm_functype_t *wasm_functype_new(wasm_valtype_vec_t *parameters, wasm_valtype_vec_t *results);
void wasm_functype_delete(wasm_functype_t *type);

// Configuration. wasm_engine_new_with_config() takes the configuration and aborts the process if its settings
// contradict each other, so only the fixed presets of EnginePreset are ever built, each of them in a test.
wasm_config_t *wasm_config_new(void);
void wasm_config_delete(wasm_config_t *config);
void wasmtime_config_strategy_set(wasm_config_t *config, uint8_t strategy);
void wasmtime_config_cranelift_opt_level_set(wasm_config_t *config, uint8_t level);
wasmtime_error_t *wasmtime_config_target_set(wasm_config_t *config, const char *triple);
void wasmtime_config_max_wasm_stack_set(wasm_config_t *config, size_t bytes);
void wasmtime_config_async_stack_size_set(wasm_config_t *config, size_t bytes);
void wasmtime_config_parallel_compilation_set(wasm_config_t *config, bool value);
void wasmtime_config_memory_init_cow_set(wasm_config_t *config, bool value);
void wasmtime_config_signals_based_traps_set(wasm_config_t *config, bool value);
void wasmtime_config_native_unwind_info_set(wasm_config_t *config, bool value);
void wasmtime_config_debug_info_set(wasm_config_t *config, bool value);
void wasmtime_config_consume_fuel_set(wasm_config_t *config, bool value);
void wasmtime_config_epoch_interruption_set(wasm_config_t *config, bool value);
void wasmtime_config_concurrency_support_set(wasm_config_t *config, bool value);
void wasmtime_config_gc_support_set(wasm_config_t *config, bool value);
void wasmtime_config_shared_memory_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_threads_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_tail_call_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_reference_types_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_function_references_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_gc_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_simd_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_relaxed_simd_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_bulk_memory_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_multi_value_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_multi_memory_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_memory64_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_wide_arithmetic_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_exceptions_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_custom_page_sizes_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_stack_switching_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_branch_hinting_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_compact_imports_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_component_model_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_component_model_async_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_component_model_async_stackful_set(wasm_config_t *config, bool value);
void wasmtime_config_wasm_component_model_more_async_builtins_set(wasm_config_t *config, bool value);

// Slots for instances, made with the engine and used again.
wasmtime_pooling_allocation_config_t *wasmtime_pooling_allocation_config_new(void);
void wasmtime_pooling_allocation_config_delete(wasmtime_pooling_allocation_config_t *config);
void wasmtime_pooling_allocation_config_max_unused_warm_slots_set(
    wasmtime_pooling_allocation_config_t *config, uint32_t count);
void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
    wasmtime_pooling_allocation_config_t *config, size_t bytes);
void wasmtime_pooling_allocation_config_total_core_instances_set(
    wasmtime_pooling_allocation_config_t *config, uint32_t count);
void wasmtime_pooling_allocation_config_total_memories_set(
    wasmtime_pooling_allocation_config_t *config, uint32_t count);
void wasmtime_pooling_allocation_config_total_tables_set(
    wasmtime_pooling_allocation_config_t *config, uint32_t count);
void wasmtime_pooling_allocation_config_max_memory_size_set(
    wasmtime_pooling_allocation_config_t *config, size_t bytes);
void wasmtime_pooling_allocation_config_max_core_instance_size_set(
    wasmtime_pooling_allocation_config_t *config, size_t bytes);
void wasmtime_pooling_allocation_config_table_elements_set(
    wasmtime_pooling_allocation_config_t *config, size_t count);
void wasmtime_pooling_allocation_strategy_set(
    wasm_config_t *config, const wasmtime_pooling_allocation_config_t *pooling);

// Engine, errors, traps.
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *config);
void wasm_engine_delete(wasm_engine_t *engine);
bool wasmtime_engine_is_pulley(wasm_engine_t *engine);
void wasmtime_error_message(const wasmtime_error_t *error, wasm_byte_vec_t *message);
void wasmtime_error_delete(wasmtime_error_t *error);
wasm_trap_t *wasmtime_trap_new(const char *message, size_t length);
bool wasmtime_trap_code(const wasm_trap_t *trap, uint8_t *code);
void wasm_trap_delete(wasm_trap_t *trap);

// Which functions were active when it came to an error or a trap, the innermost first: by their index in the module.
void wasm_trap_trace(const wasm_trap_t *trap, wasm_frame_vec_t *out);
void wasmtime_error_wasm_trace(const wasmtime_error_t *error, wasm_frame_vec_t *out);
uint32_t wasm_frame_func_index(const wasm_frame_t *frame);
void wasm_frame_vec_delete(wasm_frame_vec_t *frames);

// Modules. Deserializing trusts its bytes completely: they are native code.
wasmtime_error_t *wasmtime_module_validate(wasm_engine_t *engine, const uint8_t *wasm, size_t length);
wasmtime_error_t *wasmtime_module_new(
    wasm_engine_t *engine, const uint8_t *wasm, size_t length, wasmtime_module_t **out);
wasmtime_error_t *wasmtime_module_serialize(wasmtime_module_t *module, wasm_byte_vec_t *out);
wasmtime_error_t *wasmtime_module_deserialize(
    wasm_engine_t *engine, const uint8_t *bytes, size_t length, wasmtime_module_t **out);
void wasmtime_module_delete(wasmtime_module_t *module);

// A store holds what one call makes: instance, memory, globals. `data` comes back in every host function.
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *engine, void *data, void (*finalizer)(void *));
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *store);
void wasmtime_store_limiter(
    wasmtime_store_t *store, int64_t memory_bytes, int64_t table_elements, int64_t instances, int64_t tables,
    int64_t memories);
void wasmtime_store_delete(wasmtime_store_t *store);
void *wasmtime_context_get_data(const wasmtime_context_t *context);

// What can interrupt running code, from any thread: code looks at the engine's epoch where it loops and where it calls,
// and calls back once that has come to the deadline of its store. An error from there ends the call.
enum { WASMTIME_UPDATE_DEADLINE_CONTINUE = 0 };
void wasmtime_engine_increment_epoch(wasm_engine_t *engine);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *context, uint64_t ticks_beyond_current);
void wasmtime_store_epoch_deadline_callback(
    wasmtime_store_t *store,
    wasmtime_error_t *(*callback)(
        wasmtime_context_t *context, void *data, uint64_t *deadline_delta, uint8_t *update_kind),
    void *data, void (*finalizer)(void *));
wasmtime_error_t *wasmtime_error_new(const char *message);

// Host functions read their arguments from the start of `values` and write their result to its start.
typedef wasm_trap_t *(*wasmtime_func_unchecked_callback_t)(
    void *environment, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count);
wasmtime_linker_t *wasmtime_linker_new(wasm_engine_t *engine);
void wasmtime_linker_delete(wasmtime_linker_t *linker);
wasmtime_error_t *wasmtime_linker_define_func_unchecked(
    wasmtime_linker_t *linker, const char *module, size_t module_length, const char *name, size_t name_length,
    const wasm_functype_t *type, wasmtime_func_unchecked_callback_t callback, void *environment,
    void (*finalizer)(void *));
wasmtime_error_t *wasmtime_linker_instantiate_pre(
    const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **out);
wasmtime_context_t *wasmtime_caller_context(wasmtime_caller_t *caller);

// Instances and what they export.
wasmtime_error_t *wasmtime_instance_pre_instantiate(
    const wasmtime_instance_pre_t *pre, wasmtime_context_t *context, wasmtime_instance_t *out, wasm_trap_t **trap);
void wasmtime_instance_pre_delete(wasmtime_instance_pre_t *pre);
bool wasmtime_instance_export_get(
    wasmtime_context_t *context, const wasmtime_instance_t *instance, const char *name, size_t length,
    wasmtime_extern_t *out);
// The caller must know that the function has the type which `values` is laid out for.
wasmtime_error_t *wasmtime_func_call_unchecked(
    wasmtime_context_t *context, const wasmtime_func_t *function, wasmtime_val_raw_t *values, size_t count,
    wasm_trap_t **trap);
uint8_t *wasmtime_memory_data(const wasmtime_context_t *context, const wasmtime_memory_t *memory);
size_t wasmtime_memory_data_size(const wasmtime_context_t *context, const wasmtime_memory_t *memory);
void wasmtime_global_get(wasmtime_context_t *context, const wasmtime_global_t *global, wasmtime_val_t *out);
wasmtime_error_t *wasmtime_global_set(
    wasmtime_context_t *context, const wasmtime_global_t *global, const wasmtime_val_t *value);

// Runs a 120-byte module through every declaration above that carries a layout. Returns 0, or the number of the step
// at which the loaded library disagreed with this header. The engine stays the caller's.
int cloister_wasmtime_self_test(wasm_engine_t *engine);
