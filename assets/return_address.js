// Where a browser goes after signing in: a path of ours, or the page where the person begins. `security.is_own_path` has the same rule.

const LONGEST = 2000;
const REWRITTEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\\]/u;
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i;

/** The address itself if it certainly leads to this server, else the person's landing page. */
export const returnAddress = (asked, landingPage) => (asked && isOwnPath(asked) ? asked : `/${landingPage ?? "dashboard"}`);

// A browser leaves the path of such an address as it is: tests/browser/test_journeys.py asks one.
function isOwnPath(address) {
  const [path] = address.split(/[?#]/, 1);
  return (
    [...address].length <= LONGEST &&
    path.startsWith("/") &&
    !path.includes("//") &&
    !REWRITTEN.test(address) &&
    !path.split("/").some((segment) => DOT_SEGMENT.test(segment))
  );
}
