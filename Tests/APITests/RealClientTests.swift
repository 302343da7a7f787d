import API
import ChainInterface
import Foundation
import SignedTransactions
import Synchronization
import TestSupport
import Testing

private let secretSDK = Repository.python(with: ["secret_sdk"], variable: "CLOISTER_SDK_PYTHON", folder: ".venv")
private let cosmpy = Repository.python(with: ["cosmpy"], variable: "CLOISTER_COSMPY_PYTHON", folder: ".venv-clients")

@Suite("Real clients") struct RealClientTests {
    @Test(
        "secret-sdk understands every answer",
        .enabled(if: secretSDK != nil, "secret-sdk 1.8.3 is not installed (CLOISTER_SDK_PYTHON)"))
    func secretSDKCalls() async throws {
        let chain = ChainDouble(Fixture.script)
        try await run(secretSDK!, "secret_sdk_calls.py", against: chain)
        #expect(chain.script.withLock { $0.broadcasts.count } == 3)
        #expect(chain.script.withLock { $0.contractQueries.count } == 20)
    }

    @Test(
        "cosmpy understands every answer",
        .enabled(if: cosmpy != nil, "cosmpy 0.12.2 is not installed (CLOISTER_COSMPY_PYTHON)"))
    func cosmpyCalls() async throws {
        let chain = ChainDouble(Fixture.script)
        try await run(cosmpy!, "cosmpy_calls.py", against: chain)
        #expect(chain.script.withLock { $0.simulated.count } == 1)
        #expect(chain.script.withLock { $0.broadcasts.count } == 1)
    }

    @Test(
        "cosmpy understands every answer over gRPC, too",
        .enabled(if: cosmpy != nil, "cosmpy 0.12.2 is not installed (CLOISTER_COSMPY_PYTHON)"))
    func cosmpyCallsOverGRPC() async throws {
        let chain = ChainDouble(Fixture.script)
        try await withRunning(
            { configuration, onRunning in
                GRPCServer(
                    configuration: configuration, registry: .services(of: chain), metrics: MetricsRegistry(),
                    logger: quiet, onRunning: onRunning)
            }
        ) { client in
            let (status, output) = try await run(
                cosmpy!,
                [
                    Repository.path("Tests/Clients/cosmpy_calls.py"), "grpc+http://127.0.0.1:\(client.port)",
                    Fixture.contract.description,
                ])
            #expect(status == 0, "\(output)")
            #expect(output.contains("understood every answer"))
        }
        #expect(chain.script.withLock { $0.broadcasts.count } == 1)
    }

    @Test(
        "a browser's calls are answered, too",
        .enabled(if: secretSDK != nil, "there is no Python of the tests' own (.venv)"))
    func grpcWebCalls() async throws {
        let chain = ChainDouble(Fixture.script)
        try await withRunning(
            { configuration, onRunning in
                GRPCServer(
                    configuration: configuration, registry: .services(of: chain), metrics: MetricsRegistry(),
                    logger: quiet, onRunning: onRunning)
            }
        ) { client in
            let (status, output) = try await run(
                secretSDK!, [Repository.path("Tests/Clients/grpcweb_calls.py"), "http://127.0.0.1:\(client.port)"])
            #expect(status == 0, "\(output)")
            #expect(output.contains("understood every answer"))
        }
    }

    private func run(_ python: String, _ script: String, against chain: ChainDouble) async throws {
        try await withRESTServer(.services(of: chain)) { client in
            let (status, output) = try await run(
                python,
                [
                    Repository.path("Tests/Clients/\(script)"), "http://127.0.0.1:\(client.port)",
                    Fixture.contract.description,
                ])
            #expect(status == 0, "\(output)")
            #expect(output.contains("understood every answer"))
        }
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                do {
                    try process.run()
                    let output = pipe.fileHandleForReading.readDataToEndOfFile()
                    process.waitUntilExit()
                    continuation.resume(
                        returning: (process.terminationStatus, String(decoding: output, as: UTF8.self)))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
