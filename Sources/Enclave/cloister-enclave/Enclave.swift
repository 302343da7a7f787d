@main
struct Enclave {
    static func main() {}
}
