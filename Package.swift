// swift-tools-version: 6.2
import PackageDescription

// The manifest is the trust boundary: every target names its zone, and an edge that breaks the matrix below
// stops the build with a message that names both ends (docs/threat-model.md; Tests/House/zones.sh is the proof).
//
// CLOISTER_ZONES=trusted builds the boundary, secrets and enclave zones and the launcher alone, without a single
// package from outside this repository: that is what an auditor has to read.
// CLOISTER_FUZZ=1 builds the same zones with libFuzzer's instrumentation and adds the fuzz programs.
// CLOISTER_TESTS=KeyringTests,StrictJSONTests leaves out the other test modules; `make test ONLY=name` sets it.

enum Zone: String {
    case boundary, secrets, enclave
    /// The host's layers.
    case state, rules, chain, engines, peers, interfaces, node
    case client, developer, launcher, test

    var folder: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// Which zones a zone may use. Tests may use all, and nothing may use a test.
let mayUse: [Zone: Set<Zone>] = [
    .boundary: [.boundary],
    .secrets: [.boundary, .secrets],
    .enclave: [.boundary, .secrets, .enclave],
    .state: [.boundary, .state],
    // Pure besides: what a block comes to must be the same on every node.
    .rules: [.boundary, .rules],
    .chain: [.boundary, .state, .rules, .chain],
    .engines: [.boundary, .state, .engines],
    // What nodes say to each other: they drive an engine, and no engine knows them.
    .peers: [.boundary, .state, .engines, .peers],
    .interfaces: [.boundary, .rules, .interfaces],
    .node: [.boundary, .state, .rules, .chain, .engines, .peers, .interfaces, .node],
    .client: [.boundary, .secrets, .client],
    // Tools that run contracts on a developer's machine, with the enclave's code and none of its secrets.
    .developer: [.boundary, .secrets, .enclave, .developer],
    .launcher: [],
    .test: [
        .boundary, .secrets, .enclave, .state, .rules, .chain, .engines, .peers, .interfaces, .node, .client,
        .developer, .launcher, .test,
    ],
]

let trustedOnly = Context.environment["CLOISTER_ZONES"] == "trusted"
let fuzzing = Context.environment["CLOISTER_FUZZ"] != nil
let onlyTests = Context.environment["CLOISTER_TESTS"].map { Set($0.split(separator: ",").map(String.init)) }

// MARK: - Settings

let fuzzSettings: [SwiftSetting] = fuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []

let commonSettings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let withoutFolder = "\(Context.packageDirectory)=."

/// Trusted zones import neither Foundation nor Dispatch: the implicit concurrency import alone would load libdispatch.
let trustedSettings: [SwiftSetting] =
    commonSettings + [
        .strictMemorySafety(),
        .unsafeFlags([
            "-Xfrontend", "-disable-implicit-concurrency-module-import",
            "-Xfrontend", "-disable-implicit-string-processing-module-import",
        ]),
        // A hash over the compiler's options would name the folder, too.
        .unsafeFlags(
            ["-file-prefix-map", withoutFolder, "-Xfrontend", "-disable-incremental-llvm-codegen"],
            .when(configuration: .release)),
    ] + fuzzSettings

let cSettings: [CSetting] = [
    .unsafeFlags(["-Wall", "-Wextra", "-Werror"]),
    .unsafeFlags(["-ffile-prefix-map=\(withoutFolder)"], .when(configuration: .release)),
]

/// What is measured says nothing of the folder in which it was built: another folder gives the same bytes
/// (docs/security/reproducing.md).
let reproducible: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "--strip-debug"], .when(configuration: .release))
]

/// A C program without a dynamic loader: nothing that its starter says in the environment is read before it runs. The
/// Swift driver is told to leave out what it would add for a Swift program. (Not static-pie: the package manager gives
/// every program a search path, which the start of a static-pie refuses.)
let staticProgram = [
    "-static-stdlib", "-nostartfiles", "-use-ld=lld", "-Xclang-linker", "-static", "-Xclang-linker",
    "-Wno-unused-command-line-argument",
]

// MARK: - Targets

struct Module {
    enum Kind { case system, c, swift, program, cProgram, tests, fuzzer }

    var name: String
    var zone: Zone
    var kind: Kind
    var path: String
    var uses: [String] = []
    var packages: [Target.Dependency] = []
    var exclude: [String] = []
    var linker: [LinkerSetting] = []
    /// Zones that may use this one module of a zone that they may not use.
    var openTo: Set<Zone> = []
    /// Uses the boundary and other pure modules alone: no clock, disk, thread or package (Tests/House/layout.py).
    var isPure = false
    /// Holds keys, and uses the boundary and what holds keys alone (Tests/House/trusted.py).
    var isCustody = false

    var isTrusted: Bool { [.boundary, .secrets, .enclave].contains(zone) }
}

func boundary(_ name: String, _ kind: Module.Kind = .swift, uses: [String] = []) -> Module {
    Module(name: name, zone: .boundary, kind: kind, path: "Sources/Boundary/\(name)", uses: uses)
}
func secrets(_ name: String, uses: [String]) -> Module {
    Module(name: name, zone: .secrets, kind: .swift, path: "Sources/Secrets/\(name)", uses: uses, isCustody: true)
}
func enclave(
    _ name: String, _ kind: Module.Kind = .swift, uses: [String] = [], linker: [LinkerSetting] = [],
    isCustody: Bool = false
) -> Module {
    Module(
        name: name, zone: .enclave, kind: kind, path: "Sources/Enclave/\(name)", uses: uses, linker: linker,
        isCustody: isCustody)
}
func host(
    _ zone: Zone, _ name: String, _ kind: Module.Kind = .swift, in folder: String? = nil, uses: [String] = [],
    packages: [Target.Dependency] = [], exclude: [String] = [], openTo: Set<Zone> = [], isPure: Bool = false
) -> Module {
    Module(
        name: name, zone: zone, kind: kind, path: "Sources/Host/\(folder ?? zone.folder)/\(name)",
        uses: uses, packages: packages, exclude: exclude, openTo: openTo, isPure: isPure)
}
func client(
    _ name: String, _ kind: Module.Kind = .swift, uses: [String] = [], packages: [Target.Dependency] = [],
    openTo: Set<Zone> = []
) -> Module {
    Module(
        name: name, zone: .client, kind: kind, path: "Sources/Client/\(name)", uses: uses, packages: packages,
        openTo: openTo)
}
func tests(_ name: String, uses: [String], packages: [Target.Dependency] = [], exclude: [String] = []) -> Module {
    Module(
        name: name, zone: .test, kind: .tests, path: "Tests/\(name)", uses: uses, packages: packages, exclude: exclude)
}
/// What tests share. A kit that the trusted zones' tests use stands among the trusted modules and needs no package.
func kit(_ name: String, uses: [String] = []) -> Module {
    Module(name: name, zone: .test, kind: .swift, path: "Tests/Kits/\(name)", uses: uses)
}
func researchEnclave(_ name: String) -> Module {
    Module(
        name: name, zone: .test, kind: .cProgram, path: "Tests/Research/Backends/\(name)",
        uses: ["CBackend", "CEnclaveRuntime"],
        linker: [.linkedLibrary("crypto"), .linkedLibrary("sodium"), .linkedLibrary("protobuf-c")])
}
func package(_ product: String, _ package: String) -> Target.Dependency { .product(name: product, package: package) }

