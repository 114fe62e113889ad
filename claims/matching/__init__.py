"""What a claim is like, and what it has to do with another: the embedder, retrieval, relations and drift; pure."""
