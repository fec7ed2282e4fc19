"""What a page gives as evidence for and against a correction: what passes and the chain ask about it, each question one module."""
