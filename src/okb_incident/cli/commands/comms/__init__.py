"""Commands that draft, approve and send messages."""
