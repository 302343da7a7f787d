import ChainFormats
import DecidedBlocks
import Wire

/// What CometBFT asks of a signer that is another program (`tendermint.privval`). It listens, the signer connects, and
/// then it asks and the signer answers, one message after the other with its length before it.
package enum PrivvalRequest: Equatable, Sendable {
    case publicKey(chainID: String)
    case vote(Vote, chainID: String)
    case proposal(Proposal, chainID: String)
    case ping

    /// CometBFT's `maxRemoteSignerMsgSize`.
    package static let byteCountMax = 10 * 1024
    /// CometBFT's `MaxChainIDLen`.
    private static let chainIDBytesMax = 50

    /// A message without its length. Whoever is at the other end chose the bytes.
    package init(protobuf message: [UInt8]) throws(ProtobufError) {
        guard message.count <= Self.byteCountMax else { throw .notCanonical }
        var reader = ProtobufReader(message)
        guard let field = try reader.next() else { throw .missing(field: 1) }
        guard try reader.next() == nil else { throw .notCanonical }
        switch field.number {
        case 1:
            var chainID = ""
            var inner = ProtobufReader(try field.slice())
            while let field = try inner.next() {
                guard field.number == 1 else { throw .notCanonical }
                chainID = try Self.chainID(field)
            }
            self = .publicKey(chainID: chainID)
        case 3:
            let (vote, chainID) = try Self.read(Vote.self, field)
            self = .vote(vote, chainID: chainID)
        case 5:
            let (proposal, chainID) = try Self.read(Proposal.self, field)
            self = .proposal(proposal, chainID: chainID)
        case 7:
            guard try field.slice().isEmpty else { throw .notCanonical }
            self = .ping
        default: throw .illegalValue(field: field.number)
        }
    }

    private static func read<Content: CanonicalMessage>(
        _: Content.Type, _ request: ProtobufReader.Field
    ) throws(ProtobufError) -> (Content, String) {
        var content: Content?
        var chainID = ""
        var reader = ProtobufReader(try request.slice())
        while let field = try reader.next() {
            switch field.number {
            case 1: content = try field.message(Content.self)
            case 2: chainID = try Self.chainID(field)
            default: throw .notCanonical
            }
        }
        guard let content else { throw .missing(field: 1) }
        return (content, chainID)
    }

    private static func chainID(_ field: ProtobufReader.Field) throws(ProtobufError) -> String {
        guard try field.slice().count <= chainIDBytesMax else { throw .illegalValue(field: field.number) }
        return try field.string()
    }

    /// As CometBFT sends it, with its length.
    package var delimited: [UInt8] {
        Delimited.encode(
            ProtobufWriter.encode { writer in
                switch self {
                case .publicKey(let chainID): writer.message(1) { $0.string(1, chainID) }
                case .vote(let vote, let chainID):
                    writer.message(3) {
                        $0.message(1, vote)
                        $0.string(2, chainID)
                    }
                case .proposal(let proposal, let chainID):
                    writer.message(5) {
                        $0.message(1, proposal)
                        $0.string(2, chainID)
                    }
                case .ping: writer.message(7) { _ in }
                }
            })
    }
}

/// The signer's answers. A refusal is a text for CometBFT's log, in the answer to what was asked.
package enum PrivvalAnswer: Equatable, Sendable {
    case publicKey([UInt8])
    case vote(Vote)
    case proposal(Proposal)
    case pong
    case refusal(of: PrivvalRequest, String)

    /// With its length.
    package var delimited: [UInt8] {
        Delimited.encode(
            ProtobufWriter.encode { writer in
                switch self {
                case .publicKey(let key): writer.message(2) { $0.message(1) { $0.bytes(1, key) } }
                case .vote(let vote): writer.message(4) { $0.message(1, vote) }
                case .proposal(let proposal): writer.message(6) { $0.message(1, proposal) }
                case .pong: writer.message(8) { _ in }
                case .refusal(let request, let text):
                    let number: UInt32 =
                        switch request {
                        case .publicKey: 2
                        case .vote: 4
                        case .proposal: 6
                        case .ping: 8
                        }
                    // `RemoteSignerError`; its code has no meaning to CometBFT.
                    writer.message(number) {
                        $0.message(2) {
                            $0.uint64(1, 1)
                            $0.string(2, text)
                        }
                    }
                }
            })
    }
}
