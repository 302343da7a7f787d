/// What a call uses is public, and tells which way it went through the code (interface version 1 only).
enum Gas {
    /// What this call's code has used until here, in the chain's gas.
    static var used: UInt64 { Host.gasUsed() }

    /// Uses up gas until the call has used `target`, so that calls which took different ways cost the same, to a unit.
    /// It cannot make what the state's reads and writes cost equal: do as many on each way.
    static func fill(to target: UInt64) {
        let used = used
        if used < target { Host.evaporate(UInt32(clamping: target - used)) }
    }
}
