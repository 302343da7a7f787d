// What the program does: a contract's tests, or, compiled with `LEAKS`, its pairs of secrets. In a package the tests
// are those of `swift test` (PackageTests.swift).

#if LEAKS
    /// Runs all pairs of secrets, each with both; ends with 1 if a run complains.
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
#elseif !PACKAGE_TESTS
    /// `tests NAME` runs all tests whose name holds the words in CLOISTER_CONTRACT_ONLY, if there are any.
    ///
    /// Natively a trap ends the process that it happens in. So the tests run in another one, which says how far it
    /// came; the test that it died in has failed, and the next process goes on behind it. `tests NAME --here` is for
    /// debuggers: all of it in this process.
    @main
    struct ContractTestProgram {
        static func main() {
            let arguments = CommandLine.arguments.dropFirst()
            let name = arguments.first ?? "contract"
            let only = environmentVariable("CLOISTER_CONTRACT_ONLY") ?? ""
            let tests = contractTests.filter { only.isEmpty || $0.name.contains(only) }
            let failed: Int
            if arguments.contains("--from"), let start = arguments.last.flatMap({ Int($0) }) {
                run(tests[start...]) { TestProcess.tell($0 ? 1 : 0) }
                return
            } else if EngineLink.isPresent || arguments.contains("--here") {
                var count = 0
                run(tests[...]) { count += $0 ? 0 : 1 }
                failed = count
            } else {
                failed = runApart(tests, name)
            }
            let place = EngineLink.isPresent ? "in the engine" : "natively"
            let rest = contractTests.count - tests.count
            say(
                "\(name): \(tests.count - failed) of \(tests.count) tests passed \(place)"
                    + (rest > 0 ? ", \(rest) others not run" : ""))
            if tests.isEmpty { say("no test of \(name) has “\(only)” in its name") }
            if failed > 0 || tests.isEmpty { exitProcess(1) }
        }

        private static func run(_ tests: ArraySlice<ContractTest>, _ hasPassed: (Bool) -> Void) {
            for test in tests {
                let chain = TestChain()
                var complaints: [String] = []
                do { try test.body(chain) } catch { complaints.append("\(error)") }
                complaints = chain.failures + complaints
                if !complaints.isEmpty { say("failed: \(test.name)") }
                for complaint in complaints { say("    \(complaint)") }
                hasPassed(complaints.isEmpty)
            }
        }

        /// How many failed.
        private static func runApart(_ tests: [ContractTest], _ name: String) -> Int {
            var next = 0
            var failed = 0
            while next < tests.count {
                let (results, hasEnded) = TestProcess.run([name, "--from", String(next)])
                next += results.count
                failed += results.filter { $0 == 0 }.count
                // More than there are tests would be no word of ours, nor an end before all of them.
                guard next < tests.count else { return hasEnded && next == tests.count ? failed : failed + 1 }
                say("failed: \(tests[next].name)")
                say(hasEnded ? "    it ended the program" : "    it trapped: what is above says where")
                next += 1
                failed += 1
            }
            return failed
        }
    }
#endif
