#include "wasmtime.h"

#include <string.h>

// (module
//   (import "e" "f" (func $f (param i32 i64) (result i64)))
//   (memory (export "m") 1)
//   (global (export "g") (mut i64) (i64.const 7))
//   (func (export "r") (param i32 i64) (result i64)  (call $f (local.get 0) (local.get 1)))
//   (func (export "u") unreachable)
//   (data (i32.const 3) "ok"))
static const uint8_t self_test_module[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,                                            // header
    0x01, 0x0a, 0x02, 0x60, 0x02, 0x7f, 0x7e, 0x01, 0x7e, 0x60, 0x00, 0x00,                    // types
    0x02, 0x07, 0x01, 0x01, 'e', 0x01, 'f', 0x00, 0x00,                                        // imports
    0x03, 0x03, 0x02, 0x00, 0x01,                                                              // functions
    0x05, 0x03, 0x01, 0x00, 0x01,                                                              // memory
    0x06, 0x06, 0x01, 0x7e, 0x01, 0x42, 0x07, 0x0b,                                            // globals
    0x07, 0x11, 0x04, 0x01, 'm', 0x02, 0x00, 0x01, 'g', 0x03, 0x00,                            // exports
    0x01, 'r', 0x00, 0x01, 0x01, 'u', 0x00, 0x02,
    0x0a, 0x0e, 0x02, 0x08, 0x00, 0x20, 0x00, 0x20, 0x01, 0x10, 0x00, 0x0b, 0x03, 0x00, 0x00, 0x0b,  // code
    0x0b, 0x08, 0x01, 0x00, 0x41, 0x03, 0x0b, 0x02, 'o', 'k',                                  // data
};

static wasm_trap_t *self_test_callback(
    void *environment, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count) {
    uint64_t *seen = wasmtime_context_get_data(wasmtime_caller_context(caller));
    *seen = environment == NULL && count == 2 ? (uint64_t)values[0].i32 : 0;
    values[0].i64 = values[1].i64 - values[0].i32;
    return NULL;
}

static bool lookup(
    wasmtime_context_t *context, const wasmtime_instance_t *instance, const char *name, uint8_t kind,
    wasmtime_extern_t *out) {
    return wasmtime_instance_export_get(context, instance, name, strlen(name), out) && out->kind == kind;
}

static int self_test_instance(wasmtime_context_t *context, const wasmtime_instance_t *instance, uint64_t *seen) {
    wasmtime_extern_t memory, global, run, fail;
    if (!lookup(context, instance, "m", WASMTIME_EXTERN_MEMORY, &memory)) return 10;
    if (!lookup(context, instance, "g", WASMTIME_EXTERN_GLOBAL, &global)) return 11;
    if (!lookup(context, instance, "r", WASMTIME_EXTERN_FUNC, &run)) return 12;
    if (!lookup(context, instance, "u", WASMTIME_EXTERN_FUNC, &fail)) return 13;
    if (wasmtime_memory_data_size(context, &memory.of.memory) != 65536) return 14;
    if (memcmp(wasmtime_memory_data(context, &memory.of.memory) + 3, "ok", 2) != 0) return 15;

    wasmtime_val_t value;
    wasmtime_global_get(context, &global.of.global, &value);
    if (value.kind != WASMTIME_I64 || value.of.i64 != 7) return 16;
    value.of.i64 = INT64_MIN + 5;
    if (wasmtime_global_set(context, &global.of.global, &value) != NULL) return 17;
    value.of.i64 = 0;
    wasmtime_global_get(context, &global.of.global, &value);
    if (value.of.i64 != INT64_MIN + 5) return 18;

    wasm_trap_t *trap = NULL;
    wasmtime_val_raw_t raw[2];
    memset(raw, 0, sizeof raw);
    raw[0].i32 = 258;
    raw[1].i64 = INT64_C(1) << 40;
    if (wasmtime_func_call_unchecked(context, &run.of.func, raw, 2, &trap) != NULL || trap != NULL) return 19;
    if (*seen != 258 || raw[0].i64 != (INT64_C(1) << 40) - 258) return 20;

    uint8_t code = 255;
    if (wasmtime_func_call_unchecked(context, &fail.of.func, raw, 2, &trap) != NULL || trap == NULL) return 21;
    bool known = wasmtime_trap_code(trap, &code);
    wasm_trap_delete(trap);
    return known && code == WASMTIME_TRAP_UNREACHABLE ? 0 : 22;
}

