"""Rules of a ballot box: keys, sealed rows, log entries, ledger, closing, draws. Pure."""