let trustedModules: [Module] = [
    boundary("CSodium", .system),
    boundary("CLibCrypto", .system),
    boundary("CSecp256k1", .system),
    boundary("CProtobufC", .system),
    boundary("CBoundaryMessages", .c, uses: ["CProtobufC"]),
    boundary("PublicCryptography", uses: ["CLibCrypto", "CSecp256k1", "CSodium"]),
    boundary("StrictJSON"),
    boundary("Wire", uses: ["PublicCryptography", "StrictJSON"]),
    boundary("DecidedBlocks", uses: ["PublicCryptography", "Wire"]),
    boundary("StateProofs", uses: ["PublicCryptography", "Wire"]),
    boundary("SignedTransactions", uses: ["PublicCryptography", "StrictJSON", "Wire"]),
    boundary("LedgerRecords", uses: ["PublicCryptography", "SignedTransactions", "StrictJSON", "Wire"]),
    boundary("Attestation", uses: ["CLibCrypto", "DecidedBlocks", "PublicCryptography", "StrictJSON", "Wire"]),
    boundary("EnclaveProtocol", uses: ["CBoundaryMessages", "CProtobufC", "DecidedBlocks", "PublicCryptography"]),
    secrets("SecretCryptography", uses: ["CLibCrypto", "CSecp256k1", "CSodium", "PublicCryptography"]),
    enclave("CWasmtime", .c),
    enclave("CEnclaveRuntime", .c, uses: ["CSodium", "CLibCrypto"]),
    enclave(
        "EnclavePlatform", uses: ["Attestation", "CEnclaveRuntime", "PublicCryptography", "SecretCryptography"]),
    enclave(
        "Keyring",
        uses: [
            "Attestation", "LedgerRecords", "PublicCryptography", "SecretCryptography", "SignedTransactions", "Wire",
        ], isCustody: true),
    enclave(
        "ContractEngine",
        uses: ["CWasmtime", "PublicCryptography", "SecretCryptography", "SignedTransactions", "StrictJSON"]),
    enclave(
        "EnclaveService",
        uses: [
            "Attestation", "ContractEngine", "DecidedBlocks", "EnclavePlatform", "EnclaveProtocol", "Keyring",
            "LedgerRecords", "PublicCryptography", "SecretCryptography", "SignedTransactions", "StateProofs",
            "StrictJSON", "Wire",
        ]),
    enclave(
        "EnclaveProgram",
        uses: [
            "Attestation", "CEnclaveRuntime", "ContractEngine", "EnclavePlatform", "EnclaveProtocol", "EnclaveService",
        ]),
    enclave("cloister-enclave", .program, uses: ["EnclaveProgram", "EnclaveService"], linker: reproducible),
    enclave(
        "cloister-enclave-development", .program, uses: ["EnclaveProgram", "EnclaveService"], linker: reproducible),
    // Formats that the tests and fuzzers of the trusted zones decode: no package, no system call.
    host(
        .state, "ChainFormats", uses: ["DecidedBlocks", "PublicCryptography", "StateProofs", "Wire"],
        openTo: [.interfaces], isPure: true),
    Module(
        name: "enclave-host", zone: .launcher, kind: .cProgram, path: "enclave-host",
        exclude: [
            "allowed-syscalls.txt", "bundle.sh", "compile.sh", "development-publisher.pem", "install.sh", "README.md",
            "sign.sh",
        ],
        linker: [.linkedLibrary("crypto"), .unsafeFlags(staticProgram)]),
    kit("Seeds"),
    kit("TestSupport", uses: ["PublicCryptography"]),
    kit("SecretKit", uses: ["PublicCryptography", "SecretCryptography", "TestSupport"]),
    kit("QuoteKit", uses: ["Attestation", "CLibCrypto", "PublicCryptography", "TestSupport", "Wire"]),
    kit("WasmKit", uses: ["ContractEngine"]),
    kit("LauncherKit", uses: ["TestSupport"]),
    kit("BoundaryTap", uses: ["PublicCryptography", "TestSupport"]),
    kit("StateKit", uses: ["ChainFormats", "PublicCryptography", "StateProofs"]),
    kit(
        "PlatformKit", uses: ["Attestation", "EnclavePlatform", "PublicCryptography", "SecretCryptography"]),
    kit("TransactionFixtures", uses: ["CSecp256k1", "PublicCryptography", "SignedTransactions", "Wire"]),
    tests("PublicCryptographyTests", uses: ["CSodium", "PublicCryptography", "TestSupport", "Wire"]),
    tests("StrictJSONTests", uses: ["Seeds", "StrictJSON"]),
    tests(
        "DecidedBlocksTests",
        uses: ["CSodium", "ChainFormats", "DecidedBlocks", "PublicCryptography", "TestSupport", "Wire"]),
    tests(
        "SignedTransactionsTests",
        uses: ["LedgerRecords", "PublicCryptography", "SignedTransactions", "TestSupport", "Wire"],
        exclude: ["amino_vectors.py", "vesting_vectors.py"]),
    tests(
        "StateProofsTests",
        uses: [
            "ChainFormats", "PublicCryptography", "Seeds", "StateKit", "StateProofs", "TestSupport", "Wire",
        ]),
    tests(
        "AttestationTests",
        uses: ["Attestation", "DecidedBlocks", "PublicCryptography", "QuoteKit", "Seeds", "TestSupport", "Wire"]),
    tests(
        "EnclaveProtocolTests",
        uses: [
            "CBoundaryMessages", "CProtobufC", "DecidedBlocks", "EnclaveProtocol", "PublicCryptography", "Seeds",
            "TestSupport", "Wire",
        ], exclude: ["oracle.py"]),
    tests("SecretCryptographyTests", uses: ["PublicCryptography", "SecretCryptography", "SecretKit", "TestSupport"]),
    tests(
        "KeyringTests",
        uses: [
            "Attestation", "DecidedBlocks", "Keyring", "LedgerRecords", "PublicCryptography", "QuoteKit",
            "SecretCryptography", "SecretKit", "SignedTransactions", "TestSupport",
        ]),
    // Modules that look like contracts, and whether all engine presets agree about them.
    Module(
        name: "ModuleGenerator", zone: .test, kind: .swift, path: "Tests/Fuzzers/ModuleGenerator",
        uses: ["ContractEngine", "PublicCryptography", "Seeds", "WasmKit"]),
    Module(
        name: "cloister-determinism", zone: .test, kind: .program, path: "Tests/Fuzzers/cloister-determinism",
        uses: ["ModuleGenerator", "PublicCryptography"]),
    // Looks for the dearest work that a unit of gas buys.
    Module(
        name: "gas-search", zone: .test, kind: .program, path: "Tests/Benchmarks/gas-search",
        uses: [
            "Attestation", "ContractEngine", "Keyring", "LedgerRecords", "PublicCryptography", "QuoteKit",
            "SecretCryptography", "Seeds", "SignedTransactions", "StrictJSON", "WasmKit", "Wire",
        ]),
    tests(
        "ContractEngineTests",
        uses: [
            "ContractEngine", "ModuleGenerator", "PublicCryptography", "Seeds", "SignedTransactions", "StrictJSON",
            "TestSupport", "WasmKit",
        ]),
    tests(
        "EnclavePlatformTests",
        uses: [
            "Attestation", "CEnclaveRuntime", "EnclavePlatform", "PlatformKit", "PublicCryptography",
            "SecretCryptography", "SecretKit",
        ]),
    tests(
        "EnclaveServiceTests",
        uses: [
            "Attestation", "ContractEngine", "DecidedBlocks", "EnclavePlatform", "EnclaveProtocol", "EnclaveService",
            "Keyring", "LedgerRecords", "PlatformKit", "PublicCryptography", "SecretCryptography", "SecretKit", "Seeds",
            "SignedTransactions", "StateKit", "StateProofs", "Wire",
        ]),
    // An enclave that tries to get out, started by the launcher's tests.
    Module(
        name: "hostile-enclave", zone: .test, kind: .cProgram, path: "Tests/HostileEnclave", uses: ["CEnclaveRuntime"],
        linker: [.linkedLibrary("crypto"), .linkedLibrary("sodium")]),
    // An enclave that says more than is declared, for the tests of what is to notice that.
    Module(name: "CLeak", zone: .test, kind: .c, path: "Tests/LeakyEnclave/CLeak"),
    Module(
        name: "leaky-enclave", zone: .test, kind: .program, path: "Tests/LeakyEnclave/leaky-enclave",
        uses: ["CLeak", "EnclaveProgram", "EnclaveService"]),
    tests(
        "LauncherTests",
        uses: [
            "CEnclaveRuntime", "CLibCrypto", "EnclavePlatform", "LauncherKit", "PlatformKit", "PublicCryptography",
            "Seeds", "TestSupport", "cloister-enclave", "cloister-enclave-development", "enclave-host",
            "hostile-enclave",
        ]),
]

