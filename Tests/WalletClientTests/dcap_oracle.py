"""What dcap-qvl says of quotes.

    dcap_oracle.py BUNDLES CASES

BUNDLES is JSON: a list of {collateral, root, time} with collateral as dcap-qvl's JSON and root in hexadecimal digits.
CASES has for each quote the bundle's number and the quote's length (32 bits, little-endian), then the quote. For each a
line is printed: the status and the advisories, or `REJECT` and why.
"""
import json
import struct
import sys

import dcap_qvl

bundles = [
    (dcap_qvl.QuoteCollateralV3.from_json(bundle["collateral"]), bytes.fromhex(bundle["root"]), bundle["time"])
    for bundle in json.load(open(sys.argv[1]))
]
cases = open(sys.argv[2], "rb").read()
position = 0
while position < len(cases):
    number, length = struct.unpack_from("<II", cases, position)
    quote = cases[position + 8 : position + 8 + length]
    position += 8 + length
    collateral, root, time = bundles[number]
    try:
        report = dcap_qvl.verify_with_root_ca(quote, collateral, root, time)
        print("OK", report.status, ",".join(sorted(report.advisory_ids)))
    except Exception as error:  # its errors have no type of their own
        print("REJECT", str(error).replace("\n", " ")[:200])
