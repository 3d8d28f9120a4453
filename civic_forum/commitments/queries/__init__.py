"""Every SELECT of commitments."""
