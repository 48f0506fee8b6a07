"""What redaction looks for: each module finds spans of some kinds in a text and knows nothing of masking or storing."""
