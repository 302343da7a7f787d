/// A small strict JSON reader and writer.
