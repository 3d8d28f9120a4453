"""Files of consultations: Polis CSV in and out, and our own publication."""
