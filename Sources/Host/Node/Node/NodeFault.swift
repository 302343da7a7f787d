import ABCIServer
import BlockExecution
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import CometBFTEngine
import DecidedBlocks
import DurableFiles
import EmbeddedEngine
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import HostAnswers
import KeyValueDatabase
import ModuleKit
import Registration
import StateStore
import ValidatorSigning
import Wire

/// How a node's process ends; supervisors act on the number.
package enum NodeExit: Int32, Sendable, CaseIterable {
    /// Asked to.
    case stopped = 0
    /// The chain came to the last block that this program was to run.
    case halted = 69
    case configuration = 64
    case data = 65
    case broken = 70
    case failed = 75
    case refused = 77

    /// What it says to who reads the number, for `cloister-node --help`.
    package var meaning: String {
        switch self {
        case .stopped: "asked to end"
        case .halted: "the last block of this program, halt_height, is committed; start the one that goes on"
        case .configuration: "a setting, a program or a port is not as it must be; mend it"
        case .data: "a file of the node's folder is missing, damaged, or not this chain's; restore it"
        case .broken: "the node came to a result that the chain does not have; keep its folder and report it"
        case .failed: "the enclave, the disk or the machine failed; starting again may help"
        case .refused: "the validator's signer or the enclave refuses what this folder holds"
        }
    }

    /// Whether another start can come to something else.
    package var mayHelpToRestart: Bool { self == .failed }
}

/// Why a node does not start or cannot go on, in a line for the person who can mend it.
package struct NodeFault: Error, Equatable, CustomStringConvertible {
    package var exit: NodeExit
    package var what: String
    /// The file or folder that it is about.
    package var path: String?
    /// What was said below, where that helps to find out more.
    package var cause: String?
    /// What to do.
    package var remedy: String?

    package init(
        _ what: String, exit: NodeExit = .configuration, path: String? = nil, cause: String? = nil,
        remedy: String? = nil
    ) {
        (self.exit, self.what, self.path, self.cause, self.remedy) = (exit, what, path, cause, remedy)
    }

    package var description: String {
        (path.map { "\($0): " } ?? "") + what + (cause.map { " (\($0))" } ?? "") + (remedy.map { "; \($0)" } ?? "")
    }

    package static func == (left: NodeFault, right: NodeFault) -> Bool { left.exit == right.exit }
}

extension NodeFault {
    /// Calls `report` when a part of a database cannot be read, wherever that shows. The process must end then.
    package static func watchMappedFiles(_ report: @escaping @Sendable (NodeFault) -> Void) {
        MapFault.watch { path in
            report(
                NodeFault(
                    "a part of the file cannot be read: it was cut, or the disk fails", exit: .data, path: path,
                    remedy: "restore the whole folder from a backup"))
        }
    }
}

// MARK: - Errors of the modules below

extension NodeFault {
    /// Settings or arguments that are not as they must be, each with its name.
    package init(violations: [String], path: String? = nil) {
        self.init(
            violations.count == 1
                ? violations[0]
                : "\(violations.count) things are not as they must be\n"
                    + violations.map { "  " + $0 }.joined(separator: "\n"), path: path)
    }

    /// What Foundation says of a file that should be readable.
    package init(_ error: any Error, at path: String) {
        if let error = error as? CocoaError {
            self.init(error, path)
        } else {
            self.init("cannot use the file", exit: .failed, path: path, cause: "\(error)")
        }
    }
}

