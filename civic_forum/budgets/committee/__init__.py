"""The committee (참여예산위원회): members, recommendations, sums."""
