"""The kiosk of a desk: devices, codes, and voting alone."""