extension NodeFault {
    /// Any error of a start or of a run in `home`, told to an operator.
    package init(_ error: any Error, in home: NodeHome) {
        switch error {
        case let fault as NodeFault: self = fault
        case let failure as EngineStop: self.init(failure, home)
        case let error as ParameterUpdateError:
            self.init("a block gave the chain parameters that it cannot go on with", exit: .broken, cause: "\(error)")
        case let fault as CometBFTFault: self.init(fault, home)
        case let fault as DriveFault: self.init(fault, home)
        case let error as SocketError:
            self.init("CometBFT cannot be given a socket", exit: .configuration, cause: error.description)
        case let error as SignerFileError: self.init(error, home)
        case let error as GenesisError: self.init(error, home)
        case let error as EnclaveError: self.init(error, home)
        case let refusal as GenesisRefusal:
            self.init(
                "the application refuses this genesis", exit: .data, path: home.genesis, cause: refusal.description,
                remedy: Self.restoreGenesis)
        case let refusal as TooManyApprovals where refusal.isOfSettings:
            self.init(
                """
                up to block \(refusal.height) upgrade.approve names \(refusal.count) enclave programs that are still to be \
                approved, and a chain surely has room for \(RegistrationModule.settingsProgramsMax) more
                """,
                exit: .configuration, path: home.configuration,
                remedy: "name fewer until some of those blocks have been run, the same on all nodes")
        case let refusal as TooManyApprovals:
            self.init(
                """
                block \(refusal.height) would approve \(refusal.count) enclave programs, and a chain approves no more than \
                \(RegistrationModule.approvedProgramsMax)
                """,
                exit: .configuration, path: home.configuration,
                remedy: "end approvals that nobody needs, the same on all nodes, as upgrade.approve")
        case let refusal as ApprovalRefusal:
            self.init(
                """
                block \(refusal.height) was run without what upgrade.approve says of the enclave program \
                \(refusal.measurement)
                """,
                exit: .configuration, path: home.configuration,
                cause: "this node has run \(refusal.committedHeight) blocks",
                remedy: "approve it from a block on that is still to come, the same on all nodes, as upgrade.approve")
        case let refusal as UpgradeRefusal:
            self.init(
                "the chain's state was written by another program", exit: .data, path: home.application + "/state",
                cause: refusal.description,
                remedy:
                    "start the program that wrote it; only if this one is newer and the network has agreed to go on with it, say"
                    + " from which block on as upgrade.height in config/node.toml")
        case let reached as HaltHeightReached:
            self.init(
                "the chain is at height \(reached.height), and this program runs no block behind halt_height",
                exit: .halted, path: home.configuration,
                remedy:
                    "start the program that goes on, with upgrade.height = \(reached.height + 1) and without halt_height"
            )
        case let reached as PlanReached:
            self.init(
                "UPGRADE \"\(reached.name)\" NEEDED at height \(reached.height + 1), and this program is not meant by it",
                exit: .halted, path: home.application + "/state",
                cause: reached.info.isEmpty ? "the chain has decided so" : "the chain has decided so: \(reached.info)",
                remedy: "start the program that the plan means; the state is as block \(reached.height) left it")
        case let error as FileError: self.init(file: error.path, error.operation, errno: error.code)
        case let failure as RunJournal.Failure:
            self.init(file: home.application + "/run-journal", failure.operation, errno: failure.errorNumber)
        case let divergence as RunJournal.Divergence:
            self.init(
                "a block that was interrupted came to other results when it was run again", exit: .broken,
                path: home.application + "/run-journal", cause: divergence.description)
        case let error as BlockDatabaseError:
            self.init(database: home.consensus + "/blocks", error.description, number: error.cause.number)
        case let error as LMDBError:
            self.init(database: home.application + "/state", error.description, number: error.number)
        case let error as StateDatabaseError: self.init(error, home)
        case let damage as TransactionIndex.Unusable:
            self.init(
                "the index of transactions cannot be used", exit: damage.isLasting ? .data : .failed, path: damage.path,
                cause: damage.reason,
                remedy:
                    "if it is damaged, move it away: blocks and state are kept, earlier transactions are no longer found"
            )
        case let error as CocoaError: self.init(error)
        case is ProtobufError, is CorruptState:
            self.init(
                "a record in this folder is not what was written there", exit: .data, path: home.folder + "/data",
                cause: "\(error)", remedy: Self.restoreBackup)
        case let error as ValidatorUpdateError:
            self.init("a block changed the validators as it may not", exit: .broken, cause: "\(error)")
        default: self.init("the node cannot go on", exit: .failed, cause: "\(error)")
        }
    }

    private static let restoreGenesis = "put back the genesis file that this chain began with"
    private static let restoreBackup =
        "restore the whole folder, data and config, from one backup, or start another node with `cloister-node init`"

