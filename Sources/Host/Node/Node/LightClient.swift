import BlockExecution
import ChainFormats
import CometBFTEngine
import DecidedBlocks
import EmbeddedEngine
import Foundation
import PeerWire
import PublicCryptography
import Wire

/// Follows a chain by its headers alone, and holds those of one node against others: CometBFT's `light`, without its
/// proxy.
package struct LightClient {
    package struct Options: Sendable {
        package var chainID: String
        /// Whose headers are followed.
        package var primary: ListenAddress
        /// Whom they are held against.
        package var witnesses: [ListenAddress]
        package var trustHeight: Int64
        package var trustHash: Hash32
        package var trustPeriodSeconds: Int64

        /// From the words of a command; throws all that is wrong with them.
        package init(
            chainID: String, primary: String, witnesses: String, trustHeight: Int64, trustHash: String,
            trustPeriod: String
        ) throws {
            var wrong: [String] = []
            func need<Value>(_ value: Value?, _ text: String, or other: Value) -> Value {
                if value == nil { wrong.append(text) }
                return value ?? other
            }
            self.chainID = chainID
            let nowhere = ListenAddress(host: "", port: 0)
            self.primary = need(ListenAddress(primary), "--primary: must be host:port", or: nowhere)
            self.witnesses = witnesses.split(separator: ",").map {
                need(ListenAddress(String($0)), "--witnesses: must be host:port, with commas between", or: nowhere)
            }
            if self.witnesses.isEmpty {
                wrong.append("--witnesses: at least one; who asks one node alone believes whatever it shows")
            }
            self.trustHeight = trustHeight
            if trustHeight < 1 { wrong.append("--trust-height: a height") }
            self.trustHash = need(
                Hexadecimal.decode(trustHash).flatMap { Hash32($0) }, "--trust-hash: 64 hexadecimal digits", or: .zero)
            trustPeriodSeconds = need(
                GoDuration.seconds(trustPeriod).flatMap { GoDuration.bearable.contains($0) ? $0 : nil },
                "--trust-period: must be a time, as 168h0m0s", or: 1)
            guard wrong.isEmpty else { throw NodeFault(violations: wrong) }
        }
    }

    /// What one look came to, for a person to read.
    package struct Look: Sendable {
        package var height: Int64
        package var hash: Hash32
        package var agreeing: Int
        package var notes: [String] = []

        package var line: String {
            "height \(height), header \(hash): verified, and \(agreeing) \(agreeing == 1 ? "witness shows" : "witnesses show") the same"
        }
    }

    /// As long as an honest witness may lag behind (CometBFT: twice the drift of clocks, and `maxBlockLag`).
    private static let lagSeconds = 12.0

    /// A node with a name for people.
    package typealias Node = LightWitness & CustomStringConvertible

    private let primary: any Node
    private var witnesses: [any Node]
    private let detector: LightDetector
    private var believed: UnverifiedHeader

    /// Believes the header that the operator named, if the primary shows it and each witness does.
    package init(_ options: Options) throws {
        try self.init(
            options, primary: RPCWitness(options.primary), witnesses: options.witnesses.map { RPCWitness($0) },
            wait: { Thread.sleep(forTimeInterval: Self.lagSeconds) })
    }

    package init(
        _ options: Options, primary: any Node, witnesses: [any Node], wait: @escaping @Sendable () -> Void
    ) throws {
        (self.primary, self.witnesses) = (primary, witnesses)
        var rules = LightRules(chainID: options.chainID)
        rules.trustingPeriodNanoseconds = options.trustPeriodSeconds * 1_000_000_000
        detector = LightDetector(rules, wait: wait)
        for node in [primary] + witnesses {
            let shown: UnverifiedHeader
            do { shown = try node.lightBlock(options.trustHeight) } catch {
                throw NodeFault(
                    "\(node) does not show the header of height \(options.trustHeight)", exit: .failed,
                    cause: "\(error)", remedy: "name nodes that have it, or a later height and its hash")
            }
            guard shown.header.height == options.trustHeight, shown.header.hash() == options.trustHash else {
                throw NodeFault(
                    "\(node) shows another header at height \(options.trustHeight) than --trust-hash", exit: .data,
                    remedy: "ask who gave you the hash, and believe neither before")
            }
        }
        believed = try primary.lightBlock(options.trustHeight)
        guard (try? believed.checkSigned(by: believed.header.validatorsHash, chainID: options.chainID)) != nil else {
            throw NodeFault(
                "the header of --trust-hash is not signed by its own validators", exit: .data,
                remedy: "ask for another one")
        }
    }

    /// Goes on to the primary's last header. Throws, and believes what it believed before, if that cannot be believed,
    /// if validators signed two chains, or if no witness shows the same (CometBFT: `ErrFailedHeaderCrossReferencing`):
    /// who can keep the others from answering could show anything that a third signs, and they would seem to be wrong
    /// later.
    package mutating func look() throws -> Look {
        let now = EngineClock.system.now()
        let target: UnverifiedHeader
        do { target = try primary.lastLightBlock() } catch {
            throw NodeFault("\(primary) does not answer", exit: .failed, cause: "\(error)")
        }
        guard target.header.height >= believed.header.height else {
            return Look(
                height: believed.header.height, hash: believed.header.hash(), agreeing: 0,
                notes: ["\(primary) is behind what it showed before"])
        }
        let trace: LightTrace
        do throws(LightRefusal) {
            trace = try LightTrace(from: believed, to: target, by: detector.rules, at: now, primary)
        } catch {
            throw NodeFault(
                "\(primary) shows a header of height \(target.header.height) that does not follow", exit: .data,
                cause: "\(error)",
                remedy: error == .expired ? "name a younger header that you know" : "follow another node")
        }
        // The one that is believed already was compared when it was.
        var look = Look(
            height: target.header.height, hash: target.header.hash(),
            agreeing: trace.headers.count > 1 ? 0 : witnesses.count)
        for (index, witness) in witnesses.enumerated().reversed() where trace.headers.count > 1 {
            switch detector.compare(trace, with: witness, primary: primary, at: now) {
            case .agrees: look.agreeing += 1
            case .silent: look.notes.append("witness \(witness) does not have height \(target.header.height)")
            case .wrong(let refusal):
                look.notes.append("witness \(witness) shows what it cannot prove (\(refusal)), and is not asked again")
                witnesses.remove(at: index)
            case .attack(let attack): throw tell(attack, witness)
            }
        }
        guard !witnesses.isEmpty else {
            throw NodeFault("no witness is left", exit: .data, cause: look.notes.joined(separator: "; "))
        }
        guard look.agreeing > 0 else {
            throw NodeFault(
                "no witness shows the header of height \(target.header.height) that \(primary) shows", exit: .failed,
                cause: look.notes.joined(separator: "; "), remedy: "ask again, or name other witnesses")
        }
        believed = target
        return look
    }

    /// Each side is sent what blames the signers of the other's header.
    private func tell(_ attack: LightAttack, _ witness: any Node) -> NodeFault {
        var told: [String] = []
        let both: [(LightClientAttack?, any Node)] = [(attack.ofPrimary, witness), (attack.ofWitness, primary)]
        for (evidence, node) in both {
            guard let evidence else { continue }
            do {
                try node.take(Evidence(.lightClientAttack(evidence)))
                told.append("\(node) has taken the evidence against \(evidence.byzantine.count) validators")
            } catch {
                told.append("\(node) has not taken the evidence: \(error)")
            }
        }
        return NodeFault(
            "an attack on light clients (\(attack.kind.rawValue)): \(primary) and \(witness) show two chains that part "
                + "after height \(attack.commonHeight), both signed", exit: .broken,
            cause: told.joined(separator: "; "),
            remedy: "believe neither; tell the chain's operators which nodes these are")
    }
}
