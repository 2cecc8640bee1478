"""What is due next, what closing requires, and the facts that documents are made of."""