    private init(_ failure: EngineStop, _ home: NodeHome) {
        switch failure {
        case .signerAhead(let signedHeight, let signedRound, let height):
            self.init(
                """
                the validator has signed for height \(signedHeight), round \(signedRound), and the blocks of this folder \
                end before height \(height): they are older than what was signed, and signing again could sign two \
                different blocks
                """, exit: .refused, path: home.signerRecord,
                remedy: "restore the newer \(home.folder)/data; do not set the record back")
        case .applicationAhead(let application, let store):
            self.init(
                "the state is at height \(application) and the blocks end at height \(store)", exit: .data,
                path: home.consensus + "/blocks", remedy: Self.restoreBackup)
        case .blocksMissing(let height):
            self.init(
                "block \(height), which the state still needs, is not there", exit: .data,
                path: home.consensus + "/blocks", remedy: Self.restoreBackup)
        case .storeAndStateDisagree(let store, let state):
            self.init(
                "the blocks end at height \(store) and the record of them says \(state)", exit: .data,
                path: home.consensus + "/blocks", remedy: Self.restoreBackup)
        case .wrongGenesis:
            self.init(
                "this genesis file is another chain's than the blocks in \(home.consensus)", exit: .data,
                path: home.genesis, remedy: Self.restoreGenesis)
        case .wrongAppHash(let height):
            self.init(
                "running block \(height) again gave another state than the chain has", exit: .broken,
                path: home.application, remedy: "keep the folder, report it, and restore a backup")
        case .wrongResultCount(let height):
            self.init("block \(height) has another number of results than of transactions", exit: .broken)
        case .halted(let blockID):
            self.init("two thirds of the validators stand behind the invalid block \(blockID.hash)", exit: .broken)
        case .invalidOwnBlock(let fault):
            self.init("this node proposed a block that is not valid", exit: .broken, cause: "\(fault)")
        case .stopped: self.init("consensus was stopped", exit: .failed)
        }
    }

    private init(_ fault: CometBFTFault, _ home: NodeHome) {
        let mend = "say the path of a CometBFT \(CometBFTProcess.versionPrefix)x as cometbft.program"
        switch fault {
        case .notRun(let program, let cause):
            self.init("cannot run CometBFT", path: program, cause: cause, remedy: mend)
        case .wrongVersion(let program, let version):
            self.init("this is CometBFT \(version)", path: program, remedy: mend)
        case .ended(let how, let log, let lastLine):
            self.init("CometBFT ended with \(how)", exit: .failed, path: log, cause: lastLine)
        case .noHistory(_, let height):
            self.init(
                "this chain is at height \(height), and CometBFT has none of its blocks", exit: .data,
                path: home.cometBFT,
                remedy: "go on with the embedded engine, or restore that folder")
        case .notInspected(_, let cause):
            self.init(
                "CometBFT does not say which blocks it has", exit: .data, path: home.cometBFT, cause: cause,
                remedy: "see cometbft.log there")
        }
    }

    private init(_ fault: DriveFault, _ home: NodeHome) {
        switch fault {
        case .wrongGenesis:
            self.init(
                fault.description, exit: .data, path: home.genesis,
                remedy: "give CometBFT the genesis file of this node")
        case .wrongHeight:
            self.init(
                fault.description, exit: .data, path: home.consensus,
                remedy: "restore both, the node's data and CometBFT's, from one backup")
        case .refused, .nothingToCommit: self.init(fault.description, exit: .broken)
        }
    }

    private init(_ error: SignerFileError, _ home: NodeHome) {
        switch error {
        case .missing(let path) where path == home.validatorState:
            self.init(
                "the record of what the validator signed is missing; without it two conflicting votes could be signed",
                exit: .data, path: path, remedy: "restore the newest copy of it")
        case .missing(let path):
            self.init("the validator's key is missing", exit: .data, path: path, remedy: "restore it from its backup")
        case .malformed(let path):
            self.init(
                "this is no file of CometBFT's format for validators", exit: .data, path: path,
                remedy: "restore it from its backup")
        case .keyMismatch:
            self.init(
                "the public key is not that of the private key", exit: .data, path: home.validatorKey,
                remedy: "restore it from its backup")
        }
    }

    private init(_ error: GenesisError, _ home: NodeHome) {
        let remedy = "put there the genesis file of the chain"
        switch error {
        case .missing(let path): self.init("there is no genesis file", exit: .data, path: path, remedy: remedy)
        case .malformed(let what):
            self.init("this is no genesis file", exit: .data, path: home.genesis, cause: what, remedy: remedy)
        case .unsupported(let what):
            self.init(
                "this genesis file is of a chain that this program cannot follow", exit: .data, path: home.genesis,
                cause: what, remedy: remedy)
        case .noValidators:
            self.init("genesis has no validators", exit: .data, path: home.genesis, remedy: remedy)
        }
    }

