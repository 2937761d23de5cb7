"""Media files on this machine: what they are, what is read from them, and how videos are made of them."""
