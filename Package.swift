// swift-tools-version: 6.2
import PackageDescription

// The manifest is the trust boundary: every target names its zone, and an edge that breaks the matrix below
// stops the build with a message that names both ends (docs/threat-model.md; `make boundary` runs the proof).
//
// CLOISTER_ZONES=trusted builds the boundary, secrets and enclave zones and the launcher alone, without a single
// package from outside this repository: that is what an auditor has to read.
// CLOISTER_FUZZ=1 builds the same zones with libFuzzer's instrumentation and adds the fuzz programs.
// CLOISTER_TESTS=KeyringTests,StrictJSONTests leaves out the other test modules; `make test ONLY=name` sets it.

enum Zone: String {
    case boundary, secrets, enclave, host, client, developer, launcher, test
}

/// Which zones a zone may use. Tests may use all, and nothing may use a test.
let mayUse: [Zone: Set<Zone>] = [
    .boundary: [.boundary],
    .secrets: [.boundary, .secrets],
    .enclave: [.boundary, .secrets, .enclave],
    .host: [.boundary, .host],
    .client: [.boundary, .secrets, .client],
    // Tools that run contracts on a developer's machine, with the enclave's code and none of its secrets.
    .developer: [.boundary, .secrets, .enclave, .developer],
    .launcher: [],
    .test: [.boundary, .secrets, .enclave, .host, .client, .developer, .launcher, .test],
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

/// Trusted zones import neither Foundation nor Dispatch: the implicit concurrency import alone would load libdispatch.
let trustedSettings: [SwiftSetting] =
    commonSettings + [
        .strictMemorySafety(),
        .unsafeFlags([
            "-Xfrontend", "-disable-implicit-concurrency-module-import",
            "-Xfrontend", "-disable-implicit-string-processing-module-import",
        ]),
    ] + fuzzSettings

let cSettings: [CSetting] = [
    .unsafeFlags(["-Wall", "-Wextra", "-Werror"])
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

    var isTrusted: Bool { [.boundary, .secrets, .enclave].contains(zone) }
}

func boundary(_ name: String, _ kind: Module.Kind = .swift, uses: [String] = []) -> Module {
    Module(name: name, zone: .boundary, kind: kind, path: "Sources/Boundary/\(name)", uses: uses)
}
func secrets(_ name: String, uses: [String]) -> Module {
    Module(name: name, zone: .secrets, kind: .swift, path: "Sources/Secrets/\(name)", uses: uses)
}
func enclave(_ name: String, _ kind: Module.Kind = .swift, uses: [String] = []) -> Module {
    Module(name: name, zone: .enclave, kind: kind, path: "Sources/Enclave/\(name)", uses: uses)
}
func host(_ name: String, _ kind: Module.Kind = .swift, uses: [String] = [], packages: [Target.Dependency] = [])
    -> Module
{
    Module(name: name, zone: .host, kind: kind, path: "Sources/Host/\(name)", uses: uses, packages: packages)
}
func client(_ name: String, _ kind: Module.Kind = .swift, uses: [String], packages: [Target.Dependency]) -> Module {
    Module(name: name, zone: .client, kind: kind, path: "Sources/Client/\(name)", uses: uses, packages: packages)
}
func tests(_ name: String, uses: [String], packages: [Target.Dependency] = [], exclude: [String] = []) -> Module {
    Module(
        name: name, zone: .test, kind: .tests, path: "Tests/\(name)", uses: uses, packages: packages, exclude: exclude)
}
/// What tests share. A kit that the trusted zones' tests use stands among the trusted modules and needs no package.
func kit(_ name: String, uses: [String] = []) -> Module {
    Module(name: name, zone: .test, kind: .swift, path: "Tests/Kits/\(name)", uses: uses)
}
func package(_ product: String, _ package: String) -> Target.Dependency { .product(name: product, package: package) }

let trustedModules: [Module] = [
    boundary("CSodium", .system),
    boundary("CLibCrypto", .system),
    boundary("CSecp256k1", .system),
    boundary("CProtobufC", .system),
    boundary("CBoundaryMessages", .c, uses: ["CProtobufC"]),
    boundary("PublicCryptography", uses: ["CSodium", "CLibCrypto", "CSecp256k1"]),
    boundary("StrictJSON"),
    boundary("ChainModel", uses: ["PublicCryptography", "StrictJSON"]),
    boundary("Attestation", uses: ["ChainModel", "PublicCryptography", "StrictJSON", "CLibCrypto"]),
    boundary("EnclaveProtocol", uses: ["CBoundaryMessages", "CProtobufC", "ChainModel", "PublicCryptography"]),
    secrets("SecretCryptography", uses: ["PublicCryptography", "CSodium", "CLibCrypto", "CSecp256k1"]),
    enclave("CWasmtime", .c),
    enclave("CEnclaveRuntime", .c, uses: ["CSodium", "CLibCrypto"]),
    enclave(
        "EnclavePlatform", uses: ["Attestation", "SecretCryptography", "PublicCryptography", "CEnclaveRuntime"]),
    enclave("Keyring", uses: ["SecretCryptography", "PublicCryptography", "ChainModel"]),
    enclave(
        "ContractEngine", uses: ["CWasmtime", "StrictJSON", "PublicCryptography", "SecretCryptography", "ChainModel"]),
    enclave(
        "EnclaveService",
        uses: [
            "EnclaveProtocol", "EnclavePlatform", "Keyring", "ContractEngine", "ChainModel", "StrictJSON",
            "Attestation",
            "PublicCryptography", "SecretCryptography",
        ]),
    enclave(
        "EnclaveProgram",
        uses: [
            "Attestation", "EnclaveService", "EnclavePlatform", "EnclaveProtocol", "ContractEngine", "CEnclaveRuntime",
        ]),
    enclave("cloister-enclave", .program, uses: ["EnclaveProgram", "EnclaveService"]),
    enclave("cloister-enclave-development", .program, uses: ["EnclaveProgram", "EnclaveService"]),
    Module(
        name: "enclave-host", zone: .launcher, kind: .cProgram, path: "enclave-host",
        exclude: ["allowed-syscalls.txt", "bundle.sh", "install.sh", "README.md"],
        linker: [.linkedLibrary("crypto"), .unsafeFlags(staticProgram)]),
    kit("Seeds"),
    kit("TestSupport", uses: ["PublicCryptography"]),
    kit("SecretKit", uses: ["SecretCryptography", "PublicCryptography", "TestSupport"]),
    kit("QuoteKit", uses: ["TestSupport"]),
    kit("WasmKit", uses: ["ContractEngine"]),
    kit("LauncherKit", uses: ["TestSupport"]),
    kit("StateKit", uses: ["ChainModel", "PublicCryptography"]),
    kit(
        "PlatformKit", uses: ["Attestation", "EnclavePlatform", "PublicCryptography", "SecretCryptography"]),
    kit("TransactionFixtures", uses: ["ChainModel", "PublicCryptography", "CSecp256k1"]),
    tests("PublicCryptographyTests", uses: ["PublicCryptography", "CSodium", "TestSupport"]),
    tests("StrictJSONTests", uses: ["StrictJSON", "Seeds"]),
    tests(
        "ChainModelTests",
        uses: ["ChainModel", "PublicCryptography", "StrictJSON", "CSodium", "Seeds", "StateKit", "TestSupport"]),
    tests("AttestationTests", uses: ["Attestation", "PublicCryptography", "QuoteKit", "Seeds", "TestSupport"]),
    tests("EnclaveProtocolTests", uses: ["EnclaveProtocol", "ChainModel", "PublicCryptography", "Seeds"]),
    tests("SecretCryptographyTests", uses: ["SecretCryptography", "PublicCryptography", "SecretKit", "TestSupport"]),
    tests(
        "KeyringTests",
        uses: ["Keyring", "SecretCryptography", "PublicCryptography", "ChainModel", "SecretKit", "TestSupport"]),
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
            "Attestation", "ChainModel", "ContractEngine", "Keyring", "PublicCryptography", "SecretCryptography",
            "StrictJSON", "QuoteKit", "Seeds", "WasmKit",
        ]),
    tests(
        "ContractEngineTests",
        uses: [
            "ContractEngine", "ModuleGenerator", "StrictJSON", "PublicCryptography", "Seeds", "TestSupport", "WasmKit",
        ]),
    tests(
        "EnclavePlatformTests",
        uses: [
            "EnclavePlatform", "Attestation", "CEnclaveRuntime", "PublicCryptography", "SecretCryptography",
            "PlatformKit", "SecretKit",
        ]),
    tests(
        "EnclaveServiceTests",
        uses: [
            "EnclaveService", "EnclavePlatform", "EnclaveProtocol", "Keyring", "ChainModel", "PublicCryptography",
            "PlatformKit", "SecretKit", "Seeds", "StateKit",
        ]),
    // An enclave that tries to get out, started by the launcher's tests.
    Module(
        name: "hostile-enclave", zone: .test, kind: .cProgram, path: "Tests/HostileEnclave", uses: ["CEnclaveRuntime"],
        linker: [.linkedLibrary("crypto"), .linkedLibrary("sodium")]),
    tests(
        "LauncherTests",
        uses: [
            "Attestation", "enclave-host", "hostile-enclave", "cloister-enclave", "cloister-enclave-development",
            "CEnclaveRuntime", "EnclavePlatform", "SecretCryptography", "PublicCryptography", "CLibCrypto",
            "LauncherKit", "Seeds", "TestSupport",
        ]),
]