    private init(_ error: StateDatabaseError, _ home: NodeHome) {
        let path = home.application + "/state"
        switch error {
        case .cannotCreate(let path, let errno): self.init(file: path, "mkdir", errno: errno)
        case .damaged(let what):
            self.init("the state is damaged", exit: .data, path: path, cause: what, remedy: Self.restoreBackup)
        case .heightNotKept(let height):
            self.init(
                "the state of height \(height) is not there", exit: .data, path: path, remedy: Self.restoreBackup)
        case .unknownStore, .cannotAdd, .noStores, .illegalKey, .wrongHeight, .stale:
            self.init("the state was not written in its order", exit: .broken, path: path, cause: "\(error)")
        }
    }

    /// Full disks and lacking memory pass; a missing permission or a folder in the place of a file does not.
    private init(file path: String, _ operation: String, errno: Int32) {
        let passing = [EIO, ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EAGAIN, EINTR]
        self.init(
            "cannot \(operation) it", exit: passing.contains(errno) ? .failed : .data, path: path,
            cause: String(cString: strerror(errno)),
            remedy: errno == EACCES || errno == EPERM ? "give it to the user that runs the node" : nil)
    }

    private init(_ error: CocoaError, _ path: String? = nil) {
        let path = path ?? error.userInfo[NSFilePathErrorKey] as? String ?? error.url?.path
        let below = error.userInfo[NSUnderlyingErrorKey] as? NSError
        if let below, below.domain == NSPOSIXErrorDomain {
            self.init(file: path ?? "a file", "use", errno: Int32(below.code))
        } else if error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            self.init(file: path ?? "a file", "read", errno: ENOENT)
        } else if error.code == .fileReadNoPermission || error.code == .fileWriteNoPermission {
            self.init(file: path ?? "a file", "use", errno: EACCES)
        } else {
            self.init("cannot use a file", exit: .failed, path: path, cause: error.localizedDescription)
        }
    }

    /// LMDB's own numbers are negative; others are the system's.
    private init(database path: String, _ cause: String, number: Int32) {
        /// `MDB_MAP_FULL`: the address space that the program gives it.
        let isFull = number == -30_792
        if number > 0 {
            self.init(file: path, "use", errno: number)
        } else if isFull {
            self.init(
                "the database has no room left", exit: .configuration, path: path, cause: cause,
                remedy: "keep fewer heights, or build the node with a larger map")
        } else {
            self.init(
                "the database is damaged or another version's", exit: .data, path: path, cause: cause,
                remedy: Self.restoreBackup)
        }
    }
}

// MARK: - The enclave

extension NodeFault {
    private init(_ error: EnclaveError, _ home: NodeHome) {
        switch error {
        case .refused(let failure): self.init(failure, home)
        case .refusedWithUnknownNumber, .unexpectedMessage:
            self.init(
                "the enclave is of another version than this program", exit: .configuration, cause: "\(error)",
                remedy: "install both from one build")
        case .lost, .notStarted: self.init("\(error)", exit: .failed)
        case .launcherRefused(let status):
            let what = "the enclave was not started; enclave-host says why in the line above"
            let cause = "its status is \(status)"
            switch status {
            case 66: self.init(what, exit: .data, path: home.platform, cause: cause)
            case 64, 65, 67, 68, 71: self.init(what, exit: .configuration, cause: cause)
            default: self.init(what, exit: .failed, cause: cause)
            }
        }
    }

