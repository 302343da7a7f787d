/// A message of the public protocol: its fields in the order of the .proto file, which is the order of the JSON answer.
package struct MessageDescriptor: Sendable {
    package var name: String
    package var fields: [FieldDescriptor]
    /// Its bytes come from a transaction's author: fields nobody knows are left out instead of being an error.
    package var isFromStrangers: Bool

    package func field(number: UInt32) -> Int? {
        fields.firstIndex { $0.number == number }
    }

    /// The field that a request calls `name`: by its own name, in lowerCamelCase, or by its name in answers.
    package func field(requestName name: Substring) -> FieldDescriptor? {
        fields.first { $0.name == name || $0.camelName == name || $0.jsonKey == name }
    }
}

package struct FieldDescriptor: Sendable {
    package enum Kind: Sendable, Equatable {
        case int32, int64, uint32, uint64, bool, string, bytes
        case enumeration(String)
        case message(String)
    }

    /// What the text in a `string` or `bytes` field counts (proto/chain/cloister/options.proto).
    package enum Number: UInt64, Sendable {
        case integer = 1
        case decimal = 2
    }

    package var name: String
    package var number: UInt32
    package var kind: Kind
    package var isRepeated: Bool
    /// One of several of which at most one is set: left out of the answer when it is not set.
    package var isInOneof: Bool
    /// lowerCamelCase, accepted in requests.
    package var camelName: String
    /// The member's name in answers.
    package var jsonKey: String
    package var bech32Prefix: String?
    package var numberText: Number?
    package var isAlwaysShown: Bool
}

package struct EnumDescriptor: Sendable {
    package var name: String
    package var values: [(name: String, number: Int32)]

    package func name(of number: Int32) -> String? { values.first { $0.number == number }?.name }
    package func number(of name: Substring) -> Int32? { values.first { $0.name == name }?.number }
}

package struct MethodDescriptor: Sendable {
    /// As gRPC writes it: "/cosmos.bank.v1beta1.Query/AllBalances".
    package var path: String
    package var input: String
    package var output: String
    /// google.api.http; methods without one (the Msg services) have no REST route.
    package var http: HTTPRule?
}

package struct HTTPRule: Sendable, Equatable {
    package enum Verb: String, Sendable { case get = "GET", post = "POST" }

    package var verb: Verb
    package var template: String
}
