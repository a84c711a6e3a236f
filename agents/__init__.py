"""Who acts, and by what rule: migrants, municipalities, NGOs, the nation."""
