"""What the chat page looks like: answers as HTML, style, examples."""
