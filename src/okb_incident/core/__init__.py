"""What an incident is: pure values and functions. No files, no clock, no printing, nothing but the standard library."""