/// Of the host, but fuzzed like what is trusted: everybody's bytes come by here.
let chainMessages = host(
    .rules, "ChainMessages", uses: ["ExactNumbers", "PublicCryptography", "SignedTransactions", "Wire"],
    openTo: [.engines], isPure: true)
let exactNumbers = host(.rules, "ExactNumbers", isPure: true)

/// Likewise: whoever reaches a node's port chooses these bytes.
let peerWire = host(
    .peers, "PeerWire", uses: ["CSodium", "ChainFormats", "DecidedBlocks", "PublicCryptography", "Wire"],
    isPure: true)

/// Likewise: whoever answers as another node's RPC, and CometBFT's peers, choose these bytes.
let cometBFTReading = host(
    .engines, "CometBFTReading", uses: ["ChainFormats", "DecidedBlocks", "PublicCryptography", "StrictJSON", "Wire"],
    isPure: true)

/// Likewise: whoever reaches the RPC port chooses these bytes.
let clientRequests = host(
    .interfaces, "ClientRequests", uses: ["PublicCryptography", "StrictJSON", "Wire"], isPure: true)

/// Likewise of the client: whoever presents evidence chooses these bytes.
let tpmQuotes = client("TPMQuotes", uses: ["Attestation", "CLibCrypto", "PublicCryptography"], packages: [])

let fuzzModules: [Module] = [
    Module(name: "CFuzzer", zone: .test, kind: .c, path: "Tests/Fuzzers/CFuzzer"),
    Module(
        name: "cloister-fuzz", zone: .test, kind: .fuzzer, path: "Tests/Fuzzers/cloister-fuzz",
        uses: [
            "Attestation", "CFuzzer", "ChainFormats", "ChainMessages", "ClientRequests", "CometBFTReading",
            "ContractEngine", "DecidedBlocks", "EnclaveProtocol", "ModuleGenerator", "PeerWire", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "TPMQuotes", "WasmKit", "Wire",
        ]),
]

