"""What is asked before something that cannot be undone. The safe answer has the focus."""

import reflex as rx

from dashboard.components import look, overlay


def question() -> rx.Component:
    return overlay.Modal.create(
        rx.cond(overlay.question, _question()),
        is_open=overlay.is_question_open,
        on_dismiss=overlay.say_no,
        custom_attrs={"role": "alertdialog"},
        aria_labelledby="question-title",
        aria_describedby="question-text",
        class_name=look.QUESTION,
    )


def _question() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h2(overlay.question.title, id="question-title", class_name=look.DIALOG_TITLE),
            rx.el.p(
                overlay.Sentence.create(parts=overlay.question.text),
                id="question-text",
                class_name=look.QUESTION_TEXT,
            ),
            class_name=look.QUESTION_BODY,
        ),
        rx.el.div(
            rx.el.button(
                "Cancel", type="button", on_click=overlay.say_no, class_name=look.BUTTON_GHOST
            ),
            rx.el.button(
                overlay.question.verb,
                type="button",
                on_click=overlay.say_yes,
                class_name=look.BUTTON_DANGER,
            ),
            class_name=f"justify-end {look.DIALOG_FOOT}",
        ),
    )
