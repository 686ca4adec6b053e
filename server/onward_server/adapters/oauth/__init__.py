"""The authorization server for the node's own API: client_credentials with private_key_jwt."""

from onward_server.adapters.oauth.clients import Client
from onward_server.adapters.oauth.endpoint import TokenEndpoint, TokenResponse
from onward_server.adapters.oauth.tokens import VerifiedToken

__all__ = ["Client", "TokenEndpoint", "TokenResponse", "VerifiedToken"]