let hostModules: [Module] = [
    host(.state, "CLMDB", .system),
    host(.state, "DurableFiles", uses: []),
    host(.state, "KeyValueDatabase", uses: ["CLMDB"]),
    host(
        .state, "StateStore", uses: ["ChainFormats", "KeyValueDatabase", "PublicCryptography", "StateProofs", "Wire"]),
    // A module of the ledger is a target, so that the manifest says which may use which.
    host(
        .rules, "ModuleKit",
        uses: [
            "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "PublicCryptography",
            "SignedTransactions",
            "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Auth",
        uses: [
            "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Bank",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Vesting",
        uses: [
            "Auth", "Bank", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "SignedTransactions",
            "Wire",
        ], isPure: true),
    host(
        .rules, "Feegrant",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "SignedTransactions",
            "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Authz",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Staking",
        uses: [
            "Auth", "Bank", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Distribution",
        uses: [
            "Auth", "Bank", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "Staking", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Slashing",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "SignedTransactions", "Staking", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Evidence",
        uses: [
            "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "Slashing", "Staking", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Mint",
        uses: [
            "Auth", "Bank", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "SignedTransactions", "Staking", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Governance",
        uses: [
            "Auth", "Bank", "ChainMessages", "EnclaveProtocol", "ExactNumbers", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "Staking", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "BlockParameters",
        uses: ["Auth", "ChainMessages", "EnclaveProtocol", "ModuleKit", "SignedTransactions", "Wire"], isPure: true),
    host(
        .rules, "Upgrade",
        uses: ["Auth", "ChainMessages", "EnclaveProtocol", "ModuleKit", "SignedTransactions", "Wire"], isPure: true),
    host(
        .rules, "Circuit",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "SignedTransactions",
            "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "EmergencyButton",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "SignedTransactions",
            "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Compute",
        uses: [
            "Auth", "ChainMessages", "ExactNumbers", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Cron",
        uses: [
            "Auth", "ChainMessages", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Registration",
        uses: [
            "Attestation", "Auth", "ChainMessages", "DecidedBlocks", "EnclaveProtocol", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "Ante",
        uses: [
            "Auth", "Bank", "ChainMessages", "Compute", "Cron", "EnclaveProtocol", "Feegrant", "LedgerRecords",
            "ModuleKit", "PublicCryptography", "SignedTransactions", "StrictJSON", "Wire",
        ], isPure: true),
    host(
        .rules, "ChainModules",
        uses: [
            "Auth", "Authz", "Bank", "BlockParameters", "Circuit", "Compute", "Cron", "Distribution", "EmergencyButton",
            "Evidence", "Feegrant", "Governance", "Mint", "ModuleKit", "Registration", "Slashing", "Staking", "Upgrade",
            "Vesting",
        ], isPure: true),
    chainMessages,
    exactNumbers,
    host(
        .chain, "ChainInterface",
        uses: [
            "ChainFormats", "DecidedBlocks", "DurableFiles", "EnclaveProtocol", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ],
        openTo: [.engines, .interfaces]),
    host(
        .chain, "Mempool", uses: ["ChainFormats", "PublicCryptography", "SignedTransactions"],
        packages: [package("DequeModule", "swift-collections")]),
    host(.chain, "EnclaveLink", in: "Enclave", uses: ["DecidedBlocks", "EnclaveProtocol", "PublicCryptography"]),
    host(
        .chain, "EnclaveLauncher", in: "Enclave/Backends", uses: ["DecidedBlocks", "EnclaveLink", "EnclaveProtocol"],
        packages: [package("Logging", "swift-log")]),
    host(.chain, "EnclaveConnector", in: "Enclave/Backends", uses: ["EnclaveLink", "EnclaveProtocol"]),
    host(
        .chain, "HostAnswers", in: "Enclave",
        uses: [
            "Ante", "Bank", "EnclaveLink", "EnclaveProtocol", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "SignedTransactions", "StateProofs", "StateStore", "Wire",
        ]),
    host(
        .chain, "ChainApplication",
        uses: [
            "Ante", "Attestation", "Bank", "BlockParameters", "ChainFormats", "ChainInterface", "ChainMessages",
            "ChainModules", "Compute", "Cron", "DecidedBlocks", "DurableFiles", "EnclaveLink", "EnclaveProtocol",
            "HostAnswers", "LedgerRecords", "Mempool", "ModuleKit", "PublicCryptography", "Registration",
            "SignedTransactions", "StateProofs", "StateStore", "StrictJSON", "Upgrade", "Wire",
        ], packages: [package("GRDB", "GRDB.swift"), package("Logging", "swift-log")]),
    host(.engines, "ConsensusCore", uses: ["ChainFormats", "DecidedBlocks", "PublicCryptography"], isPure: true),
    host(
        .engines, "BlockStorage",
        uses: [
            "Attestation", "ChainFormats", "ChainInterface", "DecidedBlocks", "DurableFiles", "KeyValueDatabase",
            "PublicCryptography",
            "Wire",
        ]),
    host(
        .engines, "BlockExecution",
        uses: ["BlockStorage", "ChainFormats", "ChainInterface", "DecidedBlocks", "PublicCryptography", "Wire"]),
    host(
        .engines, "ABCIServer", uses: ["ChainFormats", "ChainMessages", "EnclaveProtocol", "Wire"],
        packages: [package("Logging", "swift-log")]),
    host(
        .engines, "ValidatorSigning",
        uses: [
            "CSodium", "ChainFormats", "DecidedBlocks", "DurableFiles", "EnclaveProtocol", "PublicCryptography",
            "StrictJSON", "Wire",
        ]),
    host(
        .engines, "EmbeddedEngine",
        uses: [
            "BlockExecution", "BlockStorage", "ChainFormats", "ChainInterface", "ConsensusCore", "DecidedBlocks",
            "DurableFiles", "PublicCryptography", "ValidatorSigning", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    host(
        .engines, "ConsensusSimulation",
        uses: [
            "BlockExecution", "BlockStorage", "CSodium", "ChainFormats", "ChainInterface", "ConsensusCore",
            "DecidedBlocks", "EmbeddedEngine", "PublicCryptography", "StrictJSON", "ValidatorSigning", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    peerWire,
    host(
        .peers, "PeerNetwork",
        uses: [
            "BlockStorage", "ChainFormats", "ConsensusCore", "DecidedBlocks", "EmbeddedEngine", "PeerWire",
            "PublicCryptography", "Wire",
        ],
        packages: [
            package("Logging", "swift-log"), package("NIOCore", "swift-nio"), package("NIOPosix", "swift-nio"),
        ]),
    host(
        .peers, "ReactorSimulation",
        uses: [
            "ChainFormats", "ConsensusCore", "ConsensusSimulation", "DecidedBlocks", "EmbeddedEngine", "PeerNetwork",
            "PeerWire", "PublicCryptography",
        ], packages: [package("Logging", "swift-log")]),
    host(
        .peers, "RemoteSigning",
        uses: ["ABCIServer", "ChainFormats", "PeerWire", "ValidatorSigning"],
        packages: [package("Logging", "swift-log")]
    ),
    cometBFTReading,
    host(
        .engines, "CometBFTEngine",
        uses: [
            "ABCIServer", "BlockExecution", "BlockStorage", "ChainFormats", "ChainInterface", "ChainMessages",
            "CometBFTReading", "DecidedBlocks", "DurableFiles", "PublicCryptography", "StrictJSON", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    host(.interfaces, "CZlib", .system),
    clientRequests,
    host(
        .interfaces, "API",
        uses: [
            "BlockParameters", "CZlib", "ChainFormats", "ChainInterface", "ChainMessages", "ChainModules",
            "ClientRequests", "Compute", "DecidedBlocks", "EnclaveProtocol", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "StateProofs", "StrictJSON", "Wire",
        ],
        packages: [
            package("HTTPTypes", "swift-http-types"), package("Hummingbird", "hummingbird"),
            package("HummingbirdCore", "hummingbird"), package("Logging", "swift-log"), package("NIOCore", "swift-nio"),
            package("NIOHPACK", "swift-nio-http2"), package("NIOHTTP1", "swift-nio"),
            package("NIOHTTP2", "swift-nio-http2"), package("NIOHTTPTypes", "swift-nio-extras"),
            package("NIOHTTPTypesHTTP1", "swift-nio-extras"), package("NIOPosix", "swift-nio"),
            package("NIOWebSocket", "swift-nio"), package("ServiceLifecycle", "swift-service-lifecycle"),
        ]),
    host(
        .interfaces, "Pages", uses: ["API"], exclude: ["Web"]),
    host(
        .node, "Node",
        uses: [
            "ABCIServer", "API", "Ante", "Attestation", "Auth", "BlockExecution", "BlockStorage", "CProgramVersion",
            "ChainApplication",
            "ChainFormats", "ChainInterface", "ChainMessages", "ChainModules", "CometBFTEngine", "CometBFTReading",
            "Compute", "ConsensusCore", "DecidedBlocks", "DurableFiles", "EmbeddedEngine", "EnclaveConnector",
            "EnclaveLauncher", "EnclaveLink", "EnclaveProtocol", "ExactNumbers", "HostAnswers", "KeyValueDatabase",
            "LedgerRecords", "LogLines", "Mempool", "ModuleKit", "Pages", "PeerNetwork", "PeerWire",
            "PublicCryptography", "Registration", "RemoteSigning", "SignedTransactions", "StateProofs", "StateStore",
            "StrictJSON", "ValidatorSigning",
            "Wire",
        ],
        packages: [
            package("Logging", "swift-log"), package("ServiceLifecycle", "swift-service-lifecycle"),
            package("TOMLKit", "TOMLKit"), package("UnixSignals", "swift-service-lifecycle"),
        ]),
    host(
        .node, "cloister-node", .program,
        uses: [
            "CProgramVersion", "ConsensusSimulation", "EmbeddedEngine", "LogLines", "Node", "ReactorSimulation",
            "StrictJSON",
        ],
        packages: [package("ArgumentParser", "swift-argument-parser"), package("Logging", "swift-log")]),
    // What each program of an installation says of itself.
    client("CProgramVersion", .c, openTo: [.node, .developer]),
    // And what each says while it runs.
    client("LogLines", uses: ["StrictJSON"], packages: [package("Logging", "swift-log")], openTo: [.node]),
    tpmQuotes,
    client(
        "WalletClient",
        uses: [
            "Attestation", "CLibCrypto", "CSecp256k1", "CSodium", "DecidedBlocks", "LedgerRecords",
            "PublicCryptography", "SecretCryptography", "SignedTransactions", "StateProofs", "StrictJSON", "TPMQuotes",
            "Wire",
        ],
        packages: [
            package("AsyncHTTPClient", "async-http-client"), package("NIOCore", "swift-nio"),
            package("NIOHTTP1", "swift-nio"),
        ]),
    client(
        "cloister", .program,
        uses: [
            "Attestation", "CProgramVersion", "DecidedBlocks", "LedgerRecords", "LogLines", "PublicCryptography",
            "SignedTransactions", "StrictJSON", "TPMQuotes", "WalletClient", "Wire",
        ],
        packages: [
            package("ArgumentParser", "swift-argument-parser"), package("Hummingbird", "hummingbird"),
            package("Logging", "swift-log"),
        ]),
    Module(
        name: "cloister-contract", zone: .developer, kind: .program, path: "Sources/Developer/cloister-contract",
        uses: [
            "CProgramVersion", "ContractEngine", "EnclaveProtocol", "Keyring", "LedgerRecords", "PublicCryptography",
            "SecretCryptography", "SignedTransactions", "StrictJSON",
        ]),
    tests(
        "TPMQuotesTests", uses: ["Attestation", "PublicCryptography", "Seeds", "TPMQuotes", "TestSupport"],
        exclude: ["record.py"]),
    kit("LedgerKit", uses: ["EnclaveProtocol", "ModuleKit"]),
    // A chain of all modules without engine and enclave, and random stories that a model in Python tells a second time.
    Module(
        name: "EconomyKit", zone: .test, kind: .swift, path: "Tests/Kits/EconomyKit",
        uses: [
            "Auth", "Bank", "ChainMessages", "ChainModules", "ExactNumbers", "LedgerKit", "LedgerRecords", "ModuleKit",
            "PublicCryptography", "SignedTransactions", "Staking", "StrictJSON", "TestSupport", "Wire",
        ], exclude: ["economy_model.py"]),
    Module(
        name: "economy-stories", zone: .test, kind: .program, path: "Tests/Simulation/economy-stories",
        uses: ["EconomyKit"]),
    kit(
        "BenchmarkKit",
        uses: [
            "ChainFormats", "PublicCryptography", "SecretCryptography", "SignedTransactions", "TransactionFixtures",
            "WalletClient",
        ]),
    kit(
        "EnclaveKit",
        uses: [
            "DecidedBlocks", "EnclaveLink", "EnclaveProtocol", "PublicCryptography", "SignedTransactions",
            "StateProofs", "Wire",
        ]),
    kit(
        "BackendKit",
        uses: [
            "Attestation", "DecidedBlocks", "EnclaveConnector", "EnclaveLink", "EnclaveProtocol", "LauncherKit",
            "LedgerRecords", "PublicCryptography", "SecretCryptography", "SignedTransactions", "StateKit",
            "StateProofs", "TestSupport", "Wire",
        ]),
    tests(
        "EnclaveBackendTests",
        uses: [
            "Attestation", "BackendKit", "DecidedBlocks", "EnclaveConnector", "EnclaveKit", "EnclaveLauncher",
            "EnclaveLink", "EnclaveProtocol", "LauncherKit", "LedgerRecords", "PublicCryptography",
            "SecretCryptography", "StateProofs", "TestSupport", "Wire", "cloister-enclave", "cloister-research",
            "enclave-host", "platform-relay", "research-believes", "research-core", "research-equivocates",
            "research-forges-quote",
            "research-forks", "research-leaks-key", "research-rolls-back", "research-same-nonce", "research-stale",
        ], packages: [package("Logging", "swift-log")]),
    // Enclaves in C over the boundary's own messages: one that keeps the promises, and ones that each break one.
    Module(
        name: "CBackend", zone: .test, kind: .c, path: "Tests/Research/CBackend",
        uses: ["CBoundaryMessages", "CEnclaveRuntime"]),
    researchEnclave("research-core"),
    researchEnclave("research-leaks-key"),
    researchEnclave("research-forges-quote"),
    researchEnclave("research-rolls-back"),
    researchEnclave("research-equivocates"),
    researchEnclave("research-forks"),
    researchEnclave("research-same-nonce"),
    researchEnclave("research-believes"),
    researchEnclave("research-stale"),
    researchEnclave("platform-relay"),
    // For who writes a backend: the suites of both seams as a command.
    Module(
        name: "cloister-research", zone: .test, kind: .program, path: "Tests/Research/cloister-research",
        uses: [
            "Attestation", "BackendKit", "DecidedBlocks", "EnclaveLink", "EnclavePlatform", "EnclaveProtocol",
            "LauncherKit", "PlatformKit", "PublicCryptography", "TestSupport",
        ], packages: [package("ArgumentParser", "swift-argument-parser")]),
    // Clients that send whatever may be sent: to an enclave and a host in a test, and to a running network.
    Module(
        name: "HostileClient", zone: .test, kind: .swift, path: "Tests/HostileClient/HostileClient",
        uses: [
            "LedgerRecords", "PublicCryptography", "SecretCryptography", "Seeds", "SignedTransactions", "StrictJSON",
            "TransactionFixtures", "WalletClient", "Wire",
        ]),
    Module(
        name: "cloister-soak", zone: .test, kind: .program, path: "Tests/HostileClient/cloister-soak",
        uses: [
            "HostileClient", "PublicCryptography", "SecretCryptography", "SignedTransactions", "StrictJSON",
            "TestSupport", "WalletClient",
        ]),
    tests(
        "EconomyTests",
        uses: [
            "Attestation", "Auth", "Authz", "Bank", "ChainMessages", "ChainModules", "DecidedBlocks", "EconomyKit",
            "EnclaveProtocol", "ExactNumbers", "LedgerKit", "LedgerRecords", "Mint", "ModuleKit", "PublicCryptography",
            "Registration", "Seeds", "SignedTransactions", "Staking", "StateProofs", "StrictJSON", "TestSupport",
            "Wire",
        ]),
    tests(
        "RulesTests",
        uses: [
            "Ante", "Attestation", "Auth", "Bank", "ChainMessages", "ChainModules", "Compute", "Cron",
            "EmergencyButton",
            "EnclaveProtocol", "ExactNumbers", "LedgerKit", "LedgerRecords", "ModuleKit", "PublicCryptography",
            "Registration", "Seeds", "SignedTransactions", "StateProofs", "StrictJSON", "TransactionFixtures", "Wire",
        ]),
    tests(
        "ChainApplicationTests",
        uses: [
            "Ante", "Attestation", "Auth", "Bank", "BlockParameters", "ChainApplication", "ChainFormats",
            "ChainInterface", "ChainMessages", "ChainModules", "DecidedBlocks", "EnclaveKit", "EnclaveLink",
            "EnclaveProtocol", "HostAnswers", "LedgerKit", "LedgerRecords", "Mempool", "ModuleKit",
            "PublicCryptography", "Registration", "SignedTransactions", "StateProofs", "StateStore", "StrictJSON",
            "TestSupport", "TransactionFixtures", "Upgrade", "Wire",
        ], packages: [package("GRDB", "GRDB.swift"), package("Logging", "swift-log")]),
    // The host's own ledger beside the enclave's own code, in one process.
    tests(
        "CoinCountTests",
        uses: [
            "Ante", "Attestation", "Auth", "Bank", "ChainApplication", "ChainFormats", "ChainInterface",
            "ChainMessages",
            "ChainModules", "ContractEngine", "Cron",
            "DecidedBlocks", "EnclaveLink", "EnclavePlatform", "EnclaveProtocol", "EnclaveService", "ExactNumbers",
            "HostAnswers", "Keyring", "LedgerKit", "LedgerRecords", "ModuleKit", "PlatformKit", "PublicCryptography",
            "Registration", "SecretCryptography", "Seeds",
            "SignedTransactions", "StateProofs", "StateStore", "StrictJSON", "TestSupport", "TransactionFixtures",
            "WalletClient", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    // Against another library's reader and writer (PyPI's protobuf, which make proto needs too).
    tests(
        "ChainMessagesTests",
        uses: ["ChainMessages", "ExactNumbers", "PublicCryptography", "SignedTransactions", "TestSupport", "Wire"],
        exclude: ["decimal_oracle.py", "oracle.py"]),
    tests(
        "EnclaveLinkTests",
        uses: [
            "DecidedBlocks", "EnclaveLauncher", "EnclaveLink", "EnclaveProtocol", "LauncherKit", "PublicCryptography",
            "TestSupport",
        ],
        packages: [package("Logging", "swift-log")]),
    tests(
        "ContractRunnerTests",
        uses: [
            "ContractEngine", "Keyring", "LedgerRecords", "PublicCryptography", "StrictJSON", "TestSupport", "WasmKit",
            "cloister-contract",
        ]),
    tests("MempoolTests", uses: ["ChainFormats", "Mempool", "PublicCryptography", "Seeds", "SignedTransactions"]),
    tests(
        "Scenarios",
        uses: [
            "BlockExecution", "DecidedBlocks", "EnclaveLauncher", "EnclaveLink", "EnclaveProtocol", "LauncherKit",
            "LedgerRecords", "LogLines",
            "PublicCryptography", "SecretCryptography", "SignedTransactions", "StrictJSON", "TestSupport",
            "WalletClient", "Wire", "cloister", "cloister-contract", "cloister-enclave", "cloister-enclave-development",
            "cloister-node", "cloister-research", "enclave-host", "platform-relay", "research-core",
            "research-forges-quote",
        ],
        packages: [
            package("Logging", "swift-log"), package("AsyncHTTPClient", "async-http-client"),
            package("HTTPTypes", "swift-http-types"), package("Hummingbird", "hummingbird"),
            package("NIOCore", "swift-nio"), package("NIOHTTP1", "swift-nio"),
        ], exclude: ["requirements.txt", "sdk_story.py"]),
    tests(
        "HostileHost",
        uses: [
            "Attestation", "Auth", "Bank", "BlockExecution", "BoundaryTap", "ChainApplication", "ChainFormats",
            "ChainInterface", "ChainMessages", "ChainModules",
            "DecidedBlocks", "EnclaveLink", "EnclaveProtocol", "HostAnswers", "HostileClient", "Keyring", "LauncherKit",
            "LedgerKit", "LedgerRecords",
            "ModuleKit", "PublicCryptography", "Registration", "SecretCryptography", "Seeds", "SignedTransactions",
            "StateProofs", "StateStore", "StrictJSON", "TestSupport", "TransactionFixtures", "WalletClient", "WasmKit",
            "Wire", "cloister-enclave", "cloister-enclave-development", "enclave-host", "leaky-enclave",
        ], packages: [package("Logging", "swift-log")]),
    tests(
        "StateStoreTests",
        uses: [
            "ChainFormats", "LedgerRecords", "PublicCryptography", "Seeds", "StateKit", "StateProofs", "StateStore",
            "TestSupport", "Wire",
        ]),
    tests(
        "EnginesTests",
        uses: [
            "ABCIServer", "BlockExecution", "BlockStorage", "CSodium", "ChainFormats", "ChainInterface",
            "ChainMessages", "CometBFTEngine", "CometBFTReading", "ConsensusCore", "ConsensusSimulation",
            "DecidedBlocks", "EmbeddedEngine", "PublicCryptography", "ReactorSimulation", "Seeds", "StrictJSON",
            "TestSupport",
            "ValidatorSigning", "Wire",
        ],
        packages: [package("Logging", "swift-log")]),
    tests(
        "PeersTests",
        uses: [
            "ABCIServer", "BlockExecution", "BlockStorage", "CSodium", "ChainFormats", "ChainInterface",
            "ConsensusCore", "DecidedBlocks", "EmbeddedEngine", "EnclaveProtocol", "Node", "PeerNetwork", "PeerWire",
            "PublicCryptography", "RemoteSigning", "Seeds",
            "StrictJSON", "TestSupport", "ValidatorSigning", "Wire",
        ],
        packages: [
            package("Logging", "swift-log"), package("NIOCore", "swift-nio"), package("NIOPosix", "swift-nio"),
        ]),
    tests(
        "NodeTests",
        uses: [
            "ABCIServer", "API", "Attestation", "BlockExecution", "BlockStorage", "ChainApplication", "ChainFormats",
            "ChainInterface", "DecidedBlocks", "DurableFiles", "EmbeddedEngine", "EnclaveLink", "EnclaveProtocol",
            "HostAnswers", "LauncherKit", "LogLines", "ModuleKit", "Node", "Pages", "PeerNetwork", "PeerWire",
            "PublicCryptography", "StrictJSON", "TestSupport", "ValidatorSigning", "Wire",
        ],
        packages: [package("Logging", "swift-log")]),
    tests(
        "APITests",
        uses: [
            "API", "ChainFormats", "ChainInterface", "ChainMessages", "ChainModules", "ClientRequests",
            "CometBFTEngine", "CometBFTReading", "DecidedBlocks", "EnclaveProtocol", "LedgerKit", "LedgerRecords",
            "ModuleKit", "Pages",
            "PublicCryptography",
            "Seeds",
            "SignedTransactions", "StateProofs",
            "StrictJSON", "TestSupport", "Wire",
        ],
        packages: [
            package("Logging", "swift-log"), package("NIOCore", "swift-nio"), package("NIOHPACK", "swift-nio-http2"),
            package("NIOHTTP2", "swift-nio-http2"), package("NIOPosix", "swift-nio"),
            package("ServiceLifecycle", "swift-service-lifecycle"),
        ]),
    Module(
        name: "cloister-bench", zone: .test, kind: .program, path: "Tests/Benchmarks/cloister-bench",
        uses: [
            "Ante", "BenchmarkKit", "ChainApplication", "ChainFormats", "ChainInterface", "ChainMessages",
            "ContractEngine", "DecidedBlocks", "EconomyKit", "EmbeddedEngine", "EnclaveLauncher", "EnclaveLink",
            "EnclaveProtocol", "HostAnswers", "Keyring", "ModuleKit", "Node", "PublicCryptography", "Registration",
            "SecretCryptography", "SignedTransactions", "StateProofs", "StateStore", "StrictJSON",
            "TransactionFixtures", "WalletClient", "WasmKit", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    Module(
        name: "cloister-simulation", zone: .test, kind: .program, path: "Tests/Simulation/cloister-simulation",
        uses: ["ConsensusSimulation", "ReactorSimulation"]),
    // The host's application and the enclave's own code in one process: no program of the host may have that.
    Module(
        name: "ChainSimulation", zone: .test, kind: .swift, path: "Tests/Simulation/ChainSimulation",
        uses: [
            "Attestation", "Bank", "ChainApplication", "ChainFormats", "ChainInterface", "ChainModules",
            "ConsensusSimulation", "ContractEngine", "DecidedBlocks", "EnclaveLink", "EnclavePlatform",
            "EnclaveProtocol", "EnclaveService", "HostAnswers", "Keyring", "LedgerRecords", "Mempool", "ModuleKit",
            "PlatformKit", "PublicCryptography", "Registration", "SecretCryptography", "SignedTransactions",
            "StateProofs", "StateStore", "StrictJSON", "TestSupport", "TransactionFixtures", "ValidatorSigning", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    tests("ChainSimulationTests", uses: ["ChainSimulation", "ConsensusSimulation", "TestSupport"]),
    Module(
        name: "chain-simulation", zone: .test, kind: .program, path: "Tests/Simulation/chain-simulation",
        uses: ["ChainSimulation", "ConsensusSimulation"]),
    Module(
        name: "network-bench", zone: .test, kind: .program, path: "Tests/Benchmarks/network-bench",
        uses: [
            "BenchmarkKit", "CSodium", "ChainFormats", "ChainInterface", "ConsensusSimulation", "DecidedBlocks",
            "EmbeddedEngine", "PeerNetwork", "PeerWire", "PublicCryptography", "SignedTransactions", "StrictJSON",
            "TestSupport", "TransactionFixtures", "ValidatorSigning", "Wire",
        ], packages: [package("Logging", "swift-log")]),
    Module(
        name: "cloister-node-next", zone: .test, kind: .program, path: "Tests/NextNode/cloister-node-next",
        uses: ["ChainModules", "EnclaveProtocol", "LogLines", "ModuleKit", "Node", "Wire"],
        packages: [package("Logging", "swift-log")]),
    tests(
        "WalletClientTests",
        uses: [
            "Attestation", "DecidedBlocks", "LedgerRecords", "PublicCryptography", "QuoteKit", "SecretCryptography",
            "SecretKit",
            "Seeds", "SignedTransactions", "StrictJSON", "TestSupport", "WalletClient", "Wire",
        ], exclude: ["dcap_oracle.py"]),
]

let modules =
    (trustedModules + (trustedOnly ? [] : hostModules) + (fuzzing ? fuzzModules : [])
    + (fuzzing && trustedOnly
        ? [chainMessages, clientRequests, exactNumbers, peerWire, cometBFTReading, tpmQuotes] : []))
    .filter { $0.kind != .tests || onlyTests?.contains($0.name) ?? true }
let moduleOf = Dictionary(uniqueKeysWithValues: modules.map { ($0.name, $0) })

func dependencies(of module: Module) -> [Target.Dependency] {
    for used in module.uses {
        guard let other = moduleOf[used] else { fatalError("\(module.name) uses \(used), which no zone declares") }
        guard mayUse[module.zone]!.contains(other.zone) || other.openTo.contains(module.zone) else {
            fatalError(
                "trust boundary: \(module.name) (\(module.zone.rawValue)) may not use \(used) (\(other.zone.rawValue))")
        }
        guard !module.isPure || other.zone == .boundary || other.isPure else {
            fatalError("purity: \(module.name) may not use \(used)")
        }
        guard !module.isCustody || other.zone == .boundary || other.isCustody else {
            fatalError("custody: \(module.name) may not use \(used)")
        }
    }
    if module.isTrusted && !module.packages.isEmpty {
        fatalError("trust boundary: \(module.name) (\(module.zone.rawValue)) may not use a package from outside")
    }
    if (module.isPure || module.zone == .rules) && !module.packages.isEmpty {
        fatalError("purity: \(module.name) may not use a package from outside")
    }
    return module.uses.map { .target(name: $0) } + module.packages
}

func target(for module: Module) -> Target {
    let dependencies = dependencies(of: module)
    let swiftSettings =
        module.isTrusted ? trustedSettings : commonSettings + (module.isPure ? fuzzSettings : [])
    let linker = module.linker
    switch module.kind {
    case .system:
        return .systemLibrary(name: module.name, path: module.path)
    case .c where module.name == "CWasmtime":
        return .target(
            name: module.name, path: module.path, cSettings: cSettings,
            linkerSettings: [
                .unsafeFlags([
                    "-L\(Context.packageDirectory)/.tools/lib", "-lwasmtime",
                    "-Xlinker", "-rpath=$ORIGIN/../../../.tools/lib",
                ])
            ])
    case .c:
        return .target(name: module.name, dependencies: dependencies, path: module.path, cSettings: cSettings)
    case .swift:
        return .target(
            name: module.name, dependencies: dependencies, path: module.path, exclude: module.exclude,
            swiftSettings: swiftSettings, linkerSettings: linker)
    case .program:
        return .executableTarget(
            name: module.name, dependencies: dependencies, path: module.path, swiftSettings: swiftSettings,
            linkerSettings: linker)
    case .fuzzer:
        return .executableTarget(
            name: module.name, dependencies: dependencies, path: module.path,
            swiftSettings: commonSettings + [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
    case .cProgram:
        return .executableTarget(
            name: module.name, dependencies: dependencies, path: module.path, exclude: module.exclude,
            cSettings: cSettings, linkerSettings: linker)
    case .tests:
        return .testTarget(
            name: module.name, dependencies: dependencies, path: module.path, exclude: module.exclude,
            swiftSettings: commonSettings)
    }
}

let package = Package(
    name: "cloister",
    dependencies: trustedOnly
        ? []
        : [
            .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
            .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
            .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
            .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
            .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
            .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
            .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
            .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
            .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
            .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
            .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
            .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        ],
    targets: modules.map(target(for:)),
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
