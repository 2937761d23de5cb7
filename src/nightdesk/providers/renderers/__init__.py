"""Renderers: what makes one video of scenes, voice and captions."""
