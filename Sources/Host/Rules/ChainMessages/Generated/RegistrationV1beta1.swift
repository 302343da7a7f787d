// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `secret.registration.v1beta1`.
package enum RegistrationV1beta1 {
    package enum Msg {
        package static let registerAuth = ChainMethod<RaAuthenticate, RaAuthenticateResponse>(
            "/secret.registration.v1beta1.Msg/RegisterAuth"
        )
    }

    package struct RaAuthenticate: ChainMessage {
        package static let name = "secret.registration.v1beta1.RaAuthenticate"
        package var sender: AccountAddress
        package var certificate: [UInt8] = []
        package var replaceMachineID: String = ""

        package init(sender: AccountAddress, certificate: [UInt8] = [], replaceMachineID: String = "") {
            (self.sender, self.certificate, self.replaceMachineID) = (sender, certificate, replaceMachineID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var sender: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.addressBytes()
                case 2: certificate = try field.bytes()
                case 3: replaceMachineID = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, sender.bytes)
            writer.bytes(2, certificate)
            writer.string(3, replaceMachineID)
        }
    }

    package struct RaAuthenticateResponse: ChainMessage {
        package static let name = "secret.registration.v1beta1.RaAuthenticateResponse"
        package var data: String = ""
        package var events: String = ""

        package init(data: String = "", events: String = "") {
            (self.data, self.events) = (data, events)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.string()
                case 2: events = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, data)
            writer.string(2, events)
        }
    }

    package enum Query {
        package static let txKey = ChainMethod<EmptyMessage, Key>("/secret.registration.v1beta1.Query/TxKey")
        package static let registrationKey = ChainMethod<EmptyMessage, Key>(
            "/secret.registration.v1beta1.Query/RegistrationKey"
        )
        package static let encryptedSeed = ChainMethod<QueryEncryptedSeedRequest, QueryEncryptedSeedResponse>(
            "/secret.registration.v1beta1.Query/EncryptedSeed"
        )
    }

    package struct QueryEncryptedSeedRequest: ChainMessage {
        package static let name = "secret.registration.v1beta1.QueryEncryptedSeedRequest"
        package var pubKey: [UInt8] = []

        package init(pubKey: [UInt8] = []) {
            self.pubKey = pubKey
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: pubKey = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, pubKey)
        }
    }

    package struct QueryEncryptedSeedResponse: ChainMessage {
        package static let name = "secret.registration.v1beta1.QueryEncryptedSeedResponse"
        package var encryptedSeed: [UInt8] = []

        package init(encryptedSeed: [UInt8] = []) {
            self.encryptedSeed = encryptedSeed
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: encryptedSeed = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, encryptedSeed)
        }
    }

    package struct RegistrationNodeInfo: ChainMessage {
        package static let name = "secret.registration.v1beta1.RegistrationNodeInfo"
        package var certificate: [UInt8] = []
        package var encryptedSeed: [UInt8] = []

        package init(certificate: [UInt8] = [], encryptedSeed: [UInt8] = []) {
            (self.certificate, self.encryptedSeed) = (certificate, encryptedSeed)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: certificate = try field.bytes()
                case 2: encryptedSeed = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, certificate)
            writer.bytes(2, encryptedSeed)
        }
    }

    package struct MasterKey: ChainMessage {
        package static let name = "secret.registration.v1beta1.MasterKey"
        package var bytes: [UInt8] = []

        package init(bytes: [UInt8] = []) {
            self.bytes = bytes
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: self.bytes = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, bytes)
        }
    }

    package struct Key: ChainMessage {
        package static let name = "secret.registration.v1beta1.Key"
        package var key: [UInt8] = []

        package init(key: [UInt8] = []) {
            self.key = key
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: key = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, key)
        }
    }
}
