"""Operations shared by the services of budget rounds inside their transaction."""
