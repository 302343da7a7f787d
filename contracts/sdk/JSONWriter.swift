extension JSON {
    /// The value as compact JSON.
    var encoded: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output += Text("null").utf8
        case .bool(let value): output += value ? Text("true").utf8 : Text("false").utf8
        case .number(let text): output += text.utf8
        case .string(let text): JSON.write(text, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for index in 0..<elements.count {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                elements[index].write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for index in 0..<members.count {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSON.write(members[index].name, to: &output)
                output.append(UInt8(ascii: ":"))
                members[index].value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: Text, to output: inout [UInt8]) {
        let hexadecimal = Text("0123456789abcdef").utf8
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0a: output += Text("\\n").utf8
            case 0x0d: output += Text("\\r").utf8
            case 0x09: output += Text("\\t").utf8
            case 0..<0x20:
                output += Text("\\u00").utf8
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
