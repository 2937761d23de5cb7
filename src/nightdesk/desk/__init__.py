"""What a person or an agent may ask for; every face asks here."""
