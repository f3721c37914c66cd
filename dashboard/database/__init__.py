"""The database: engines, transactions, migrations and the file of a backup."""
