"""Tool servers that speak the Model Context Protocol: asked for their tools, and called, once each time."""

from nightdesk.kit.tools.calls import MISSING, call, listed
from nightdesk.kit.tools.mapping import at, filled
from nightdesk.kit.tools.servers import Answered, CallLost, Server, Tool

__all__ = ["MISSING", "Answered", "CallLost", "Server", "Tool", "at", "call", "filled", "listed"]
