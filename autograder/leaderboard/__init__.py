"""The leaderboard: submitted predictions, scores and ranks, its files, tables and page."""
