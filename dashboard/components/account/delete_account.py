"""Settings: taking everything along, and leaving."""

import reflex as rx

from dashboard.components.account import settings
from dashboard.components.account.auth_form import password_field
from dashboard.components.account.setting_section import section, setting
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks import optimistic_list


def your_data() -> rx.Component:
    return section(
        "Your data",
        rx.el.div(
            icon("download", "size-5 flex-none text-ink-3"),
            rx.el.div(
                rx.el.p("Everything, as JSON", class_name=styles.SETTING_NAME),
                rx.el.p(
                    "All tasks with all fields, the trash included.", class_name=styles.SECONDARY
                ),
                class_name=styles.SETTING_TEXT,
            ),
            rx.el.button(
                "Download",
                type="button",
                on_click=settings.download,
                class_name=styles.BUTTON_SMALL,
            ),
            class_name=styles.SETTING,
        ),
    )


def danger_zone() -> rx.Component:
    return section(
        "Delete account",
        setting(
            "Delete this account",
            _what_goes(),
            rx.el.button(
                "Delete account…",
                type="button",
                on_click=settings.show("delete"),
                class_name=styles.BUTTON_DANGER,
            ),
        ),
        panel=styles.PANEL_DANGER,
    )


def _what_goes() -> rx.Var[str]:
    count = optimistic_list.metrics.total
    tasks = rx.cond(count == 1, "1 task", count.to_string() + " tasks")
    return rx.cond(
        optimistic_list.phase == "loading",
        "Removes all tasks, the trash and all tokens, at once and for good.",
        f"Removes {tasks}, the trash and all tokens, at once and for good.",
    )


def delete_dialog() -> rx.Component:
    return settings.form_dialog(
        settings.username(),
        password_field(is_new=False),
        title="Delete your account?",
        words=rx.fragment(
            "All tasks, the trash, tokens and sign-ins are removed at once and cannot be restored. ",
            rx.el.button(
                "Export first",
                type="button",
                on_click=settings.download,
                class_name=styles.BUTTON_TEXT,
            ),
        ),
        submit=settings.delete_account,
        button="Delete account",
        is_open=settings.open_dialog == "delete",
        is_dangerous=True,
    )
