/// One call as a host sees it: what the enclave asks for while it runs, what leaves when it has run, and what of both
/// is in clear or has a length.
struct SeenCall: Equatable {
    /// Where something is seen, in the order in which it is looked at.
    enum Channel: String, CaseIterable {
        /// Who calls which entry with which coins: the transaction says so.
        case call
        /// The size class of the message, as the client `cloister` pads it.
        case input
        /// Entries of the state, other contracts and the ledger, in the order in which the call asks for them.
        case reads
        case outcome
        /// What is stored at the end, in the order of keys.
        case writes
        /// Payments and calls that the contract asks for in return, in their order.
        case messages
        case events
        /// How long the sealed answer is, or the sealed error.
        case output
        case gas
    }

    struct Sight: Equatable {
        /// What is looked at: a key of the tree, an address, a text in clear.
        var subject: String
        /// What is seen of it: a size, an amount.
        var detail: String
        /// What it is to the contract's author; a host does not see it, and it is not compared.
        var meaning: String

        init(_ subject: String, _ detail: String = "", meaning: String = "") {
            (self.subject, self.detail, self.meaning) = (subject, detail, meaning)
        }

        static func == (one: Sight, other: Sight) -> Bool {
            one.subject == other.subject && one.detail == other.detail
        }

        var text: String { [subject, meaning, detail].filter { !$0.isEmpty }.joined(separator: ", ") }
    }

    /// The entry and the message's first name, for the report.
    let title: String
    private(set) var sights: [Channel: [Sight]] = [:]

    init(title: String) { self.title = title }

    /// It was refused, trapped, or answered with nothing that is an answer.
    var hasFailed: Bool { !self[.outcome].contains { $0.subject == "succeeds" || $0.subject == "answers" } }

    subscript(channel: Channel) -> [Sight] { sights[channel] ?? [] }

    mutating func add(_ sight: Sight, to channel: Channel) { sights[channel, default: []].append(sight) }
}
