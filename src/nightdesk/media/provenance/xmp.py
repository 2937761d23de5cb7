"""Writes and reads the XMP packet that says what kind of source a file has.

Properties: `Iptc4xmpExt:DigitalSourceType` and `Iptc4xmpExt:AISystemUsed` (IPTC Photo Metadata Standard
2025.1), `xmp:CreatorTool` (XMP specification, part 1), `dc:description`.
"""

from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from nightdesk.media.provenance.origins import VOCABULARY, Origin

LARGEST = 1 << 20
"""Bytes of a packet that are read; ours have about a thousand."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'


@dataclass(frozen=True)
class Marks:
    """What a file says of itself: the address of its source type, the tool, the models, a description."""

    source_type: str
    tool: str = ""
    models: str = ""
    description: str = ""

    @property
    def kind(self) -> str:
        """The source type's name in IPTC's vocabulary."""
        return self.source_type.removeprefix(VOCABULARY)


def packet(origin: Origin, tool: str) -> bytes:
    """The packet to put into a file that `tool` made."""
    models = f"\n   <Iptc4xmpExt:AISystemUsed>{escape(', '.join(origin.models))}</Iptc4xmpExt:AISystemUsed>"
    return f"""{_BEGIN}
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{_IPTC}" xmlns:xmp="{_XMP}" xmlns:dc="{_DC}">
   <Iptc4xmpExt:DigitalSourceType>{origin.address}</Iptc4xmpExt:DigitalSourceType>\
{models if origin.models else ""}
   <xmp:CreatorTool>{escape(tool)}</xmp:CreatorTool>
   <dc:description><rdf:Alt>
    <rdf:li xml:lang="x-default">{escape(origin.why)}</rdf:li>
   </rdf:Alt></dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def understood(found: bytes) -> Marks | None:
    """What a packet says; None where it is no XMP, names no source type or tries to define entities."""
    if len(found) > LARGEST or b"<!" in found:
        return None
    try:
        root = ElementTree.fromstring(found.strip(b"\0 \r\n\t"))  # noqa: S314 (no declarations get this far)
    except (ElementTree.ParseError, ValueError):
        return None
    for described in root.iter(f"{{{_RDF}}}Description"):
        source_type = _value(described, _IPTC, "DigitalSourceType")
        if source_type:
            tool = _value(described, _XMP, "CreatorTool")
            models = _value(described, _IPTC, "AISystemUsed")
            return Marks(source_type, tool, models, _value(described, _DC, "description"))
    return None


def _value(described: ElementTree.Element, space: str, name: str) -> str:
    """A property in any of the ways XMP may write it: an attribute, a text, a list of alternatives."""
    written = described.get(f"{{{space}}}{name}")
    element = described.find(f"{{{space}}}{name}")
    if written is None and element is not None:
        written = element.get(f"{{{_RDF}}}resource") or "".join(element.itertext())
    return (written or "").strip()
