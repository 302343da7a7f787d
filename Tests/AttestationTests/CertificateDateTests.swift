import Testing

@testable import Attestation

@Suite("Certificate dates")
struct CertificateDateTests {
    @Test(
        "dates become seconds since 1970",
        arguments: [
            ("700101000000Z", Int64(0)), ("691231235959Z", -1), ("000229120000Z", 951_825_600),
            ("180521104510Z", 1_526_899_510),
            ("491231235959Z", 2_524_607_999), ("500101000000Z", -631_152_000), ("20491231235959Z", 2_524_607_999),
            ("20500101000000Z", 2_524_608_000), ("19700101000000Z", 0), ("99991231235959Z", 253_402_300_799),
            ("24000229000000Z", 13_574_563_200), ("00010101000000Z", -62_135_596_800),
        ])
    func known(text: String, seconds: Int64) {
        #expect(CertificateDate.seconds(Array(text.utf8), isGeneralized: text.utf8.count == 15) == seconds)
    }

    @Test(
        "forms that certificates may not use, and days that do not exist, are refused",
        arguments: [
            "", "Z", "7001010000Z", "700101000000", "700101000000+0000", "700101000000z", "70010100000 Z",
            "700001000000Z",
            "701301000000Z", "700100000000Z", "700132000000Z", "710229000000Z", "700431000000Z", "700101240000Z",
            "700101006000Z", "700101000060Z", "19000229000000Z", "20230101000000.5Z", "2023010100000Z",
        ])
    func refused(text: String) {
        let bytes = Array(text.utf8)
        #expect(CertificateDate.seconds(bytes, isGeneralized: false) == nil)
        #expect(CertificateDate.seconds(bytes, isGeneralized: true) == nil)
    }

    @Test("every day of four centuries follows the one before")
    func consecutive() {
        var previous: Int64?
        let daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for year in 1900...2300 {
            for month in 1...12 {
                let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
                for day in 1...(daysInMonth[month - 1] + (month == 2 && isLeap ? 1 : 0)) {
                    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
                    let text = "\(year)\(two(month))\(two(day))000000Z"
                    let seconds = CertificateDate.seconds(Array(text.utf8), isGeneralized: true)
                    if let previous { #expect(seconds == previous + 86_400, "\(text)") }
                    previous = seconds
                }
            }
        }
        #expect(previous == 10_445_241_600)
    }
}
