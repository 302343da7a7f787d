/// A contract of interface version 1. The module that defines one says `typealias ThisContract = ...`.
///
/// Its messages are structs and enums marked `// sdk: message`, for which `tools/generate.py` writes the JSON coding.
/// A thrown error refuses the call; a trap (overflow, index out of range) ends it without an answer. Either way nothing
/// that the call wrote stays.
protocol Contract {
    associatedtype Instantiate: JSONCoded
    associatedtype Execute: JSONCoded
    associatedtype Query: JSONCoded
    associatedtype Migrate: JSONCoded = NoMessage

    /// Answers are padded with spaces to a multiple of this, so that their lengths tell less; 1 for no padding.
    static var answerBytesMultiple: Int { get }

    static func instantiate(_ call: Call, _ message: Instantiate) throws(ContractError) -> Response
    static func execute(_ call: Call, _ message: Execute) throws(ContractError) -> Response
    /// Nobody signs a query: whoever may see only his own must show a viewing key or a permit in it.
    static func query(_ environment: Environment, _ question: Query) throws(ContractError) -> JSON
    /// Called for a sub-message that asked for it (`SubMessage.replyOn`).
    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response
    /// Called once when an older contract becomes this code, with the state that the older code left. Its admin alone
    /// can do that, so whoever trusts a contract with an admin trusts the admin with all it holds.
    static func migrate(_ environment: Environment, _ message: Migrate) throws(ContractError) -> Response
}

/// What a contract that cannot be migrated to understands of a migration.
struct NoMessage: JSONCoded {
    init(_ json: JSON, _ name: Text) {}
    var json: JSON { .object([]) }
}

extension Contract where Migrate == NoMessage {
    static func migrate(_ environment: Environment, _ message: NoMessage) throws(ContractError) -> Response {
        throw ContractError("nothing can be migrated to this contract")
    }
}

extension Contract {
    static var answerBytesMultiple: Int { 1 }

    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response {
        throw ContractError("this contract expects no reply")
    }
}

/// Where and by whom a contract is called. The enclave checked both.
struct Call {
    var environment: Environment
    var sender: Sender

    init(environment: Environment, sender: Sender) {
        self.environment = environment
        self.sender = sender
    }

    /// What came along of one denomination; anything else that came along refuses the call.
    func funds(only denomination: Text) throws(ContractError) -> Amount {
        guard let coin = sender.funds.first else { return 0 }
        guard sender.funds.count == 1, coin.denomination == denomination else {
            throw ContractError("send " + denomination + " and nothing else")
        }
        return coin.amount
    }

    /// Refuses coins that would be stuck in the contract.
    func requireNoFunds() throws(ContractError) {
        guard sender.funds.isEmpty else { throw ContractError("send no coins with this message") }
    }
}

/// How a message of an earlier call ended.
struct Reply {
    var id: UInt64
    /// The error's text, or `nil` if the message succeeded.
    var error: Text?
    /// What the message answered, if it succeeded and answered.
    var data: [UInt8]?
    private var events: JSON?

    init(_ value: JSON) throws(ContractError) {
        guard let id = value.member("id"), let result = value.member("result") else {
            throw ContractError("incomplete reply")
        }
        self.id = try id.integer("id")
        if let error = result.member("error") {
            self.error = try error.text("error")
        } else if let success = result.member("ok") {
            if case .string(let text)? = success.member("data") { data = Base64.decode(text.utf8) }
            events = success.member("events")
        } else {
            throw ContractError("incomplete reply")
        }
    }

    /// What the message said in an event, as where a contract was made:
    /// `attribute("contract_address", of: "instantiate")`. Encrypted attributes stay so.
    func attribute(_ key: Text, of type: Text) -> Text? {
        guard case .array(let events)? = events else { return nil }
        for event in events where Reply.text(event.member("type")) == type {
            guard case .array(let attributes)? = event.member("attributes") else { continue }
            for attribute in attributes where Reply.text(attribute.member("key")) == key {
                return Reply.text(attribute.member("value"))
            }
        }
        return nil
    }

    private static func text(_ json: JSON?) -> Text? {
        guard case .string(let text)? = json else { return nil }
        return text
    }
}

/// From the bytes of a call to the bytes of its result: what the entry points export, and what tests call.
enum Dispatch<Program: Contract> {
    static func instantiate(_ environment: [UInt8], _ info: [UInt8], _ message: [UInt8]) -> [UInt8] {
        do throws(ContractError) {
            let call = try call(environment, info)
            return finish(try Program.instantiate(call, Program.Instantiate(JSONReader.parse(message), "message")))
        } catch {
            return refuse(error)
        }
    }

    static func execute(_ environment: [UInt8], _ info: [UInt8], _ message: [UInt8]) -> [UInt8] {
        do throws(ContractError) {
            let call = try call(environment, info)
            return finish(try Program.execute(call, Program.Execute(JSONReader.parse(message), "message")))
        } catch {
            return refuse(error)
        }
    }

    static func query(_ environment: [UInt8], _ question: [UInt8]) -> [UInt8] {
        do throws(ContractError) {
            let environment = try Environment(JSONReader.parse(environment))
            let answer = try Program.query(environment, Program.Query(JSONReader.parse(question), "message"))
            return JSON.object([.init("Ok", .base64(padded(answer.encoded)))]).encoded
        } catch {
            return refuse(error)
        }
    }

    static func reply(_ environment: [UInt8], _ reply: [UInt8]) -> [UInt8] {
        do throws(ContractError) {
            let environment = try Environment(JSONReader.parse(environment))
            return finish(try Program.reply(environment, Reply(JSONReader.parse(reply))))
        } catch {
            return refuse(error)
        }
    }

    static func migrate(_ environment: [UInt8], _ message: [UInt8]) -> [UInt8] {
        do throws(ContractError) {
            let environment = try Environment(JSONReader.parse(environment))
            let message = try Program.Migrate(JSONReader.parse(message), "message")
            return finish(try Program.migrate(environment, message))
        } catch {
            return refuse(error)
        }
    }

    private static func call(_ environment: [UInt8], _ info: [UInt8]) throws(ContractError) -> Call {
        let environment = try Environment(JSONReader.parse(environment))
        let info = try JSONReader.parse(info)
        return Call(
            environment: environment, sender: try Sender(address: info.member("sender"), funds: info.member("funds")))
    }

    private static func padded(_ answer: [UInt8]) -> [UInt8] {
        Padding.spaces(answer, multiple: Program.answerBytesMultiple)
    }

    private static func finish(_ response: Response) -> [UInt8] {
        let body = JSON.object([
            .init("messages", .array(response.messages.map { $0.json })),
            .init("attributes", .array(response.attributes.map { $0.json })),
            .init("events", .array(response.events.map { $0.json })),
            .init("data", response.data.map { .base64(padded($0)) } ?? .null),
        ])
        return JSON.object([.init("Ok", body)]).encoded
    }

    private static func refuse(_ error: ContractError) -> [UInt8] {
        JSON.object([.init("Err", .string(error.message))]).encoded
    }
}
