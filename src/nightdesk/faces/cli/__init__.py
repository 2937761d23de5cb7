"""The command line: one file a noun; each command asks the desk and prints."""