    private init(_ failure: Failure, _ home: NodeHome) {
        let cause = "\(failure), \(failure.rawValue)"
        switch failure {
        case .wrongVersion, .wrongLane, .malformedFrame, .frameTooLong, .unexpectedMessage:
            self.init(
                "the enclave does not understand this program", exit: .broken, cause: cause,
                remedy: "if they are not from one build, install both from one")
        case .outOfMemory: self.init("the enclave lacks memory", exit: .failed, cause: cause)
        case .sealedRecordRefused:
            self.init(
                "the enclave cannot open this chain's record: it is another program, or another machine, than the one that sealed it",
                exit: .configuration)
        case .grantRefused:
            self.init(
                "the seeds that the chain gave this enclave do not open for it: another program or machine registered",
                exit: .refused, path: home.platform, cause: cause, remedy: "`cloister-node register` asks for new ones")
        case .epochGone:
            self.init(
                "the chain's enclaves have destroyed the keys of these blocks since, and this one was never given them",
                exit: .refused, path: home.configuration, cause: cause,
                remedy: "take the state from other nodes: [statesync] (docs/operations.md)")
        case .foundingRefused:
            self.init(
                "the enclave does not begin this network with these founders, or is none of them", exit: .refused,
                path: home.genesis, cause: cause,
                remedy: "`cloister-node genesis accept` says what is wrong with a genesis file")
        case .evidenceRefused:
            self.init(
                "no enclave of this program has vouched for the keys of this network", exit: .refused,
                path: home.genesis,
                cause: cause, remedy: "the genesis file, or the enclave, is not the network's; ask who gave you them")
        case .identityRefused:
            self.init(
                "the enclave refuses to begin this chain on this platform", exit: .refused, path: home.configuration,
                cause: cause, remedy: "see that `profile` is the platform's")
        case .heightBehindJournal:
            self.init(
                "the platform remembers a later block than this folder has: the folder was restored from an older copy",
                exit: .refused, path: home.platform, cause: cause,
                remedy: "restore the newest copy of \(home.folder)/data")
        case .journalMoved:
            self.init(
                "another enclave of this chain is at work on this platform; this one stopped", exit: .refused,
                path: home.platform, cause: cause, remedy: "run one node of a chain on a machine")
        case .journalMissing, .journalDiffers:
            self.init(
                "a block was interrupted, and what the node said of it then is lost or another", exit: .refused,
                path: home.application + "/run-journal", cause: cause,
                remedy: "restore the newest copy of \(home.folder)/data")
        case .resultsDiffer, .secondHeaderForHeight, .stopped:
            self.init(
                "the enclave stopped: what it ran, or was shown, is not what the validators signed", exit: .broken,
                cause: cause, remedy: "keep the folder and report it")
        case .consensusKeyMissing, .consensusKeyRefused:
            self.init(
                "the enclave has not the validator's key of this folder: another program or machine sealed it, or this machine signs with another",
                exit: .refused, path: home.sealedValidatorKey, cause: cause,
                remedy: "restore the file that was made with this machine's first start")
        case .consensusKeyExists:
            self.init(
                "the enclave on this machine has a validator's key already, and takes no other", exit: .refused,
                path: home.platform, cause: cause, remedy: "go on with that key, or use another machine")
        case .voteRegression, .voteConflict, .voteMalformed, .voteTooFar:
            self.init(
                "the enclave does not sign this: it signed something later, or something else for this place",
                exit: .refused, path: home.platform, cause: cause,
                remedy: "restore the newest copy of \(home.folder)/data")
        case .consensusKeyHandedOver:
            self.init(
                "the validator's key was handed over to another enclave; this one signs nothing more", exit: .refused,
                path: home.takeOver, cause: cause,
                remedy: "go on with the program that has it: its `cloister-node upgrade-enclave` says what is missing")
        case .successorRefused, .handedKeyRefused:
            self.init(
                "the validator's key is handed over to an enclave alone that this chain gave its seeds to",
                exit: .refused, path: home.takeOver, cause: cause,
                remedy: "register that enclave first: `cloister-node upgrade-enclave`, or `register`")
        case .votesMoved:
            self.init(
                "another enclave with this validator's key signs on this platform; this one signs nothing more",
                exit: .refused, path: home.platform, cause: cause, remedy: "run one node of a chain on a machine")
        case _ where (300..<400).contains(failure.rawValue):
            self.init(
                "the enclave refuses the blocks and the state of this folder: they do not follow from its sealed record",
                exit: .refused, path: home.folder + "/data", cause: cause, remedy: Self.restoreBackup)
        case .platformFailed: self.init("the enclave's platform failed", exit: .failed, cause: cause)
        default:
            self.init(
                "the enclave refuses what the node sent it", exit: .broken, cause: cause,
                remedy: "keep the folder and report it")
        }
    }
}
