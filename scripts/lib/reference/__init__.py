"""What other programs make of the same input, for the goldens under tests/golden."""
