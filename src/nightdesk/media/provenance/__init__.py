"""Where media come from, written so that machines and people can read it: XMP, C2PA, a visible label."""
