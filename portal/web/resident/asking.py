"""The questions of the chosen category, which the form asks as `answer-<question>`; nobody has to know the answer."""

from flask import request

from portal.services import routing


class BadAnswer(ValueError):
    """An answer that its question does not have."""


def answers(category: str) -> dict[str, str]:
    """What was answered of this category's questions, by their codes. Raises BadAnswer.

    The form holds the questions of other categories too, unseen: what they bring is left aside.
    """
    given = {}
    for question in routing.questions_of(category).values():
        chosen = [value for value in request.form.getlist(f"answer-{question.code}") if value]
        if not question.choices.keys() >= set(chosen):
            raise BadAnswer(question.code)
        if chosen:
            given[question.code] = chosen[-1]
    return given
