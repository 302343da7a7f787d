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

    // Slots for instances (`InstanceMemory.slots`), a matter of this node alone.

    /// Instances at one time: an execution lane and sixteen query lanes, each with a call and ten queries in it. One
    /// more would be a fault of this node.
    static let instancesMax = 17 * activationsMax + 5
    /// More than functions, globals and imports of the largest code can take.
    static let instanceBytesMax = 16 << 20
    /// The part of a memory that is overwritten with zeros, and kept, when a slot is given back: a contract built from
    /// Rust begins with 17 pages.
    static let slotBytesKept = 2 << 20
    /// Slots that keep their memory while nobody uses them.
    static let slotsKeptWarm = 24

    /// Reading more than this from a contract's memory in one host call costs one wasm gas per further byte. Secret
    /// Network has no such price, and its callers never come near; without it a loop of calls that cost next to
    /// nothing could copy 12 MiB each.
    static let freeBytesPerRead = 16_384

    /// What one call may have of the work that no price covers (`InstructionGas`), half of what it costs to be made.
    static let freeWork: UInt64 = 10_000_000

    /// Gas limits above this are cut to it, so that sums of gas never overflow.
    package static let gasMax: UInt64 = 1 << 60
}
