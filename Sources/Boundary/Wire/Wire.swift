/// How bytes that others chose become values: protobuf fields, the one canonical form of consensus, times, the parts of
/// store keys, and gzip.
///
/// Everything here is total and bounded: any bytes give a value or an error that is thrown, and a length is compared
/// with what is there before it is believed. Nothing here knows what a message means.
