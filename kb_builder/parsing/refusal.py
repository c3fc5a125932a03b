"""Refuses a value in a validator of a model."""

from pydantic_core import PydanticCustomError


def refuse(message: str, hint: str = "", code: str = "bad-value") -> PydanticCustomError:
    """What a model's validator raises: ``message`` continues after the key (``must be a whole number``)."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})
