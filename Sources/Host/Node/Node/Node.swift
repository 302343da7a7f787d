// A node put together: its home, its settings, the enclave's start, application, engine and interfaces, and the network
// of one node for developers.
//
// Here every other host module meets, and only here: the interfaces see the application through `ChainAdapter`, the
// engine wakes through `EngineWatcher`, queries reach the enclave through `QueryReads`. The module assumes that it
// alone uses its home (`HomeLock`), and that whoever starts it starts it again when its exit status says so
// (`NodeExit`).
//
// It holds no rule of the chain, and no secret but the node's key, unless the settings leave the validator's key in a
// file, which `ValidatorSigner` reads itself: all others are the enclave's, and the enclave believes nothing that this
// module says without proof. What goes wrong is a `NodeFault` with a place and an exit status, never a crash.
