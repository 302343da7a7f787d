/// A message that is not what its descriptor says: in an answer, a mistake of the handler that made it.
package enum TranscodingError: Error, Equatable {
    case unknownField(message: String, number: UInt32)
    case wrongWireType(message: String, field: String)
    case illegalValue(message: String, field: String)
    case tooDeep
    case tooLarge
}
