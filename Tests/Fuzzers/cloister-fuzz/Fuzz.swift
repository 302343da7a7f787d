import Attestation
import CFuzzer
import ChainFormats
import ChainMessages
import ClientRequests
import CometBFTReading
import ContractEngine
import DecidedBlocks
import EnclaveProtocol
import Glibc
import ModuleGenerator
import PeerWire
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import TPMQuotes
import WasmKit
import Wire

/// Fuzzes one decoder that faces the host, a peer or a client: `cloister-fuzz DECODER [libFuzzer's arguments]`.
///
/// What it shows: no input makes the decoder crash, hang or take memory without bound (libFuzzer's own limits and the
/// address sanitizer watch), and what it accepts it can write again.
@main
struct Fuzz {
    /// P-256's own point (FIPS 186-4, D.1.2.3).
    private static let generator: [UInt8] = [
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
        0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2,
        0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
        0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ]

    static let decoders: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = [
        "frame": { data, size in
            let bytes = input(data, size)
            if let message = try? ToEnclave(decoding: bytes) {
                guard let again = try? ToEnclave(decoding: message.encoded()), again == message else { abort() }
            }
            _ = try? FromEnclave(decoding: bytes)
            return 0
        },
        "transaction": { data, size in
            if let transaction = try? Transaction(decoding: input(data, size)) {
                for message in transaction.body.messages {
                    _ = try? ComputeMessage.decode(message)
                    _ = try? BankMessage.decode(message)
                }
                _ = SignatureCheck.verify(transaction, signerIndex: 0, chainID: "c", accountNumber: 1, sequence: 1)
            }
            return 0
        },
        // The first two bytes choose the message.
        "messages": { data, size in
            let bytes = input(data, size)
            guard bytes.count >= 2 else { return 0 }
            let type = allChainMessages[(Int(bytes[0]) << 8 | Int(bytes[1])) % allChainMessages.count]
            for policy in [FieldPolicy.signed, .request, .engine] {
                guard let message = try? type.init(decoding: bytes[2...], policy) else { continue }
                let again = message.encoded
                guard let same = try? type.init(decoding: again, .signed), same.encoded == again else { abort() }
            }
            return 0
        },
        // The first byte says how the stream is cut; whole requests of ABCI are read, too.
        "abci": { data, size in
            let bytes = input(data, size)
            guard let step = bytes.first else { return 0 }
            let stream = bytes[1...]
            var (whole, cut) = (DelimitedReader(byteCountMax: 4096), DelimitedReader(byteCountMax: 4096))
            whole.append(stream)
            var messages: [[UInt8]] = []
            while let message = try? whole.next() {
                messages.append(message)
                guard let request = try? TendermintABCI.Request(decoding: message, .engine) else { continue }
                guard let same = try? TendermintABCI.Request(decoding: request.encoded, .engine),
                    same.encoded == request.encoded
                else { abort() }
            }
            var pieces: [[UInt8]] = []
            for start in stride(from: stream.startIndex, to: stream.endIndex, by: Int(step % 61) + 1) {
                cut.append(stream[start..<min(start + Int(step % 61) + 1, stream.endIndex)])
                while let message = try? cut.next() { pieces.append(message) }
            }
            guard pieces == messages else { abort() }
            return 0
        },
        "header": { data, size in
            let bytes = input(data, size)
            if let header = try? Header(protobuf: bytes), header.protobuf != bytes { abort() }
            if let commit = try? Commit(protobuf: bytes), commit.protobuf != bytes { abort() }
            if let set = try? ValidatorSet(protobuf: bytes), set.protobuf != bytes { abort() }
            if let received = try? Block.received(bytes) {
                guard !received.isCanonical || received.block.protobuf == bytes else { abort() }
                guard let again = try? Block(protobuf: received.block.protobuf), again == received.block else {
                    abort()
                }
            }
            for kind in [Evidence.Kind.duplicateVote, .lightClientAttack] {
                let evidence = Evidence(kind: kind, bytes: bytes)
                guard let content = evidence.content else { continue }
                guard Evidence(content) == evidence else { abort() }
                _ = evidence.name(content)
            }
            return 0
        },
        "proof": { data, size in
            let bytes = input(data, size)
            guard bytes.count > 34, let root = Hash32(bytes[..<32]) else { return 0 }
            let keys = (0..<Int(bytes[32] % 8)).map { [UInt8]([bytes[33], UInt8($0)]) }
            let values = keys.map { key -> [UInt8]? in key[1] & 1 == 0 ? nil : key }
            let proof = Array(bytes[34...])
            guard !keys.isEmpty, (try? MultiProof.verify(root: root, keys: keys, values: values, proof: proof)) != nil
            else { return 0 }
            // Made from a true one. It proves one thing only: with any value changed it proves nothing.
            for index in values.indices {
                var others = values
                others[index] = values[index] == nil ? [1] : nil
                if (try? MultiProof.verify(root: root, keys: keys, values: others, proof: proof)) != nil { abort() }
            }
            return 0
        },
        // The first byte chooses the channel, or what comes before there are channels.
        "peers": { data, size in
            let bytes = input(data, size)
            guard let first = bytes.first else { return 0 }
            let (choice, rest) = (Int(first), Array(bytes.dropFirst()))
            if choice < PeerChannel.allCases.count {
                let channel = PeerChannel.allCases[choice]
                guard let message = try? ChannelMessage(channel, rest, rules: peerRules), message != .nothing else {
                    return 0
                }
                let again = message.encoded
                guard again.channel == channel,
                    (try? ChannelMessage(channel, again.bytes, rules: peerRules)) == message
                else { abort() }
            } else if choice == PeerChannel.allCases.count {
                let own = NodeInfo(
                    id: "", listenAddress: "", network: "", version: "", channels: [], moniker: "", appVersion: 0)
                var link = PeerLink(
                    ephemeralSecret: [UInt8](repeating: 7, count: 32), own: own,
                    publicKey: [UInt8](repeating: 7, count: 32), limits: peerRules.limits
                ) { _ in [] }
                _ = try? link.receive(rest)
            } else if choice == PeerChannel.allCases.count + 1 {
                if let info = try? NodeInfo(protobuf: rest) {
                    guard let again = try? NodeInfo(protobuf: info.protobuf), again == info else { abort() }
                }
            } else if choice == PeerChannel.allCases.count + 2 {
                // A remote signer's connection, sealed or not, and what is asked on it.
                var sealed = PrivvalStream(secret: [UInt8](repeating: 7, count: 32), publicKey: []) { _ in [] }
                _ = try? sealed.receive(rest)
                _ = try? sealed.next()
                var plain = PrivvalStream()
                _ = try? plain.receive(rest)
                while let message = try? plain.next() {
                    guard let request = try? PrivvalRequest(protobuf: message) else { continue }
                    var again = PrivvalStream()
                    _ = try? again.receive(request.delimited)
                    guard let bytes = try? again.next(), (try? PrivvalRequest(protobuf: bytes)) == request else {
                        abort()
                    }
                }
            } else if let packet = try? PeerPacket(protobuf: rest) {
                guard let again = try? PeerPacket(protobuf: packet.protobuf), again == packet else { abort() }
            }
            return 0
        },
        // The first byte chooses: a JSON-RPC body with the parameters of every form, a query of events held against
        // values of its own words, or a body of gRPC or gRPC-web, in pieces.
        "clients": { data, size in
            let bytes = input(data, size)
            guard let first = bytes.first else { return 0 }
            let rest = Array(bytes.dropFirst())
            switch first % 3 {
            case 0:
                let limits = JSONLimits(bytesMax: 1 << 20, valuesMax: 40_000, repeatedNames: .lastCounts)
                guard let requests = try? RPCRequest.read(rest, limits: limits) else { return 0 }
                guard requests.count <= RequestLimits.batchMax else { abort() }
                for request in requests {
                    guard let call = try? RPCCall(request, names: ["height", "query"]) else { continue }
                    _ = try? call.integer("height")
                    _ = try? call.flag("height")
                    _ = try? call.text("query")
                    _ = try? call.bytes("query", inJSON: .base64)
                    _ = try? call.bytes("query", inJSON: .hexadecimal)
                    _ = try? call.json("query", limits: limits)
                }
            case 1:
                let text = String(decoding: rest, as: UTF8.self)
                guard let query = try? EventQuery(text) else { return 0 }
                guard (1...RequestLimits.conditionsMax).contains(query.conditions.count) else { abort() }
                var values = EventValues()
                for condition in query.conditions { values.add(condition.name, text) }
                _ = query.matches(values)
                _ = query.matches(EventValues())
            default:
                let text = String(decoding: rest, as: UTF8.self)
                _ = GRPCWebForm.coding(of: text)
                if let bytes = GRPCWebForm.bytes(ofText: rest) {
                    guard bytes.count <= rest.count / 4 * 3, rest.count % 4 == 0 else { abort() }
                }
                let written = Base64.encode(rest)
                guard GRPCWebForm.bytes(ofText: written.utf8) == rest else { abort() }
                var (whole, pieces) = (GRPCMessages(bytesMax: 4_096), GRPCMessages(bytesMax: 4_096))
                guard let messages = try? whole.take(rest) else { return 0 }
                var again: [[UInt8]] = []
                for byte in rest { again += (try? pieces.take([byte])) ?? [] }
                guard again == messages, whole.isAtEnd == pieces.isAtEnd else { abort() }
                _ = GRPCForm.timeout(text)
                _ = GRPCForm.parts(of: text)
                guard GRPCForm.percentEncoded(text).utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else { abort() }
            }
            return 0
        },
        // The first byte chooses: an answer of another node's RPC, which is taken for all that is read of one, or a
        // file of CometBFT's log.
        "cometbft": { data, size in
            let bytes = input(data, size)
            guard let choice = bytes.first else { return 0 }
            let rest = Array(bytes.dropFirst())
            guard choice & 1 == 0 else {
                guard var logged = LoggedBlock.ofFuzz else { abort() }
                logged.readVotes(rest)
                logged.readParts(rest)
                if logged.block != nil { abort() }
                return 0
            }
            guard let answer = try? RPCAnswer.result(of: rest, bytesMax: 1 << 20) else { return 0 }
            if let found = try? RPCBlock(block: answer, commit: answer) {
                _ = (found.block.header.hash(), found.block.matchesItsHeader)
                // What is taken can be kept, and read again.
                guard let again = try? Block(protobuf: found.block.protobuf), again == found.block else { abort() }
            }
            let members = answer["validators"]?.array ?? []
            if let shown = try? RPCBlock.lightBlock(commit: answer, validators: members) {
                _ = (shown.header.hash(), shown.validators.hash())
            }
            return 0
        },
        // What a node that is new is told of a state.
        "state": { data, size in
            let bytes = input(data, size)
            if let outline = try? StateOutline(decoding: bytes) {
                guard (try? StateOutline(decoding: outline.encoded)) == outline else { abort() }
                _ = outline.isOf(outline.commitment.applicationHash.bytes)
            }
            if let chunk = try? StateChunk(decoding: bytes) {
                guard (try? StateChunk(decoding: chunk.encoded)) == chunk else { abort() }
                var outline = StateOutline.Chunk()
                outline.parts = chunk.parts.map { _ in
                    StatePart(store: "a", prefix: [], hash: .zero, isLeaf: false)
                }
                outline.blobs = chunk.blobs.map { SHA256.hash($0) }
                if chunk.isOf(outline) != chunk.parts.isEmpty { abort() }
            }
            return 0
        },
        "json": { data, size in
            if let value = try? JSONReader.parse(input(data, size)) {
                guard let again = try? JSONReader.parse(JSONWriter.bytes(of: value)), again == value else { abort() }
            }
            return 0
        },
        "gunzip": { data, size in
            if let output = try? Gunzip.decompress(input(data, size), limit: 1 << 20), output.count > 1 << 20 {
                abort()
            }
            return 0
        },
        "wasm": { data, size in
            if let engine { _ = try? ModuleUpload.check(input(data, size), with: engine) }
            return 0
        },
        // The input is what the generator chooses by, so that small changes to it are small changes to the module.
        "module": { data, size in
            var choices = Choices(bytes: input(data, size))
            let module = GeneratedModule(&choices)
            do throws(Differential.Disagreement) {
                _ = try differential?.outcome(of: module.bytes)
            } catch {
                print(error)
                fflush(nil)
                abort()
            }
            return 0
        },
        // Under whatever root the quote embeds, so that the steps behind it are reached.
        "quote": { data, size in
            let evidence = input(data, size)
            if let joining = try? RegistrationCertificate(protobuf: evidence), joining.protobuf != evidence { abort() }
            if let founding = try? FoundingCertificate(protobuf: evidence), founding.protobuf != evidence { abort() }
            if let policy = try? RegistrationPolicy(protobuf: evidence), policy.protobuf != evidence { abort() }
            if let policy = try? EvidencePolicy(protobuf: evidence), policy.protobuf != evidence { abort() }
            let quote = try? UnverifiedQuote(evidence)
            let embedded = quote.flatMap { CertificateChain.read($0.certificationData) }?.embeddedRoot.der ?? []
            let roots = [TrustRoot.Kind.simulated, .hardware].compactMap {
                TrustRoot(name: "embedded", kind: $0, certificate: embedded)
            }
            var policy = QuotePolicy()
            policy.kinds = TrustedExecution.allCases
            for time: Int64 in [1_751_624_924, 1_796_625_179] {
                let verdict = QuoteVerifier.verify(evidence: evidence, roots: roots, time: time, policy: policy)
                if verdict.steps.count != 12 || verdict.isAccepted != (verdict.rejection == nil) { abort() }
            }
            return 0
        },
        // The first byte says where the message ends and the signature begins; the key is one that signed none of it.
        "tpm": { data, size in
            let bytes = input(data, size)
            guard let first = bytes.first, bytes.count > Int(first) else { return 0 }
            let end = 1 + Int(first)
            let evidence = TPMEvidence(
                message: Array(bytes[1..<end]), signature: Array(bytes[end...]), values: [.zero], certificates: [bytes])
            guard let key = TPMAttestationKey(P256.publicKeyInfoPrefix + generator) else { abort() }
            let policy = TPMPolicy(signer: .key(key), qualifyingData: [1])
            let verdict = TPMVerifier.verify(evidence, policy: policy, time: 1_796_625_179)
            if verdict.steps.count != 8 || verdict.isAccepted || verdict.rejection == nil { abort() }
            _ = TPMAttestationKey(bytes)
            return 0
        },
        // What a maker publishes, and each of its parts by itself.
        "collateral": { data, size in
            let bytes = input(data, size)
            if let collateral = try? Collateral(protobuf: bytes) {
                if collateral.protobuf != bytes { abort() }
                parse(collateral.levels.text)
                parse(collateral.quotingEnclave.text)
                _ = Certificate.read(collateral.levels.signer)
                _ = RevocationList.parse(collateral.rootList)
                _ = RevocationList.parse(collateral.platformList)
            }
            parse(bytes)
            if let certificate = Certificate.read(bytes), certificate.der != bytes { abort() }
            _ = RevocationList.parse(bytes)
            if let certificates = CertificateText.decode(bytes, count: 1), certificates.count != 1 { abort() }
            return 0
        },
    ]

