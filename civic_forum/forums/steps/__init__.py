"""Operations shared by the services of forums inside their transactions."""
