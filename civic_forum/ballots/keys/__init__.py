"""The keys directory of the ballot boxes, copies of K, backups to delete."""
