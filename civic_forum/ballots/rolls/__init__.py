"""Electoral rolls (투표인 명부): made, looked after, read by those in them."""
