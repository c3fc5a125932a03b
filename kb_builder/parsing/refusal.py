"""Refuses a value in a validator of a model."""

from pydantic_core import PydanticCustomError


def refuse(message: str, hint: str = "", code: str = "bad-value") -> PydanticCustomError:
    """An error of a model's validator: ``message`` continues after the key (``must be a whole number``)."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})
