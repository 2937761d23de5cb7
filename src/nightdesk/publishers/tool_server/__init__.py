"""Publishes by a tool server that speaks the Model Context Protocol, by a mapping of one of its tools."""

from nightdesk.publishers.tool_server.fields import ABOUT, fields
from nightdesk.publishers.tool_server.opening import opened
from nightdesk.publishers.tool_server.programs import Program

__all__ = ["ABOUT", "Program", "fields", "opened"]
