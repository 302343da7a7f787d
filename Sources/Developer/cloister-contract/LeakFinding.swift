/// A difference between two runs of the same calls with different secrets: something that tells the secrets apart.
struct LeakFinding: Equatable {
    /// How two lists of what is seen differ.
    enum Kind: String {
        /// Something is seen in one run where the other has something else.
        case other
        /// One run has all of the other, and more.
        case more
        /// The same in another order.
        case order
        /// The same of another size or amount.
        case size
    }

    /// The call's number in its run, from 1.
    var call: Int
    var title: String
    var channel: SeenCall.Channel
    var kind: Kind
    /// The place in the channel's list, from 1.
    var place: Int
    /// What is seen there in each run; `nil` where there is nothing any more.
    var first: SeenCall.Sight?
    var second: SeenCall.Sight?

    /// For programs and tests: `reads.order`.
    var name: String { channel.rawValue + "." + kind.rawValue }

    var tells: String {
        switch (channel, kind) {
        case (.call, _): "the transaction itself is another one, which everybody sees: this is no pair of secrets"
        case (.input, _): "the message's size class; give both secrets one length, or the message a padding"
        case (.reads, .order): "the order in which entries are asked for"
        case (.reads, .more): "whether something is asked for"
        case (.reads, .size): "the size class of what is stored, which the host keeps, or the length of a question"
        case (.reads, .other): "which entry, contract or account is asked for"
        case (.writes, .more): "whether something is written"
        case (.writes, .size): "the size class of what is written, or whether it is removed"
        case (.writes, _): "which entry is written"
        case (.outcome, _): "whether the call succeeds, and how it fails"
        case (.messages, .order): "the order of what the contract asks for in return"
        case (.messages, .more): "whether the contract asks for something in return"
        case (.messages, .size): "how much is paid, or how long a message is: its receiver's gas goes by that"
        case (.messages, .other): "whom the contract pays or calls"
        case (.events, .size): "an attribute that is in clear, or the length of one that is sealed"
        case (.events, _): "which events there are: types and names in clear are for everybody"
        case (.output, _): "the length of the sealed answer or error"
        case (.gas, _): "how much work the call was: which way it took through the code, and for how long"
        }
    }
}

extension LeakFinding {
    /// What differs between two runs: of every call and channel the first place, in the order of the calls. Calls that
    /// only one of the runs makes are told as one finding.
    static func all(_ first: [SeenCall], _ second: [SeenCall]) -> [LeakFinding] {
        var findings: [LeakFinding] = []
        for (index, (one, other)) in zip(first, second).enumerated() {
            for channel in SeenCall.Channel.allCases {
                guard let (kind, place, sights) = difference(one[channel], other[channel], isSet: channel == .writes)
                else { continue }
                findings.append(
                    LeakFinding(
                        call: index + 1, title: one.title, channel: channel, kind: kind, place: place + 1,
                        first: sights.0, second: sights.1))
            }
        }
        let common = min(first.count, second.count)
        if first.count != second.count {
            let title = (first.count > common ? first : second)[common].title
            findings.append(
                LeakFinding(
                    call: common + 1, title: title, channel: .call, kind: .more, place: 1,
                    first: first.count > common ? .init(title) : nil,
                    second: second.count > common ? .init(title) : nil))
        }
        return findings
    }

    private typealias Difference = (kind: Kind, place: Int, sights: (SeenCall.Sight?, SeenCall.Sight?))

    /// - Parameter isSet: the lists are sorted by their subjects, so what only one has shifts the rest.
    private static func difference(
        _ one: [SeenCall.Sight], _ other: [SeenCall.Sight], isSet: Bool
    ) -> Difference? {
        if one == other { return nil }
        let (subjects, otherSubjects) = (one.map(\.subject), other.map(\.subject))
        let kind: Kind =
            subjects == otherSubjects
            ? .size
            : subjects.sorted() == otherSubjects.sorted()
                ? .order : holds(subjects, otherSubjects) || holds(otherSubjects, subjects) ? .more : .other
        if isSet, kind != .size {
            let alone = one.firstIndex { !otherSubjects.contains($0.subject) }
            let otherAlone = other.firstIndex { !subjects.contains($0.subject) }
            return (kind, alone ?? otherAlone ?? 0, (alone.map { one[$0] }, otherAlone.map { other[$0] }))
        }
        let place = zip(one, other).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let index = place ?? min(one.count, other.count)
        return (
            kind, index,
            (one.indices.contains(index) ? one[index] : nil, other.indices.contains(index) ? other[index] : nil)
        )
    }

    /// Whether `large` is `small` with more in between.
    private static func holds(_ large: [String], _ small: [String]) -> Bool {
        var rest = small[...]
        for subject in large where subject == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }
}
