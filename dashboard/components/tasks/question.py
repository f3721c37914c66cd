"""What is asked where something cannot be undone, or can be meant in two ways. The safe answer has the focus."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.tasks import optimistic_list


def question() -> rx.Component:
    return optimistic_list.Modal.create(
        rx.cond(optimistic_list.question, _question()),
        is_open=optimistic_list.is_question_open,
        on_dismiss=optimistic_list.say_no,
        custom_attrs={"role": "alertdialog"},
        aria_labelledby="question-title",
        aria_describedby="question-text",
        class_name=styles.QUESTION,
    )


def _question() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h2(
                optimistic_list.question.title, id="question-title", class_name=styles.DIALOG_TITLE
            ),
            rx.el.p(
                optimistic_list.Sentence.create(parts=optimistic_list.question.text),
                id="question-text",
                class_name=styles.QUESTION_TEXT,
            ),
            class_name=styles.QUESTION_BODY,
        ),
        rx.el.div(
            rx.el.button(
                "Cancel",
                type="button",
                on_click=optimistic_list.say_no,
                class_name=styles.BUTTON_GHOST,
            ),
            rx.cond(
                optimistic_list.question.other,
                rx.el.button(
                    optimistic_list.question.other,
                    type="button",
                    on_click=optimistic_list.say_other,
                    class_name=styles.BUTTON,
                ),
            ),
            rx.el.button(
                optimistic_list.question.verb,
                type="button",
                on_click=optimistic_list.say_yes,
                class_name=styles.BUTTON_DANGER,
            ),
            class_name=f"flex-wrap justify-end {styles.DIALOG_FOOT}",
        ),
    )
