import ChainMessages
import EnclaveProtocol
import ExactNumbers
import SignedTransactions

/// Something being done in a block by several modules: where it reads and writes, and what is told of it, in order.
package final class BlockWork {
    package let block: BlockContext
    package let state: any LedgerState
    package private(set) var events: [Event] = []

    package init(_ block: BlockContext, on state: any LedgerState) {
        (self.block, self.state) = (block, state)
    }

    package func tell(_ event: Event) { events.append(event) }
    package func tell(_ list: [Event]) { events += list }

    /// Does something whole or not at all. At a block's begin and end nobody is there to be refused, and a chain must
    /// not stop over it: what is refused leaves nothing behind, and the reason is returned. Any other error is the
    /// node's own.
    package func attempt(_ body: (BlockWork) throws -> Void) throws -> TransactionRefusal? {
        let scope = LedgerScope(state)
        let work = BlockWork(block, on: scope)
        do {
            try body(work)
        } catch let refusal as TransactionRefusal {
            return refusal
        } catch let fault as NumberFault {
            return fault.refusal
        }
        try scope.keep(in: state)
        events += work.events
        return nil
    }
}

extension NumberFault {
    /// As a recovered panic of the original.
    package var refusal: TransactionRefusal {
        let text =
            switch self {
            case .overflow: "Int overflow"
            case .divisionByZero: "division by zero"
            case .negative: "negative coin amount"
            }
        return TransactionRefusal(codespace: "undefined", code: 111_222, log: "recovered: \(text): panic")
    }
}

extension MessageHandler {
    /// Of a message with an answer of its own, by which several modules may be touched.
    package static func answering<Message: ChainMessage, Answer: ChainMessage>(
        _ type: Message.Type, run: @escaping @Sendable (Message, BlockWork) throws -> Answer
    ) -> MessageHandler {
        MessageHandler(
            type,
            runningOthers: { message, _, block, state in
                let work = BlockWork(block, on: state)
                let answer = try run(message, work)
                return MessageOutcome(response: answer.any, events: work.events)
            })
    }
}
