// Contracts of tests: modules put together from bytes, so that a test knows every instruction in them, and a thread
// with the stack that a contract needs.
//
// What a contract answers is the test's; how it runs is the engine's.
