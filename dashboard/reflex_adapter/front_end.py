"""The front end that Reflex builds, with what Cairn changes in it."""

import json
import re
from typing import ClassVar, Unpack

import reflex as rx
from reflex_base.plugins.base import PostBuildContext, PreCompileContext

KINDS_WITH_KEY = ("lists", "labels", "filters", "tasks")
"""The pages of one thing, by the first part of their address."""
ONE_OF_ALL = "one"
"""The second part of the address at which a document of each is built."""


PAGES_OF_FORMS = ("sign-in", "sign-up", "reset-password", "confirm-email")
"""The pages that speak to the API alone."""


class OwnOrigin(rx.plugins.Plugin):
    """Points the built front end at whatever address its page came from.

    Reflex writes `http://localhost:8000` into the bundle and corrects no more than the host name
    in the browser, so that another port, or a proxy's, would need another build.
    """

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        (script,) = context["static_dir"].glob("assets/reflex-env-*.js")
        text, pages = re.subn(
            r"`http://localhost:\d+(/\w[\w-]*)`", r"location.origin+`\1`", script.read_text()
        )
        text, sockets = re.subn(
            r"`ws://localhost:\d+(/\w+)`", r"location.origin.replace(`http`,`ws`)+`\1`", text
        )
        if not (pages and sockets):
            raise RuntimeError(f"Reflex no longer writes its addresses as expected into {script}.")
        script.write_text(text)


class LeanPackages(rx.plugins.Plugin):
    """Leaves packages that Cairn does not use out of the front end, which every page loads first.

    Reflex makes every element with @emotion/react, and only its `css` prop needs it, which no element of ours has.
    universal-cookie is for `rx.Cookie`, and mergician for the props of slots.
    """

    STAND_INS: ClassVar = {
        "@emotion/react": "jsx.js",
        "universal-cookie": "left_out.js",
        "mergician": "left_out.js",
    }

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("vite.config.js", self._aliased)

    @classmethod
    def _aliased(cls, config: str) -> str:
        if "alias: [" not in config:
            raise RuntimeError("Reflex no longer writes vite.config.js as expected.")
        for package, file in cls.STAND_INS.items():
            alias = f'{{ find: "{package}", replacement: fileURLToPath(new URL("./public/{file}", import.meta.url)) }},'
            if alias not in config:
                config = config.replace("alias: [", f"alias: [\n      {alias}", 1)
        return config


class SameBytes(rx.plugins.Plugin):
    """Makes the same front end of the same sources.

    Reflex puts its random id of the project and the moment of the build into it, with the version that it needs.
    """

    ALL = 'import reflexEnvironment from "$/reflex.json";'
    NEEDED = (
        'import { version as reflexVersion } from "$/reflex.json";\n'
        "const reflexEnvironment = { version: reflexVersion };"
    )

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("utils/state.js", self._without_moment)

    @classmethod
    def _without_moment(cls, script: str) -> str:
        if cls.ALL not in script and cls.NEEDED not in script:
            raise RuntimeError("Reflex no longer writes utils/state.js as expected.")
        return script.replace(cls.ALL, cls.NEEDED)


class FramesOfAll(rx.plugins.Plugin):
    """Writes a document for the pages of one thing too, whose addresses end in a name or an id.

    React Router writes one for each fixed address alone. What stands in the document of one is in those of all.
    """

    ALL_FIXED = '"prerender": true'

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("react-router.config.js", self._with_one_of_each)

    @classmethod
    def _with_one_of_each(cls, config: str) -> str:
        if cls.ALL_FIXED not in config:
            # In development nothing is written ahead.
            return config
        ones = [f"/{kind}/{ONE_OF_ALL}" for kind in KINDS_WITH_KEY]
        return config.replace(
            cls.ALL_FIXED,
            f'"prerender": ({{ getStaticPaths }}) => [...getStaticPaths(), ...{json.dumps(ones)}]',
        )


class SocketWhenNeeded(rx.plugins.Plugin):
    """Loads Socket.IO apart, and opens a socket on pages of forms only for an event.

    Reflex has it in the code that all pages load first, and opens one on each of them.
    """

    PATCHES: ClassVar = {
        'import io from "socket.io-client";': """
let io;
/** Has Socket.IO there; what could not be fetched is asked for again. */
const loadSocketIo = () =>
  import("$/public/socket_io.js").then(
    (loaded) => (io = loaded.io),
    () => new Promise((again) => setTimeout(again, 1000)).then(loadSocketIo),
  );
const isPageOfForms = () => PAGES_OF_FORMS.includes(window.location.pathname.split("/")[1]);
""",
        # The transport is warmed up before React mounts.
        "queueMicrotask(() => {": (
            "queueMicrotask(async () => {\n    if (isPageOfForms()) return;\n    await loadSocketIo();"
        ),
        "const ensureSocketConnected = useCallback(async () => {": (
            "const ensureSocketConnected = useCallback(async () => {\n    if (!io) await loadSocketIo();"
        ),
        "mounted.current = true;\n    ensureSocketConnected();": (
            "mounted.current = true;\n    if (!isPageOfForms()) ensureSocketConnected();"
        ),
    }
    PRELOADED = '<link rel="modulepreload" href="/assets/reflex-env-'

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"]("utils/state.js", self._patched)

    @classmethod
    def _patched(cls, script: str) -> str:
        if "loadSocketIo" in script:
            return script
        for written, wanted in cls.PATCHES.items():
            if script.count(written) != 1:
                raise RuntimeError("Reflex no longer writes utils/state.js as expected.")
            script = script.replace(written, wanted)
        return script.replace("PAGES_OF_FORMS.", f"{json.dumps(PAGES_OF_FORMS)}.")

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Have documents of pages with a socket ask for Socket.IO with the rest of their code."""
        built = context["static_dir"]
        (script,) = built.glob("assets/socket_io-*.js")
        wanted = f'<link rel="modulepreload" href="/assets/{script.name}"/>'
        for page in built.rglob("*.html"):
            if page.relative_to(built).parts[0].removesuffix(".html") not in PAGES_OF_FORMS:
                text = page.read_text()
                if self.PRELOADED not in text:
                    raise RuntimeError(f"React Router no longer writes {page} as expected.")
                page.write_text(text.replace(self.PRELOADED, wanted + self.PRELOADED, 1))
