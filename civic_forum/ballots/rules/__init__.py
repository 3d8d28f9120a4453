"""The ballot box without a database: encodings, seals, the log, its tree, signatures, the count."""