/// Of the host, but fuzzed like what is trusted: everybody's bytes come by here.
let chainMessages = Module(
    name: "ChainMessages", zone: .host, kind: .swift, path: "Sources/Host/Rules/ChainMessages",
    uses: ["ChainModel", "PublicCryptography"])

let fuzzModules: [Module] = [
    Module(name: "CFuzzer", zone: .test, kind: .c, path: "Tests/Fuzzers/CFuzzer"),
    Module(
        name: "cloister-fuzz", zone: .test, kind: .fuzzer, path: "Tests/Fuzzers/cloister-fuzz",
        uses: [
            "CFuzzer", "ChainMessages", "EnclaveProtocol", "ChainModel", "StrictJSON", "ContractEngine",
            "ModuleGenerator", "Attestation", "PublicCryptography", "WasmKit",
        ]),
]

let hostModules: [Module] = [
    host("CLMDB", .system),
    host("CZlib", .system),
    chainMessages,
    host(
        "EnclaveClient", uses: ["EnclaveProtocol", "ChainModel", "PublicCryptography"],
        packages: [package("Logging", "swift-log")]),
    host("Ledger", uses: ["CLMDB", "ChainModel", "PublicCryptography"]),
    host(
        "Consensus", uses: ["ChainModel", "PublicCryptography", "StrictJSON", "CSodium", "CLMDB"],
        packages: [package("Logging", "swift-log")]),
    host(
        "Mempool", uses: ["ChainModel", "PublicCryptography"], packages: [package("DequeModule", "swift-collections")]),
    host("Modules", uses: ["ChainModel", "EnclaveProtocol", "Ledger", "PublicCryptography", "StrictJSON"]),
    host(
        "Application",
        uses: [
            "ChainModel", "Consensus", "Ledger", "Modules", "EnclaveClient", "EnclaveProtocol", "PublicCryptography",
            "Mempool",
        ], packages: [package("Logging", "swift-log"), package("GRDB", "GRDB.swift")]),
    host(
        "API", uses: ["ChainMessages", "ChainModel", "PublicCryptography", "StrictJSON", "CZlib"],
        packages: [
            package("Hummingbird", "hummingbird"), package("HummingbirdCore", "hummingbird"),
            package("NIOCore", "swift-nio"), package("NIOHTTP1", "swift-nio"),
            package("NIOHTTPTypes", "swift-nio-extras"), package("NIOHTTPTypesHTTP1", "swift-nio-extras"),
            package("HTTPTypes", "swift-http-types"), package("Logging", "swift-log"),
            package("ServiceLifecycle", "swift-service-lifecycle"),
        ]),
    host(
        "Node",
        uses: [
            "Application", "API", "Consensus", "Ledger", "Mempool", "Modules", "EnclaveClient", "EnclaveProtocol",
            "ChainModel",
            "PublicCryptography", "Attestation", "StrictJSON",
        ],
        packages: [
            package("Logging", "swift-log"), package("TOMLKit", "TOMLKit"),
            package("ServiceLifecycle", "swift-service-lifecycle"),
            package("UnixSignals", "swift-service-lifecycle"),
        ]),
    host(
        "cloister-node", .program, uses: ["Node", "Consensus"],
        packages: [package("ArgumentParser", "swift-argument-parser"), package("Logging", "swift-log")]),
    client(
        "WalletClient",
        uses: ["Attestation", "ChainModel", "CSodium", "PublicCryptography", "SecretCryptography", "StrictJSON"],
        packages: [
            package("AsyncHTTPClient", "async-http-client"), package("NIOCore", "swift-nio"),
            package("NIOHTTP1", "swift-nio"),
        ]),
    client(
        "cloister", .program, uses: ["WalletClient", "ChainModel", "PublicCryptography", "StrictJSON"],
        packages: [
            package("ArgumentParser", "swift-argument-parser"), package("Hummingbird", "hummingbird"),
        ]),
    Module(
        name: "cloister-contract", zone: .developer, kind: .program, path: "Sources/Developer/cloister-contract",
        uses: ["ContractEngine", "ChainModel", "Keyring", "PublicCryptography", "StrictJSON"]),
    kit("LedgerKit", uses: ["Modules", "EnclaveProtocol"]),
    kit("EnclaveKit", uses: ["EnclaveClient", "EnclaveProtocol", "ChainModel", "PublicCryptography"]),
    // Clients that send whatever may be sent: to an enclave and a host in a test, and to a running network.
    Module(
        name: "HostileClient", zone: .test, kind: .swift, path: "Tests/HostileClient/HostileClient",
        uses: [
            "ChainModel", "PublicCryptography", "SecretCryptography", "StrictJSON", "TransactionFixtures",
            "WalletClient", "Seeds",
        ]),
    Module(
        name: "cloister-soak", zone: .test, kind: .program, path: "Tests/HostileClient/cloister-soak",
        uses: [
            "HostileClient", "ChainModel", "PublicCryptography", "SecretCryptography", "StrictJSON",
            "TransactionFixtures", "WalletClient", "TestSupport",
        ]),
    tests(
        "ModulesTests",
        uses: [
            "Modules", "ChainModel", "EnclaveProtocol", "PublicCryptography", "StrictJSON", "TransactionFixtures",
            "LedgerKit", "Seeds",
        ]),
    tests(
        "ApplicationTests",
        uses: [
            "Application", "ChainModel", "Consensus", "EnclaveClient", "EnclaveProtocol", "Ledger", "Mempool",
            "Modules", "PublicCryptography", "StrictJSON", "TransactionFixtures", "EnclaveKit", "LedgerKit",
            "TestSupport",
        ], packages: [package("Logging", "swift-log")]),
    // The host's own ledger beside the enclave's own code, in one process.
    tests(
        "CoinCountTests",
        uses: [
            "EnclaveService", "EnclavePlatform", "EnclaveProtocol", "ContractEngine", "Attestation", "EnclaveClient",
            "Application", "ChainModel", "Consensus", "Ledger", "Modules", "PublicCryptography", "SecretCryptography",
            "StrictJSON", "TransactionFixtures", "WalletClient", "PlatformKit", "Seeds", "TestSupport",
        ], packages: [package("Logging", "swift-log")]),
    // Against another library's reader and writer (PyPI's protobuf, which make proto needs too).
    tests(
        "ChainMessagesTests", uses: ["ChainMessages", "ChainModel", "PublicCryptography", "TestSupport"],
        exclude: ["oracle.py"]),
    tests(
        "EnclaveClientTests",
        uses: ["EnclaveClient", "EnclaveProtocol", "ChainModel", "PublicCryptography", "LauncherKit", "TestSupport"],
        packages: [package("Logging", "swift-log")]),
    tests(
        "ContractRunnerTests",
        uses: [
            "cloister-contract", "ContractEngine", "ChainModel", "Keyring", "PublicCryptography", "StrictJSON",
            "TestSupport", "WasmKit",
        ]),
    tests("MempoolTests", uses: ["Mempool", "ChainModel", "PublicCryptography", "Seeds"]),
    tests(
        "Scenarios",
        uses: [
            "EnclaveClient", "EnclaveProtocol", "ChainModel", "Consensus", "PublicCryptography", "SecretCryptography",
            "StrictJSON", "WalletClient", "cloister", "cloister-node", "cloister-contract", "cloister-enclave",
            "cloister-enclave-development", "enclave-host", "TestSupport",
        ],
        packages: [
            package("Logging", "swift-log"), package("AsyncHTTPClient", "async-http-client"),
            package("HTTPTypes", "swift-http-types"), package("Hummingbird", "hummingbird"),
            package("NIOCore", "swift-nio"), package("NIOHTTP1", "swift-nio"),
        ], exclude: ["requirements.txt", "sdk_story.py"]),
    tests(
        "HostileHost",
        uses: [
            "Application", "Attestation", "Consensus", "EnclaveClient", "EnclaveProtocol", "ChainModel",
            "HostileClient", "Keyring", "Ledger", "Modules", "PublicCryptography", "SecretCryptography", "StrictJSON",
            "WalletClient", "TransactionFixtures", "cloister-enclave", "cloister-enclave-development", "enclave-host",
            "LauncherKit", "Seeds", "TestSupport", "WasmKit",
        ], packages: [package("Logging", "swift-log")]),
    tests("LedgerTests", uses: ["Ledger", "ChainModel", "PublicCryptography", "Seeds", "StateKit", "TestSupport"]),
    tests(
        "ConsensusTests",
        uses: ["Consensus", "ChainModel", "PublicCryptography", "StrictJSON", "Seeds", "TestSupport"],
        packages: [package("Logging", "swift-log")]),
    tests(
        "NodeTests",
        uses: [
            "Node", "ChainModel", "Consensus", "EnclaveClient", "EnclaveProtocol", "Application", "TestSupport",
            "PublicCryptography", "LauncherKit",
        ],
        packages: [package("Logging", "swift-log")]),
    tests(
        "APITests",
        uses: ["API", "ChainMessages", "ChainModel", "PublicCryptography", "StrictJSON", "Seeds", "TestSupport"],
        packages: [package("Logging", "swift-log"), package("ServiceLifecycle", "swift-service-lifecycle")]),
    Module(
        name: "cloister-bench", zone: .test, kind: .program, path: "Tests/Benchmarks/cloister-bench",
        uses: [
            "Application", "ChainModel", "Consensus", "ContractEngine", "EnclaveClient", "EnclaveProtocol", "Keyring",
            "Ledger",
            "Modules",
            "Node", "PublicCryptography", "SecretCryptography", "StrictJSON", "TransactionFixtures", "WalletClient",
            "WasmKit",
        ], packages: [package("Logging", "swift-log")]),
    tests(
        "WalletClientTests",
        uses: ["WalletClient", "SecretCryptography", "ChainModel", "PublicCryptography", "StrictJSON", "TestSupport"]),
]

