"""Messages about an incident: audiences, kinds, and when the next one is due."""
