"""Our own tool server: what a program that speaks the Model Context Protocol may ask of the desk.

`table` lists the tools. `calling` calls one, whoever asks; `stdio` and `http` are the two ways in, and
`protocol` is the one file that knows the SDK's server.
"""
