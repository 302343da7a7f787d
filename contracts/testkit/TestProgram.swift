// What the program does: a contract's tests, or, compiled with `LEAKS`, its pairs of secrets.

#if LEAKS
    @main
    struct LeakPairProgram {
        static func main() {
            guard EngineLink.isPresent else {
                say("pairs of secrets run in the engine alone: cloister contract leaks")
                exitProcess(1)
            }
            var failed = false
            for pair in leakPairs {
                for side in LeakSide.allCases {
                    EngineLink.beginRun(pair.name, side: side.rawValue, reason: pair.reason)
                    let chain = TestChain()
                    var complaints: [String] = []
                    do { try pair.body(chain, side) } catch { complaints.append("\(error)") }
                    complaints = chain.failures + complaints
                    if complaints.isEmpty { continue }
                    failed = true
                    say("failed: \(pair.name), with the \(side.rawValue) secrets")
                    for complaint in complaints { say("    \(complaint)") }
                }
            }
            if failed { exitProcess(1) }
        }
    }
#else
    @main
    struct ContractTestProgram {
        static func main() {
            var failed = 0
            for test in contractTests {
                let chain = TestChain()
                var complaints: [String] = []
                do { try test.body(chain) } catch { complaints.append("\(error)") }
                complaints = chain.failures + complaints
                if complaints.isEmpty { continue }
                failed += 1
                say("failed: \(test.name)")
                for complaint in complaints { say("    \(complaint)") }
            }
            let name = CommandLine.arguments.dropFirst().first ?? "contract"
            let place = EngineLink.isPresent ? "in the engine" : "natively"
            say("\(name): \(contractTests.count - failed) of \(contractTests.count) tests passed \(place)")
            if failed > 0 || contractTests.isEmpty { exitProcess(1) }
        }
    }
#endif
