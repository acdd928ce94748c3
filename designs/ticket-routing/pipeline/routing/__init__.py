"""The ticket-routing pipeline, one module for each concern. Standard library only."""
