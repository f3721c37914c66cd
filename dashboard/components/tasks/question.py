"""What is asked where something cannot be undone, or can be meant in two ways. The safe answer has the focus."""

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.dialog import cancel, dialog, foot, heading


def question() -> rx.Component:
    return dialog(
        rx.cond(optimistic_list.question, _question()),
        title_id="question-title",
        is_open=optimistic_list.is_question_open,
        on_dismiss=optimistic_list.say_no,
        look=styles.QUESTION,
        custom_attrs={"role": "alertdialog"},
        aria_describedby="question-text",
    )


def _question() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            heading(optimistic_list.question.title, "question-title"),
            rx.el.p(
                optimistic_list.Sentence.create(parts=optimistic_list.question.text),
                id="question-text",
                class_name=styles.QUESTION_TEXT,
            ),
            class_name=styles.QUESTION_BODY,
        ),
        foot(
            cancel(optimistic_list.say_no),
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
            look="flex-wrap justify-end",
        ),
    )
