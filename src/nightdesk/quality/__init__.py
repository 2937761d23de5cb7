"""Checks on finished work, one a file."""
