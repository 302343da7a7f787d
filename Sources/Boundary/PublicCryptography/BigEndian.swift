// Numbers as every format of ours but protobuf writes them: most significant byte first, so that the order of keys is
// the order of numbers. Both are inlinable, since they are the inside of loops over keys: through the generic form each
// byte costs a call.

extension FixedWidthInteger {
    @inlinable package var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    /// The number whose bytes are `bytes`. The caller vouches for their count.
    @inlinable package init(bigEndianBytes bytes: some Collection<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}
