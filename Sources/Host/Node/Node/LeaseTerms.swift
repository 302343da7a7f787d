import ChainInterface
import StrictJSON

/// For how many answers, and how much block time, enclaves of a chain answer after a block has held their nonce:
/// `lease` of the registration module's part of genesis, and so of the chain's identity.
struct LeaseTerms: Equatable {
    /// A minute, so that an enclave which is shown blocks later than that has no lease most of the time. Answers are
    /// for a node that is asked a thousand times a second on a chain of slow blocks: a renewal takes two of them.
    static let ofNewChains = LeaseTerms(answers: 10_000, seconds: 60)
    /// Of chains whose genesis does not say it.
    static let unsaid = LeaseTerms(answers: 10_000, seconds: 3600)

    var answers: UInt32
    var seconds: UInt32

    init(answers: UInt32, seconds: UInt32) { (self.answers, self.seconds) = (answers, seconds) }

    init(_ genesis: GenesisDocument) throws {
        guard let json = genesis.appState["register"]?["lease"] else {
            self = .unsaid
            return
        }
        guard let answers = json["answers"]?.string.flatMap({ UInt32($0) }),
            let seconds = json["seconds"]?.string.flatMap({ UInt32($0) }), (answers == 0) == (seconds == 0)
        else { throw GenesisError.malformed("register.lease") }
        self.init(answers: answers, seconds: seconds)
    }

    var json: JSONValue { ["answers": .string(String(answers)), "seconds": .string(String(seconds))] }
}
