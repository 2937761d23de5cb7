"""The web face: pages for the people of a newsroom, made on the server. README.md says how to add one."""
