"""Trial elections (모의 선거): files counted by every rule, side by side."""
