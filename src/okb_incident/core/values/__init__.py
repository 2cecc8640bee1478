"""The values an incident is made of, such as moments, severities and names, each read and written here."""
