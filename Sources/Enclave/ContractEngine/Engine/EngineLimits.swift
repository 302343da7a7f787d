/// Numbers that decide whether a call succeeds. All but the two about the native stack are consensus: every node must
/// use the same.
package enum EngineLimits {
    /// 12 MiB (Secret Network protocol: limits and constants).
    static let memoryPages: UInt32 = 192
    static let pageBytes = 65_536
    static let tableElements = 10_000

    /// How much of the stack of a call may be in use, in the weights of `FunctionScan.frameWeight`.
    static let frameBudget: Int32 = 4 << 20
    /// Functions that call nothing and weigh at most this are not counted: only one of them can be active.
    static let leafWeightMax: Int32 = 4096

    /// What libwasmtime may use of the native stack in one activation, more than `frameBudget` with one leaf on top
    /// can fill: a weight is at least the frame's size in bytes (see `FunctionScan.frameWeight`).
    static let nativeStackBytes = 5 << 20
    /// A call and ten queries nested in it.
    package static let activationsMax = 11

    /// Reading more than this from a contract's memory in one host call costs one wasm gas per further byte. Secret
    /// Network has no such price, and its callers never come near; without it a loop of calls that cost next to
    /// nothing could copy 12 MiB each.
    static let freeBytesPerRead = 16_384

    /// Gas limits above this are cut to it, so that sums of gas never overflow.
    package static let gasMax: UInt64 = 1 << 60
}
