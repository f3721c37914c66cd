"""What keeps a server healthy: housekeeping, readiness, rate limits, mail and backups."""
