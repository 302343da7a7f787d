import ContractEngine
import Testing
import WasmKit

/// The functions that a contract of version 1 has for packets (Secret Network protocol: entry points).
@Suite("IBC functions")
struct IBCTests {
    private static let response = #"{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#
    private static let acknowledgement =
        #"{"Ok":{"acknowledgement":"AQ==","messages":[],"attributes":[],"events":[]}}"#

    @Test(
        "each IBC function gets environment and message, and answers as its kind does",
        arguments: [
            (ContractExport.ibcChannelOpen, #"{"Ok":{"version":"ics20-1"}}"#, ContractOutput.channelVersion("ics20-1")),
            (.ibcChannelOpen, #"{"Ok":null}"#, .channelVersion(nil)),
            (.ibcChannelConnect, response, .response(ContractResponse())),
            (.ibcChannelClose, response, .response(ContractResponse())),
            (.ibcPacketReceive, acknowledgement, .acknowledgement([1], ContractResponse())),
            (.ibcPacketAcknowledgement, response, .response(ContractResponse())),
            (.ibcPacketTimeout, response, .response(ContractResponse())),
            (.ibcPacketReceive, #"{"Err":"no such channel"}"#, .error(ContractErrorText(text: "no such channel"))),
        ])
    func entryPoint(export: ContractExport, answer: String, expected: ContractOutput) throws {
        // A contract that hands back one of its two arguments is told its answer as the message.
        for (argument, sent) in [(0, "environment"), (1, answer)] {
            var contract = TestContract()
            contract.entry("instantiate", Op.i32(TestContract.outputRegion))
            contract.entry(export.rawValue, parameters: 2, Op.get(argument))
            for (_, engine) in Engines.all {
                let module = try engine.compile(contract.assembly.bytes())
                let invocation = ContractInvocation(
                    .ibc(export), environment: Array("environment".utf8), message: Array(answer.utf8),
                    gasLimit: 1_000_000)
                let run = try onContractThread { try engine.run(module, invocation, TestEnvironment()) }
                let output = try run.result.get()
                #expect(String(decoding: output, as: UTF8.self) == sent)
                guard argument == 1 else { continue }
                #expect(ContractOutput.parse(output, interface: .v1, entry: .ibc(export)) == expected)
            }
        }
    }

    @Test("a contract without the function fails, and one of v0.10 has none")
    func missing() throws {
        var contract = TestContract()
        contract.entry("instantiate", Op.i32(TestContract.outputRegion))
        let engine = Engines.cranelift
        let module = try engine.compile(contract.assembly.bytes())
        let invocation = ContractInvocation(
            .ibc(.ibcPacketReceive), environment: [], message: [], gasLimit: 1_000_000)
        let run = try onContractThread { try engine.run(module, invocation, TestEnvironment()) }
        #expect(run.trap == .missingFunction("ibc_packet_receive"))
    }
}
