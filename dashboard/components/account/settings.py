"""What the settings page does in the browser, as Python sees it: assets/settings.js is the other half.

Whatever changes an account goes over HTTP from there, so that no password and no token ever becomes state.
"""

from functools import partial
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from dashboard.components.account.auth_form import problem_summary
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler
from dashboard.components.tasks.dialog import cancel, dialog, foot, heading
from dashboard.state.session import SessionState
from dashboard.state.settings import SettingsState

_LIBRARY = "$/public/settings.js"


def _drawn(name: str, of_type: Any) -> Any:
    hook = "use" + "".join(word.capitalize() for word in name.split("_"))
    data = VarData(
        imports={_LIBRARY: [ImportVar(tag=hook)]}, hooks={f"const {name} = {hook}();": None}
    )
    return rx.Var(name, _var_type=of_type, _var_data=data).guess_type()


open_dialog = _drawn("open_dialog", str)
"""The name of the dialog that is open; empty when none is."""
is_asking = _drawn("is_asking", bool)
"""Whether the password is asked for once more."""
secret = _drawn("secret", str)
"""The token that was made just now; empty when there is none to show."""
is_copied = _drawn("is_copied", bool)


_handler = partial(handler, _LIBRARY)


def show(dialog: str) -> rx.Var:
    return _handler("show", f'"{dialog}"')


def end_session(device: Any) -> rx.Var:
    return _handler("endSession", device.id, device.name)


def revoke_token(token: Any) -> rx.Var:
    return _handler("revokeToken", token.id, token.name)


close_dialog = _handler("closeDialog")
cancel_ask = _handler("cancelAsk")
confirm_password = _handler("confirmPassword")
save_field = _handler("saveField")
save_form = _handler("saveForm")
change_password = _handler("changePassword")
change_email = _handler("changeEmail")
verify_email = _handler("verifyEmail")
delete_account = _handler("deleteAccount")
create_token = _handler("createToken")
copy_secret = _handler("copySecret")
end_others = _handler("endOthers")
download = _handler("download")


class TimezoneSelect(rx.el.Select):
    library = _LIBRARY
    tag = "TimezoneSelect"


class CustomSelect(rx.el.Select):
    """One of a few things, of which the first stands for none."""

    library = _LIBRARY
    tag = "CustomSelect"

    options: rx.Var[list[dict[str, str]]]
    lists: rx.Var[list[Any]]
    """The same of lists; the Inbox is none."""


class SettingsFeed(rx.Component):
    """Loads the lists again after a change; draws nothing."""

    library = _LIBRARY
    tag = "SettingsFeed"

    on_changed: rx.EventHandler[rx.event.no_args_event_spec]


def settings_feed() -> rx.Component:
    return SettingsFeed.create(on_changed=SettingsState.load)


def form_dialog(
    *fields: rx.Component,
    title: str,
    words: str | rx.Component,
    submit: rx.Var,
    button: str,
    is_open: rx.Var[bool],
    on_dismiss: rx.Var = close_dialog,
    is_dangerous: bool = False,
) -> rx.Component:
    """A dialog around a form that goes to the API by itself."""
    title_id = f"{title.lower().replace(' ', '-').rstrip('?')}-title"
    go = rx.el.button(
        icon("loader-circle", "size-4 turning hidden [[data-busy]_&]:block"),
        button,
        type="submit",
        class_name=styles.BUTTON_DANGER if is_dangerous else styles.BUTTON_PRIMARY,
    )
    return dialog(
        rx.el.form(
            rx.el.div(
                heading(title, title_id),
                rx.el.p(words, class_name=styles.QUESTION_TEXT),
                problem_summary(),
                *fields,
                class_name=styles.FORM_BODY,
            ),
            foot(cancel(on_dismiss), go),
            on_submit=submit,
            method="dialog",
            no_validate=True,
        ),
        title_id=title_id,
        is_open=is_open,
        on_dismiss=on_dismiss,
    )


def username() -> rx.Component:
    """By which a password manager knows whose password is meant, and the server what it should not be made of."""
    return rx.fragment(
        rx.el.input(
            type="text",
            name="email",
            value=SessionState.email,
            read_only=True,
            auto_complete="username",
            hidden=True,
        ),
        rx.el.input(type="hidden", name="person", value=SessionState.name),
    )
