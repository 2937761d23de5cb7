"""What is kept: tables, tenancy, ledger, events and files."""
