"""The programme, the queue of the floor, turns, and the ledger of speaking time."""
