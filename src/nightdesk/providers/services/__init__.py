"""What adapters of picture and clip services share: the way to them, their complaints, their receipts."""