static wasmtime_error_t *self_test_deadline(
    wasmtime_context_t *context, void *data, uint64_t *deadline_delta, uint8_t *update_kind) {
    (void)context;
    uint64_t *seen = data;
    *deadline_delta = 1;
    *update_kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
    return ++*seen == 3 ? wasmtime_error_new("over") : NULL;
}

// The first call goes on after its deadline, the second ends at it, by what the callback says.
static int self_test_interrupt(
    wasm_engine_t *engine, wasmtime_store_t *store, wasmtime_context_t *context, const wasmtime_instance_t *instance) {
    wasmtime_extern_t fail;
    if (!lookup(context, instance, "u", WASMTIME_EXTERN_FUNC, &fail)) return 23;
    uint64_t seen = 1;
    wasmtime_store_epoch_deadline_callback(store, self_test_deadline, &seen, NULL);
    wasmtime_context_set_epoch_deadline(context, 1);
    for (uint64_t round = 2; round <= 3; round++) {
        wasm_trap_t *trap = NULL;
        wasmtime_val_raw_t raw[1];
        wasmtime_engine_increment_epoch(engine);
        wasmtime_error_t *error = wasmtime_func_call_unchecked(context, &fail.of.func, raw, 1, &trap);
        uint8_t code = 255;
        bool unreachable = trap != NULL && wasmtime_trap_code(trap, &code) && code == WASMTIME_TRAP_UNREACHABLE;
        if (trap != NULL) wasm_trap_delete(trap);
        if (error != NULL) wasmtime_error_delete(error);
        if (seen != round || unreachable != (round == 2)) return 24;
    }
    return 0;
}

static int self_test_link(wasm_engine_t *engine, wasmtime_linker_t *linker, const wasmtime_module_t *module) {
    wasm_valtype_t *parameter_kinds[] = {wasm_valtype_new(WASMTIME_I32), wasm_valtype_new(WASMTIME_I64)};
    wasm_valtype_t *result_kinds[] = {wasm_valtype_new(WASMTIME_I64)};
    wasm_valtype_vec_t parameters, results;
    wasm_valtype_vec_new(&parameters, 2, parameter_kinds);
    wasm_valtype_vec_new(&results, 1, result_kinds);
    wasm_functype_t *type = wasm_functype_new(&parameters, &results);
    wasmtime_error_t *error =
        wasmtime_linker_define_func_unchecked(linker, "e", 1, "f", 1, type, self_test_callback, NULL, NULL);
    wasm_functype_delete(type);
    if (error != NULL) return 3;

    wasmtime_instance_pre_t *pre = NULL;
    if (wasmtime_linker_instantiate_pre(linker, module, &pre) != NULL) return 4;
    uint64_t seen = 0;
    wasmtime_store_t *store = wasmtime_store_new(engine, &seen, NULL);
    wasmtime_context_t *context = wasmtime_store_context(store);
    wasmtime_context_set_epoch_deadline(context, UINT64_C(1) << 62);
    wasmtime_instance_t instance;
    wasm_trap_t *trap = NULL;
    int step = 5;
    if (wasmtime_instance_pre_instantiate(pre, context, &instance, &trap) == NULL && trap == NULL) {
        step = self_test_instance(context, &instance, &seen);
        if (step == 0) step = self_test_interrupt(engine, store, context, &instance);
    }
    wasmtime_store_delete(store);
    wasmtime_instance_pre_delete(pre);
    return step;
}

int cloister_wasmtime_self_test(wasm_engine_t *engine) {
    if (wasmtime_module_validate(engine, self_test_module, sizeof self_test_module) != NULL) return 1;
    wasmtime_module_t *module = NULL;
    if (wasmtime_module_new(engine, self_test_module, sizeof self_test_module, &module) != NULL) return 2;
    wasmtime_linker_t *linker = wasmtime_linker_new(engine);
    int step = self_test_link(engine, linker, module);
    wasmtime_linker_delete(linker);
    wasmtime_module_delete(module);
    return step;
}
