"""Static help centres from Markdown and trending-issue data."""