let modules =
    (trustedModules + (trustedOnly ? [] : hostModules) + (fuzzing ? fuzzModules : [])
    + (fuzzing && trustedOnly ? [chainMessages] : []))
    .filter { $0.kind != .tests || onlyTests?.contains($0.name) ?? true }
let zoneOf = Dictionary(uniqueKeysWithValues: modules.map { ($0.name, $0.zone) })

func dependencies(of module: Module) -> [Target.Dependency] {
    for used in module.uses {
        guard let zone = zoneOf[used] else { fatalError("\(module.name) uses \(used), which no zone declares") }
        guard mayUse[module.zone]!.contains(zone) else {
            fatalError(
                "trust boundary: \(module.name) (\(module.zone.rawValue)) may not use \(used) (\(zone.rawValue))")
        }
    }
    if module.isTrusted && !module.packages.isEmpty {
        fatalError("trust boundary: \(module.name) (\(module.zone.rawValue)) may not use a package from outside")
    }
    return module.uses.map { .target(name: $0) } + module.packages
}

func target(for module: Module) -> Target {
    let dependencies = dependencies(of: module)
    let swiftSettings =
        module.isTrusted ? trustedSettings : commonSettings + (module.name == "ChainMessages" ? fuzzSettings : [])
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
            name: module.name, dependencies: dependencies, path: module.path, swiftSettings: swiftSettings,
            linkerSettings: linker)
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
