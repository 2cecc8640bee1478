"""What people do during an incident: actions, roles, teams, requests, effort, verification, merging."""
