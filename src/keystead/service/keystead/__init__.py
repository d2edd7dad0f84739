"""Keystead's own service: what services that act for callers need, and AWS keeps inside itself."""

from keystead.service.keystead import forwarded_session

__all__ = ["forwarded_session"]
