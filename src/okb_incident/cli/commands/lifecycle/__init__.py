"""Commands that open an incident, change its state or its properties, and end it."""
