"""The chat page: its server, what happens on each click, and what the browser is sent."""
