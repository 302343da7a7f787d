import Foundation
import TestSupport
import Testing

/// A Python that has secret-sdk: the one that the variable names, or that of .venv, which `make test` makes.
let pythonWithClient = Repository.python(with: ["secret_sdk"], variable: "CLOISTER_SDK_PYTHON", folder: ".venv")

/// A Python that has cosmpy and Prometheus' parser, which `make test` makes, too.
private let pythonWithCosmpy = Repository.python(
    with: ["cosmpy", "prometheus_client"], variable: "CLOISTER_COSMPY_PYTHON", folder: ".venv-clients")

/// An acceptance test that is not part of this repository.
private let acceptanceScript: String? = {
    let script = Repository.shared.path + "/tools/acceptance_sdk.py"
    return FileManager.default.fileExists(atPath: script) ? script : nil
}()

/// The same with a deployed SNIP-20 contract that is not part of it either.
private let acceptance: (script: String, contract: String)? = {
    let folder =
        ProcessInfo.processInfo.environment["CLOISTER_CONTRACTS"] ?? Repository.shared.path + "/contracts"
    let contract = folder + "/snip20-ibc.wasm"
    guard let script = acceptanceScript, FileManager.default.fileExists(atPath: contract) else { return nil }
    return (script, contract)
}()

extension Scenarios {
    @Suite(
        .serialized,
        .enabled(
            if: pythonWithCosmpy != nil, "cosmpy 0.12.2 is not installed (CLOISTER_COSMPY_PYTHON or .venv-clients)")
    )
    struct CosmpyStoryTests {
        @Test("cosmpy pays, delegates and is rewarded, and Prometheus reads what it cost")
        func story() async throws {
            let port = try freePorts(1)[0]
            let node = try await NodeProcess(
                settings: "[consensus]\ncommit_timeout = 100\n[grpc]\nlisten = \"127.0.0.1:\(port)\"\n",
                stake: (.b, 500_000_000))
            try await node.start()
            for url in [node.url, "grpc+http://127.0.0.1:\(port)"] {
                let story = try await ChildProcess.run(
                    pythonWithCosmpy!, [Repository.path("Tests/Clients/cosmpy_story.py"), url, NodeProcess.chainID],
                    within: 120)
                #expect(story.ending == .exit(0), "\(story.output)")
                #expect(story.output.contains("cosmpy's story ends well"))
            }
            let scrape = try await ChildProcess.run(
                pythonWithCosmpy!,
                [
                    Repository.path("Tests/Clients/metrics_scrape.py"),
                    "http://127.0.0.1:\(node.metricsPort)/metrics",
                ], within: 60)
            #expect(scrape.ending == .exit(0), "\(scrape.output)")
            let web = try await ChildProcess.run(
                pythonWithCosmpy!,
                [Repository.path("Tests/Clients/grpcweb_calls.py"), "http://127.0.0.1:\(port)"], within: 60)
            #expect(web.ending == .exit(0) && web.output.contains("understood every answer"), "\(web.output)")
            #expect(try await node.stop() == .exit(0))
        }
    }
}

extension Scenarios {
    @Suite(
        .serialized, .enabled(if: pythonWithClient != nil, "secret-sdk is not installed (CLOISTER_SDK_PYTHON or .venv)")
    )
    struct RealClientStoryTests {
        @Test("secret-sdk stores, makes, calls and asks a contract, reads its sealed answers, and sends coins")
        func story() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let story = try await ChildProcess.run(
                pythonWithClient!,
                [
                    Repository.path("Tests/Scenarios/sdk_story.py"), "--url", node.url, "--chain-id",
                    NodeProcess.chainID, "--wasm", CounterContract.codeFile, "--shaped",
                    Repository.contractFile("puppet-shaped"),
                ], within: 180)
            #expect(story.ending == .exit(0), "\(story.output)")
            #expect(story.output.contains("the story ends well"))
            #expect(try await node.stop() == .exit(0))
        }

        @Test("secret-sdk tells its story through the verifying proxy, which believes no lie of the node's")
        func verifiedStory() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let story = try await ChildProcess.run(
                pythonWithClient!,
                [
                    Repository.path("Tests/Verifier/sdk_verified.py"), "--url", node.url, "--chain-id",
                    NodeProcess.chainID, "--wasm", CounterContract.codeFile,
                ], within: 240)
            #expect(story.ending == .exit(0), "\(story.output)")
            #expect(story.output.contains("the verified story ends well"))
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "secret-sdk's acceptance test passes in every step, with contracts of this repository",
            .enabled(if: acceptanceScript != nil, "no acceptance test beside the repository")
        )
        func everyStep() async throws {
            let node = try await NodeProcess(stake: (.b, 500_000_000))
            try await node.start()
            let says = "[{\"key\":\"encrypted log\",\"value\":\"encrypted value\",\"encrypted\":true}]"
            let run = try await ChildProcess.run(
                pythonWithClient!,
                [
                    acceptanceScript!, "--url", node.url, "--chain-id", NodeProcess.chainID, "--wasm",
                    Repository.contractFile("snip20"), "--logs-wasm", Repository.contractFile("puppet"),
                    "--logs-execute",
                    "{\"respond\":{\"messages\":[],\"attributes\":\(says),\"events\":[],\"data\":null}}",
                ], within: 300)
            #expect(run.ending == .exit(0), "\(run.output)")
            #expect(run.output.contains("38 passed, 0 P0 failed, 0 P1 failed, 0 skipped"), "\(run.output)")
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "a deployed SNIP-20 contract passes the acceptance test with secret-sdk",
            .enabled(if: acceptance != nil, "no acceptance test or contract beside the repository (CLOISTER_CONTRACTS)")
        )
        func deployedContract() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let run = try await ChildProcess.run(
                pythonWithClient!,
                [
                    acceptance!.script, "--url", node.url, "--chain-id", NodeProcess.chainID, "--wasm",
                    acceptance!.contract,
                ], within: 300)
            #expect(run.ending == .exit(0), "\(run.output)")
            #expect(!run.output.contains("FAIL [P0]"))
            #expect(try await node.stop() == .exit(0))
        }
    }
}
