// Stands in for @emotion/react (see rxconfig.py): without a `css` prop, its `jsx` is React's createElement.
export { createElement as jsx } from "react";
