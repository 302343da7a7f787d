import PublicCryptography
import TestSupport

func hash32(_ text: String) -> Hash32 { Hash32(hexadecimal(text))! }
