import BoundaryTap
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

/// All that a host can look at: what crossed, the files beside it, what was logged, and what the kernel tells of the
/// processes.
enum HostView {
    typealias Place = (name: String, bytes: [UInt8])

    /// - Parameter crossed: both ways of all lanes, as a tap has them.
    static func of(_ world: World, _ crossed: [UInt8]...) throws -> [Place] {
        var places = crossed.enumerated().map { Place("lanes \($0.offset)", $0.element) }
        // The launcher's own folder is the processor's; what an enclave's host may read stands beside it.
        for name in try FileManager.default.subpathsOfDirectory(atPath: world.path("."))
        where !name.hasPrefix("platform/") {
            if let data = FileManager.default.contents(atPath: world.path(name)), !data.isEmpty {
                places.append((name, Array(data)))
            }
        }
        places += world.records.map { ("record \($0.key)", $0.value) }
        let launcher = world.enclave.process
        for (who, process) in [("launcher", launcher)] + children(of: launcher).map({ ("enclave", $0) }) {
            // `stat` and `status` are numbers; memory itself is the confinement's business (HostileAttemptTests).
            for file in ["cmdline", "environ", "comm", "maps", "status"] {
                guard let data = FileManager.default.contents(atPath: "/proc/\(process)/\(file)") else { continue }
                places.append(("\(who)'s \(file)", Array(data)))
            }
        }
        return places
    }

    private static func children(of parent: pid_t) -> [pid_t] {
        let tasks = (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)) ?? ""
        return tasks.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Keys of a world's enclave, from the fuse key of its simulated processor: those that last. Keys of single
    /// contracts, messages and outputs, and the randomness of blocks, come from these.
    static func keys(_ world: World, consensusKey sealedKey: [UInt8]) throws -> [PlantedSecret] {
        let measurement = world.opened.measurement
        let fuse = [UInt8](try Data(contentsOf: URL(fileURLWithPath: world.path("platform") + "/fuse-simulated")))
        func sealing(_ label: String) -> SecretKey {
            HKDF.derive(
                SecretKey(copying: fuse)!, salt: Array("cloister/sealing-key/1".utf8),
                info: measurement + Array("\(label)-simulated".utf8))
        }
        var keys = [PlantedSecret("fuse key", fuse)]
        let recordKey = HKDF.derive(
            SecretKey(copying: fuse)!, salt: Array("cloister/versioned-sealing-key/1".utf8),
            info: OpenedMachine.recordInfo(measurement))
        keys.append(PlantedSecret("sealing key of network-record", recordKey.copied()))
        for label in ["consensus-key", "module-store", "registration"] {
            keys.append(PlantedSecret("sealing key of \(label)", sealing(label).copied()))
        }
        let record = try SealedRecord.open(world.opened.sealedRecord, sealingKey: recordKey)
        // Both seeds stand at the beginning of what the record seals.
        let header = world.opened.sealedRecord[..<SealedRecord.Header.byteCount]
        let opened = Sealing.open(
            world.opened.sealedRecord[header.count...], key: recordKey, header: Array(header))!
        let plaintext = opened.withUnsafeBytes { Array($0) }
        let seeds = [Array(plaintext[1..<33]), Array(plaintext[33..<65])]
        for (seed, name) in zip(seeds, ["genesis", "current"]) {
            keys.append(PlantedSecret("\(name) seed", seed))
            for order in UInt32(1)...8 {
                let key = KeyDerivation.seedKey(SecretKey(copying: seed)!, order: order)
                keys.append(PlantedSecret("key \(order) of the \(name) seed", key.copied()))
            }
        }
        // That these are the network's: they give the keys that it shows.
        let network = NetworkKeys(record.takeSeeds())
        guard network.ioKey.copied() == keys.first(where: { $0.name == "key 2 of the current seed" })?.bytes,
            network.ioPublicKey == world.opened.ioPublicKey
        else { throw Unopened() }
        guard
            let signing = SealedConsensusKey.open(
                sealedKey, sealingKey: sealing("consensus-key"), measurement: Hash32(measurement)!)
        else { throw Unopened() }
        keys.append(PlantedSecret("consensus key", signing.takeKey().copied()))
        // Whoever has this opens each output before its block is proved. That it is the enclave's: it gives its keys.
        let label = Array("cloister/output".utf8)
        let outputs = KeyDerivation.expand(SecretKey(copying: seeds[1])!, info: label)
        let place = (Hash32.zero.bytes + UInt32(7).bigEndianBytes + Hash32.zero.bytes)
        guard
            network.outputKey(headerHash: .zero, index: 7, leaf: .zero)
                == KeyDerivation.expand(outputs, info: label + place).copied()
        else { throw Unopened() }
        keys.append(PlantedSecret("key material of outputs", outputs.copied()))
        // With this, seeds that were wrapped for this machine open.
        let registration = SeedGrant.registrationKey(
            sealing("registration"), identityHash: SHA256.hash(world.chain.identity.encoded))
        keys.append(PlantedSecret("registration key", registration.copied()))
        return keys
    }

    struct Unopened: Error {}
}

extension SecretKey {
    /// A test's own copy, to look for it elsewhere.
    fileprivate borrowing func copied() -> [UInt8] { withUnsafeBytes { Array($0) } }
}
