"""Settings: taking everything along, and leaving."""

import reflex as rx

from dashboard.components import account, look, overlay
from dashboard.components.auth_form import password_field
from dashboard.components.icon import icon
from dashboard.components.setting import section, setting


def your_data() -> rx.Component:
    return section(
        "Your data",
        rx.el.div(
            icon("download", "size-5 flex-none text-ink-3"),
            rx.el.div(
                rx.el.p("Everything, as JSON", class_name=look.SETTING_NAME),
                rx.el.p(
                    "All tasks with all fields, the trash included.", class_name=look.SECONDARY
                ),
                class_name=look.SETTING_TEXT,
            ),
            rx.el.button(
                "Download", type="button", on_click=account.download, class_name=look.BUTTON_SMALL
            ),
            class_name=look.SETTING,
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
                on_click=account.show("delete"),
                class_name=look.BUTTON_DANGER,
            ),
        ),
        panel=look.PANEL_DANGER,
    )


def _what_goes() -> rx.Var[str]:
    count = overlay.metrics.total
    tasks = rx.cond(count == 1, "1 task", count.to_string() + " tasks")
    return rx.cond(
        overlay.phase == "loading",
        "Removes all tasks, the trash and all tokens, at once and for good.",
        f"Removes {tasks}, the trash and all tokens, at once and for good.",
    )


def delete_dialog() -> rx.Component:
    return account.form_dialog(
        account.username(),
        password_field(is_new=False),
        title="Delete your account?",
        words=rx.fragment(
            "All tasks, the trash, tokens and sign-ins are removed at once and cannot be restored. ",
            rx.el.button(
                "Export first",
                type="button",
                on_click=account.download,
                class_name=look.BUTTON_TEXT,
            ),
        ),
        submit=account.delete_account,
        button="Delete account",
        is_open=account.open_dialog == "delete",
        is_dangerous=True,
    )
