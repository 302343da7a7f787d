import API
import ChainModel
import Foundation
import Synchronization
import Testing

/// Where a Python with secret-sdk 1.8.3 is: the variable CLOISTER_SDK_PYTHON, or .venv of the package.
private let pythonWithSDK: String? = {
    let named = ProcessInfo.processInfo.environment["CLOISTER_SDK_PYTHON"]
    let python = named ?? packageRoot.appending(path: ".venv/bin/python").path
    let libraries = URL(filePath: python).deletingLastPathComponent().deletingLastPathComponent().appending(path: "lib")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
    let isInstalled = versions.contains { version in
        FileManager.default.fileExists(atPath: libraries.appending(path: "\(version)/site-packages/secret_sdk").path)
    }
    return isInstalled ? python : nil
}()

private let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite("The real client") struct RealClientTests {
    @Test(
        "secret-sdk understands every answer",
        .enabled(if: pythonWithSDK != nil, "secret-sdk 1.8.3 is not installed (CLOISTER_SDK_PYTHON)"))
    func secretSDK() async throws {
        let chain = ChainDouble(Fixture.script)
        try await withRESTServer(.services(of: chain)) { client in
            let (status, output) = try await run(
                pythonWithSDK!,
                [
                    packageRoot.appending(path: "Tests/Clients/secret_sdk_calls.py").path,
                    "http://127.0.0.1:\(client.port)", Fixture.contract.description,
                ])
            #expect(status == 0, "\(output)")
            #expect(output.contains("secret-sdk understood every answer"))
        }
        #expect(chain.script.withLock { $0.broadcasts.count } == 3)
        #expect(chain.script.withLock { $0.contractQueries.count } == 20)
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