    static let peerRules = PeerRules(initialHeight: 1, limits: PeerLimits(blockBytesMax: 1 << 20))

    static let differential = try? Differential(hasThread: true)
    static let engine = try? WasmEngine(preset: .winch)
    nonisolated(unsafe) static var chosen: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { _, _ in 0 }

    static func parse(_ text: [UInt8]) {
        guard let fields = CollateralFields(text) else { return }
        for kind in TrustedExecution.allCases {
            _ = try? PlatformTable(fields, for: kind)
            _ = try? QuotingEnclaveTable(fields, for: kind)
        }
    }

    static func input(_ data: UnsafePointer<UInt8>?, _ size: Int) -> [UInt8] {
        guard let data else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }

    static func main() {
        guard CommandLine.arguments.count >= 2, let decoder = decoders[CommandLine.arguments[1]] else {
            print(decoders.keys.sorted().joined(separator: "\n"))
            exit(2)
        }
        chosen = decoder
        // On a thread that has the stack contracts need, so that not every input takes one of its own.
        ContractThread.run { () throws(Never) in Fuzz.drive() }
    }

    /// Not the main thread's: nothing here may be bound to that.
    nonisolated private static func drive() -> Never {
        // The decoder's name takes the place of the program's: libFuzzer sees only its own arguments.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        exit(LLVMFuzzerRunDriver(&count, &arguments) { data, size in Fuzz.chosen(data, Int(size)) })
    }
}

extension LoggedBlock {
    /// Of a validator whose secret nobody has: no file can have a block that he signed.
    fileprivate static let ofFuzz: LoggedBlock? = {
        guard let key = Hexadecimal.decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            let validator = Validator(publicKey: key, power: 1, proposerPriority: 0),
            let set = ValidatorSet(ordered: [validator])
        else { return nil }
        return LoggedBlock(height: 1, validators: set, chainID: "c")
    }()
}
