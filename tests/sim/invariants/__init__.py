"""What must never be otherwise, law by law."""
