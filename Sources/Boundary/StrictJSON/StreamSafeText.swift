extension String {
    /// Marks in a row that a stranger's text may have (UAX #15, section 13: Stream-Safe Text Format). No language has
    /// half as many.
    private static let marksMax = 30

    /// The text that `bytes` are in UTF-8, if it is in the stream-safe format; for every text that a stranger chose.
    ///
    /// The attack: to compare a `String`, or to look for it in a set, its marks are put into canonical order first,
    /// by insertion. A megabyte of marks in a row, in the name of a message type or of an import, takes minutes, on
    /// every node and wherever it is compared once more.
    package init?(streamSafe bytes: some Collection<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self), text.isStreamSafe else { return nil }
        self = text
    }

    private var isStreamSafe: Bool {
        // The first mark is U+0300.
        guard utf8.contains(where: { $0 >= 0xcc }) else { return true }
        var marks = 0
        for scalar in unicodeScalars {
            marks = scalar.isMark ? marks + 1 : 0
            guard marks <= String.marksMax else { return false }
        }
        return true
    }
}

extension Unicode.Scalar {
    /// Whether the canonical decomposition begins with a scalar that is put into order.
    fileprivate var isMark: Bool {
        guard value >= 0x300 else { return false }
        switch value {
        // Three that are in no class themselves and decompose to two that are.
        case 0xf73, 0xf75, 0xf81: return true
        default: return properties.canonicalCombiningClass != .notReordered
        }
    }
}
