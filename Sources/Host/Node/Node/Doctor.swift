import Attestation
import BlockStorage
import ChainApplication
import ChainInterface
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Logging
import PeerWire
import PublicCryptography
import StrictJSON
import ValidatorSigning
import Wire

/// One thing that was looked at: what was found, and what to do about it.
package struct Finding: Sendable {
    package enum Level: String, Sendable { case fine, warning, fault }

    package var check: String
    package var level: Level
    package var text: String
    package var remedy: String?
    /// Of a fault: what a node would end with for it.
    package var exit: NodeExit

    package var json: JSONValue {
        .object([
            ("check", .string(check)), ("level", .string(level.rawValue)), ("text", .string(text)),
            ("remedy", remedy.map { .string($0) } ?? .null),
        ])
    }

    package var line: String {
        let mark = level == .fine ? "ok" : level.rawValue.uppercased()
        return mark.padding(toLength: 9, withPad: " ", startingAt: 0)
            + check.padding(toLength: 13, withPad: " ", startingAt: 0) + text + (remedy.map { "; \($0)" } ?? "")
    }
}

/// Looks at all that a node needs, whether it runs or not, and changes nothing. Of a node that runs it asks the node;
/// of one that does not it starts the enclave for a moment, as a start would.
package final class Doctor {
    let home: NodeHome
    private let programs: ProgramFolder
    private var findings: [Finding] = []

    package init(_ home: NodeHome, programs: ProgramFolder = ProgramFolder()) {
        (self.home, self.programs) = (home, programs)
    }

    /// All checks, those first on which the others rest.
    package static func examine(_ home: NodeHome, programs: ProgramFolder = ProgramFolder()) -> [Finding] {
        let doctor = Doctor(home, programs: programs)
        doctor.examine()
        return doctor.findings
    }

    func note(
        _ check: String, _ level: Finding.Level, _ text: String, _ remedy: String? = nil, _ exit: NodeExit = .failed
    ) {
        findings.append(
            Finding(check: check, level: level, text: text, remedy: remedy, exit: level == .fault ? exit : .stopped))
    }

    private func note(_ check: String, _ error: any Error) {
        var fault = NodeFault(error, in: home)
        let remedy = fault.remedy ?? Self.remedy(fault.exit)
        fault.remedy = nil
        note(check, .fault, fault.description, remedy, fault.exit)
    }

    /// Where nothing nearer is known.
    private static func remedy(_ exit: NodeExit) -> String {
        switch exit {
        case .stopped, .halted: "start the program that goes on"
        case .configuration: "mend the setting, program or port that it names"
        case .data: "restore the file that it names"
        case .broken: "keep the folder and report it"
        case .failed: "start the node again; if this comes back, look at the disk and the machine"
        case .refused: "start nothing until it is clear which copy of this node is the newest"
        }
    }

    private func examine() {
        do { try home.requireOwnUser() } catch { return note("settings", error) }
        let faults = home.faults()
        for fault in faults { note("settings", fault) }
        guard let configuration = try? NodeConfiguration(path: home.configuration) else { return }
        if faults.isEmpty {
            note("settings", .fine, "settings, genesis and keys of \(home.folder) are as they must be")
        }
        let status = running(configuration)
        versions(configuration, status)
        if let status {
            liveEnclave(status, configuration)
        } else if !HomeLock.isHeld(home) {
            trialOfEnclave(configuration)
        }
        disk()
        clock(status)
        peers(configuration, status)
        keyState(configuration, status)
        if status != nil { standingOfOwnValidator(configuration) }
    }

    // MARK: - The node

    private func running(_ configuration: NodeConfiguration) -> NodeStatus? {
        guard HomeLock.isHeld(home) else {
            note("node", .fine, "none runs here; what follows was tried without one")
            return nil
        }
        let process = HomeLock.process(home).map { " (process \($0))" } ?? ""
        do {
            let status = try NodeStatus(of: configuration)
            let reasons = (status["not_ready"]?.array ?? []).map(NodeStatus.text)
            let height = NodeStatus.text(status["height"])
            if reasons.isEmpty {
                note("node", .fine, "runs\(process) at height \(height), and is ready")
            } else if status["stall"]?.isNull ?? true {
                note(
                    "node", .warning,
                    "runs\(process) at height \(height), not ready: " + reasons.joined(separator: "; "))
            } else {
                note(
                    "node", .fault,
                    "runs\(process), and its chain stands at height \(height): "
                        + reasons.joined(separator: "; "),
                    "see the checks below, and docs/operations.md, A chain that stands"
                )
            }
            return status
        } catch {
            note(
                "node", .fault, "runs\(process) and does not answer its operator: \(NodeFault(error, in: home))",
                "if it was not started just now, see the end of its log and start it again")
            return nil
        }
    }

    private func versions(_ configuration: NodeConfiguration, _ status: NodeStatus?) {
        if let running = status?["version"]?.string, running != NodeVersion.text {
            note(
                "versions", .warning, "the node that runs is \(running), and this program is \(NodeVersion.text)",
                "start the node again when its upgrade is due")
        }
        guard configuration.enclaveBackend == .launched else {
            return note("versions", .fine, "cloister-node \(NodeVersion.text); the enclave runs elsewhere")
        }
        do {
            for name in ["enclave-host", configuration.enclave.program] { try programs.require(name) }
            let (launcher, program) = (programs.path("enclave-host"), programs.path(configuration.enclave.program))
            let measured = try EnclaveImage.measure(
                launcher: launcher, program: program, confinement: configuration.confinement)
            guard let now = measured?.image else {
                return note(
                    "versions", .fault, "enclave-host cannot measure \(program)", "install both from one build",
                    .configuration)
            }
            let kept = (try? String(contentsOfFile: home.measurement, encoding: .utf8))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if let kept, kept != now.measurement {
                let changes = EnclaveImage.explanation(keptAt: home.image, launcher: launcher, program: program)
                return note(
                    "versions", .fault,
                    "the enclave is \(now.measurement.prefix(16))…, and this chain was begun with \(kept.prefix(16))…"
                        + (changes.map { " (\($0))" } ?? ""),
                    "install the build again that this chain was begun with", .configuration)
            }
            note(
                "versions", now.isBundled ? .fine : .warning,
                "cloister-node \(NodeVersion.text), enclave \(now.measurement.prefix(16))…"
                    + (kept == nil ? ", on which no chain has begun here" : ", with which this chain was begun")
                    + (now.isBundled ? "" : ", measured with the system's own libraries"),
                now.isBundled ? nil : "`make bundle` copies them beside the programs, so that an upgrade locks no chain"
            )
        } catch {
            note("versions", error)
        }
    }

    // MARK: - The enclave

    private func liveEnclave(_ status: NodeStatus, _ configuration: NodeConfiguration) {
        let enclave = status["enclave"]
        guard enclave?["answers"]?.bool ?? false else {
            note(
                "enclave", .fault, "it does not answer the node", "start the node again; the enclave ends with it")
            return
        }
        let bytes = (enclave?["resident_bytes"]?.int64 ?? 0) >> 20
        note("enclave", .fine, "answers at height \(NodeStatus.text(enclave?["head_height"])), \(bytes) MiB")
        do {
            let rest = NodeAddress(host: configuration.restHost, port: configuration.restPort)
            let evidence = try rest.get("/cloister/v1/evidence")
            guard let quote = evidence["quote"]?.string.flatMap(Base64.decode) else {
                return note("attestation", .fault, "the node shows no quote", nil, .broken)
            }
            let genesis = try GenesisFile(home).document
            let machine = try configuration.machine(
                in: home, chainID: genesis.chainID, programs: programs, logger: Self.silence)
            attestation(quote, root: try machine.rootCertificate())
        } catch {
            note("attestation", error)
        }
    }

    private static let silence = Logger(label: "doctor", factory: { _ in SwiftLogNoOpLogHandler() })

    /// As a start would, up to where the enclave has opened its record.
    private func trialOfEnclave(_ configuration: NodeConfiguration) {
        do {
            let lock = try HomeLock(home)
            defer { withExtendedLifetime(lock) {} }
            try StateFiles.requireWhole(home)
            var record: [UInt8]?
            if FileManager.default.fileExists(atPath: home.application + "/state") {
                let state = try Application.openState(folder: home.application, isDurable: false)
                record = try Application.sealedRecord(in: state)
            }
            guard record != nil || FileManager.default.fileExists(atPath: home.bootstrapRecord) else {
                try StateFiles.requireBeginning(home)
                // What the first start would refuse.
                _ = try configuration.machine(
                    in: home, chainID: try GenesisFile(home).document.chainID, programs: programs, logger: Self.silence)
                guard FileManager.default.fileExists(atPath: home.joining) else {
                    return note("enclave", .fine, "no chain has begun here; the first start makes the enclave's keys")
                }
                let isLetIn = FileManager.default.fileExists(atPath: home.encryptedSeed)
                return note(
                    "enclave", isLetIn ? .fine : .warning,
                    isLetIn ? "the chain has wrapped its seeds for it; the first start opens them" : "not let in yet",
                    isLetIn ? nil : "`cloister-node register` has the chain give it the seeds")
            }
            let genesis = try GenesisFile(home).document
            // A launcher without its folder begins another machine, and a look must not.
            if configuration.enclaveBackend == .launched,
                try !PlatformPlace(home, launcher: programs.path("enclave-host"), chainID: genesis.chainID).isApart,
                !FileManager.default.fileExists(atPath: home.platform)
            {
                return note(
                    "enclave", .fault,
                    "\(home.platform) is gone: the machine that sealed this chain's record was there",
                    "restore that folder, if a copy of the whole machine exists; else join the network again", .data)
            }
            let machine = try configuration.machine(
                in: home, chainID: genesis.chainID, programs: programs, logger: Self.silence)
            let session = try EnclaveSession.open(
                home, configuration, genesis: genesis, sealedRecord: record, joining: try JoiningNode(home),
                opensValidatorKey: false, programs: programs, logger: Self.silence)
            defer { session.enclave.stop() }
            let health = try session.enclave.withControl { try $0.health() }
            note(
                "enclave", .fine,
                "starts, opens this chain's record and stands at height \(session.opened.headHeight), "
                    + "\(health.residentBytes >> 20) MiB")
            attestation(session.opened.evidence, root: try machine.rootCertificate())
        } catch {
            note("enclave", error)
        }
    }

    private func attestation(_ quote: [UInt8], root certificate: [UInt8]?) {
        guard let certificate, let root = TrustRoot(name: "machine", kind: .simulated, certificate: certificate) else {
            return note(
                "attestation", .fault, "the enclave's machine has no root certificate that can be read",
                "see that the launcher's state folder is the one that this chain was begun with", .data)
        }
        var policy = QuotePolicy()
        let kept = (try? String(contentsOfFile: home.measurement, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        if let kept = kept.flatMap(Hexadecimal.decode).flatMap({ Hash32($0) }) { policy.measurements = [kept] }
        let verdict = QuoteVerifier.verify(
            evidence: quote, roots: [root], time: Int64(Date().timeIntervalSince1970), policy: policy)
        guard let claims = verdict.claims else {
            let reason = verdict.rejection.map { "\($0.step): \($0.refusal)" } ?? "refused"
            return note(
                "attestation", .fault, "the enclave's quote does not hold (\(reason))",
                "clients will not encrypt to this network; see that clock and launcher are right", .refused)
        }
        note(
            "attestation", .fine,
            "the quote over \(claims.body.measurement.description.prefix(16))… holds under the root "
                + "\(root.publicKeyInfoHash.description.prefix(16))…; SIMULATED")
    }

    // MARK: - The machine

    private static let freeBytesMin: UInt64 = 1 << 30
    private static let freeBytesWanted: UInt64 = 5 << 30

    private func disk() {
        let data = home.folder + "/data"
        var status = statvfs()
        guard statvfs(data, &status) == 0 else {
            return note("disk", .fault, "\(data): \(String(cString: strerror(errno)))", "mount or restore it", .data)
        }
        guard access(data, W_OK) == 0 else {
            return note(
                "disk", .fault, "\(data) cannot be written", "give it to the user that runs the node", .data)
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        func mebibytes(_ path: String) -> UInt64 {
            var file = stat()
            // What LMDB's file takes, and not how far it reaches.
            return stat(path, &file) == 0 ? UInt64(file.st_blocks) * 512 >> 20 : 0
        }
        let text =
            "\(free >> 20) MiB free; state \(mebibytes(home.application + "/state/data.mdb")), "
            + "blocks \(mebibytes(home.consensus + "/blocks/data.mdb")), "
            + "index \(mebibytes(home.application + "/transactions.sqlite")) MiB"
        let room = "make room, or keep fewer heights ([pruning]) and give room back with `cloister-node compact`"
        if free < Self.freeBytesMin {
            note("disk", .fault, text, room)
        } else if free < Self.freeBytesWanted {
            note("disk", .warning, text, room)
        } else {
            note("disk", .fine, text)
        }
    }

    private static let clockErrorSeconds: TimeInterval = 5

    private func clock(_ status: NodeStatus?) {
        if let text = status?["time"]?.string, let time = Timestamp(rfc3339: text) {
            let ahead = TimeInterval(time.seconds) - Date().timeIntervalSince1970
            if ahead > Self.clockErrorSeconds {
                return note(
                    "clock", .fault, "the newest block is dated \(Int(ahead)) s later than this clock",
                    "set the clock; a validator whose clock is behind votes against blocks")
            }
        }
        let error = KernelClock.maximumErrorMilliseconds
        note(
            "clock", error == nil ? .warning : .fine,
            error.map { "kept in step by a time service, within \($0) ms" }
                ?? "no time service says that it keeps this clock in step",
            error == nil ? "run one (chrony, systemd-timesyncd), on this machine or on the one that hosts it" : nil)
    }

    // MARK: - Others

    private func peers(_ configuration: NodeConfiguration, _ status: NodeStatus?) {
        guard configuration.peerSettings != nil || !(status?["peers"]?.array ?? []).isEmpty else {
            return note("peers", .fine, "none are configured: this node decides alone")
        }
        guard let status else { return dial(configuration.persistentPeers) }
        let connected = status["peers"]?.array ?? []
        let absent = (status["absent_peers"]?.array ?? []).map(NodeStatus.text)
        let versions = Set(connected.map { NodeStatus.text($0["version"]) }).sorted()
        let text =
            "\(connected.count) connected"
            + (versions.isEmpty ? "" : ", of versions \(versions.joined(separator: ", "))")
        guard absent.isEmpty else {
            return note(
                "peers", connected.isEmpty ? .fault : .warning,
                text + "; not connected: " + absent.joined(separator: ", "),
                "see that they run, that their ids are right, and that no firewall stands between")
        }
        note("peers", .fine, text)
    }

    private func dial(_ peers: [PeerAddress]) {
        guard !peers.isEmpty else { return note("peers", .fine, "none are named; others connect to this node") }
        let silent = peers.filter { peer in
            !NodeAddress(host: peer.place.host, port: Int(peer.place.port)).accepts
        }
        note(
            "peers", silent.isEmpty ? .fine : silent.count == peers.count ? .fault : .warning,
            "\(peers.count - silent.count) of \(peers.count) named peers can be reached"
                + (silent.isEmpty ? "" : "; not: " + silent.map(\.description).joined(separator: ", ")),
            silent.isEmpty ? nil : "see that they run, and that no firewall stands between")
    }

    // MARK: - The key

    private func keyState(_ configuration: NodeConfiguration, _ status: NodeStatus?) {
        guard configuration.signer == .file else { return sealedKeyState(status) }
        guard let signer = try? ValidatorSigner(keyPath: home.validatorKey, statePath: home.validatorState) else {
            return
        }
        var file = stat()
        if stat(home.validatorKey, &file) == 0, file.st_mode & 0o077 != 0 {
            note(
                "key", .fault, "\(home.validatorKey) can be read by other users",
                "chmod 600 it; if others were there, "
                    + "replace the validator", .configuration)
        }
        let signed = signer.lastSigned
        let (height, power): (Int64?, Int64?)
        if let status {
            height = status["committed_height"]?.string.flatMap { Int64($0) }
            power = status["validator"]?["power"]?.int64
        } else {
            (height, power) = stored(signer.address)
        }
        let text = "validator \(signer.address) signed last at height \(signed.height), round \(signed.round)"
        let standing = Self.standing(power)
        guard let height, signed.height > height + 1 else { return note("key", .fine, text + standing) }
        // Others' blocks may bring it to where it signed; alone nobody has them.
        let isAlone = configuration.peerSettings == nil
        note(
            "key", isAlone ? .fault : .warning, text + "\(standing); the blocks here end at height \(height)",
            isAlone
                ? "restore the newer \(home.folder)/data; do not set the record back"
                : "it votes again once the node has fetched the blocks up to there", .refused)
    }

    /// What the enclave signed last is its own to say, when the node starts.
    private func sealedKeyState(_ status: NodeStatus?) {
        guard let file = try? SealedKeyFile(path: home.sealedValidatorKey) else { return }
        let power = status.map { $0["validator"]?["power"]?.int64 } ?? stored(file.address).power
        note("key", .fine, "the enclave has the key of validator \(file.address)\(Self.standing(power))")
    }

    private static func standing(_ power: Int64?) -> String {
        power.map { $0 > 0 ? ", power \($0)" : ", not in the set" } ?? ""
    }

    private func stored(_ address: ValidatorAddress) -> (height: Int64?, power: Int64?) {
        let folder = home.consensus + "/blocks"
        guard !HomeLock.isHeld(home), FileManager.default.fileExists(atPath: folder + "/data.mdb"),
            (try? StateFiles.requireWhole(database: folder + "/data.mdb")) != nil,
            let store = try? BlockStore(folder: folder, isDurable: false),
            let top = (try? store.bounds()).flatMap({ $0 })?.upperBound
        else { return (nil, nil) }
        let set = (try? store.validators(top + 1)).flatMap { $0 }
        return (top, set.map { $0.validators.first { $0.address == address }?.power ?? 0 })
    }
}

/// What the kernel knows of its clock: `struct timex` of <sys/timex.h>, which Swift's Glibc does not have.
private enum KernelClock {
    private static let byteCount = 208
    private static let (maximumErrorOffset, statusOffset) = (24, 40)
    private static let isUnsynchronised: Int32 = 0x40

    /// `nil` where nothing keeps it in step, or where nobody says.
    static var maximumErrorMilliseconds: Int? {
        // Looked up by name, in the C library that is loaded anyway.
        guard let symbol = dlsym(nil, "ntp_adjtime") else { return nil }
        let adjust = unsafeBitCast(symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self)
        let facts = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
        defer { facts.deallocate() }
        // No mode: it only tells.
        facts.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        guard adjust(facts) >= 0, facts.load(fromByteOffset: statusOffset, as: Int32.self) & isUnsynchronised == 0
        else { return nil }
        return facts.load(fromByteOffset: maximumErrorOffset, as: Int.self) / 1000
    }
}
