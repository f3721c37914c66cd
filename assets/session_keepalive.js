// Only an answer over HTTP can put the end of a session off. So a tab that somebody uses asks for the head of its page now
// and then, as if it were visited; a tab that is left alone asks for nothing, and its session ends as it should.
const EVERY = 300_000;
const MOMENT = 1000;
const SIGNS = ["keydown", "pointerdown", "wheel"];

let askedAt = Date.now(); // the page itself was asked for

/** Begin to look whether somebody is there. Returns how to stop. */
export function keepSignedIn() {
  const use = ({ isTrusted }) => {
    // Absolute, because a clock may be set back.
    if (!isTrusted || Math.abs(Date.now() - askedAt) < EVERY) return;
    askedAt = Date.now();
    // Not at once: it may be "Sign out" that was pressed, and the answer to that has to be the last.
    setTimeout(ask, MOMENT);
  };
  SIGNS.forEach((sign) => window.addEventListener(sign, use, { capture: true, passive: true }));
  return () => SIGNS.forEach((sign) => window.removeEventListener(sign, use, { capture: true }));
}

function ask() {
  // Whether the server is away, or the session over, the socket says.
  fetch(location.pathname, { method: "HEAD", cache: "no-store", redirect: "manual" }).catch(() => {});
}
