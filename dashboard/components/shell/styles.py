"""The look of every part, as utility classes: change a part here and it changes on every screen.

Tokens (colours, sizes, motion) and what utilities cannot say are in assets/styles.css.
"""

# Text
PAGE_TITLE = (
    "page-title font-title font-medium text-title-sm md:text-title tracking-[-.008em] lining-nums text-balance"
    " text-ink"
)
DIALOG_TITLE = "font-title font-medium text-dialog tracking-[-.005em] lining-nums text-ink"
SECTION_TITLE = "text-lg font-semibold tracking-[-.011em] text-ink"
GROUP_TITLE = "text-base md:text-sm font-semibold tracking-[-.011em] text-ink"
SECONDARY = "text-sm text-ink-3"
CAPTION = "text-xs text-ink-3"
LINK = (
    "text-ink underline decoration-field-line underline-offset-3 hover:decoration-current"
    " max-md:inline-flex max-md:min-h-11 max-md:items-center pointer-coarse:inline-flex pointer-coarse:items-center"
)
HIDDEN = "sr-only"

# Surfaces
PANEL = "glass"
CARD = "glass relative"
CARD_LINK = f"{CARD} transition-colors hover:bg-glass-hover focus-visible:rounded-xl"
DOT = "size-1.5 flex-none rounded-full bg-accent"
AVATAR = (
    "grid size-7 flex-none place-items-center rounded-full border border-line bg-glass-hover"
    " text-[.6875rem] font-semibold tracking-wide text-ink"
)

# Buttons
_BUTTON = (
    "inline-flex items-center justify-center gap-2 rounded-md border whitespace-nowrap"
    " max-2xs:h-auto max-2xs:min-h-(--control) max-2xs:py-1.5 max-2xs:whitespace-normal"
    " transition-[background,border-color,scale] active:scale-[.975]"
    " disabled:cursor-not-allowed disabled:opacity-55"
)
_SIZE = "h-(--control) px-3.5"
_SMALL = "h-11 px-3.5 md:h-8 md:px-2.5 md:text-sm"
_PRIMARY = "primary border-transparent bg-accent font-semibold text-on-accent shadow-primary hover:bg-accent-hover"
_QUIET = "border-line bg-glass font-medium text-ink hover:bg-glass-hover"
_GHOST = "border-transparent font-medium text-ink-2 hover:bg-glass-hover hover:text-ink"
_DANGER = "border-danger-line font-medium text-danger hover:bg-danger-wash"
BUTTON_PRIMARY = f"{_BUTTON} {_SIZE} {_PRIMARY}"
BUTTON_PRIMARY_SMALL = f"{_BUTTON} {_SMALL} {_PRIMARY}"
BUTTON_WIDE = f"{_BUTTON} h-11.5 w-full px-3.5 text-touch {_PRIMARY}"
BUTTON = f"{_BUTTON} {_SIZE} {_QUIET}"
BUTTON_SMALL = f"{_BUTTON} {_SMALL} {_QUIET}"
BUTTON_GHOST = f"{_BUTTON} {_SIZE} {_GHOST}"
BUTTON_GHOST_SMALL = f"{_BUTTON} {_SMALL} {_GHOST}"
BUTTON_DANGER = f"{_BUTTON} {_SIZE} {_DANGER}"
BUTTON_TEXT = (
    "inline-flex min-h-11 max-md:-my-1.5 md:min-h-6 items-center rounded-sm px-1.5 md:px-1 text-sm font-medium"
    " text-ink-2"
    " underline-offset-3 hover:text-ink hover:underline"
)
BUTTON_ICON = (
    "inline-grid size-[max(44px,2rem)] md:size-8 flex-none place-items-center rounded-md text-ink-3"
    " transition-colors hover:bg-glass-hover hover:text-ink"
)
CHIP = (
    "h-11 md:h-7 rounded-sm border border-line px-1 md:px-2.5 text-sm font-medium whitespace-nowrap text-ink-2"
    " hover:bg-glass-hover hover:text-ink"
    " aria-pressed:border-field-line aria-pressed:bg-glass-hover aria-pressed:text-ink"
)
KEY = "max-lg:hidden! pointer-coarse:hidden!"

# Fields
LABEL = "mb-1.5 block text-sm font-medium text-ink-2"
INPUT = (
    "block w-full min-h-(--control) rounded-md border border-field-line bg-field px-2.75 py-1.75 text-md md:text-base"
    " text-ink focus-visible:-outline-offset-1 focus-visible:border-transparent aria-invalid:border-danger"
)
TEXTAREA = f"{INPUT} [overflow-wrap:anywhere] field-sizing-content min-h-21 max-h-[40dvh] resize-y leading-snug"
MARKDOWN = "markdown max-h-[40dvh] overflow-y-auto rounded-md border border-line-soft px-2.75 py-1.75 leading-snug"
DESCRIPTION_LINK = f"{LINK} w-fit max-w-full text-sm [overflow-wrap:anywhere]"
FIELD = "field-edge flex h-(--control) items-center gap-2.25 rounded-md bg-field px-2.75 text-ink"
FIELD_INPUT = "h-full w-full min-w-0 flex-1 bg-transparent text-md md:text-base text-ink"
FIELD_ERROR = "problem mt-1.5 text-sm text-danger"
CHOICE = "inline-flex min-h-11 md:min-h-6 cursor-pointer items-center gap-2.25"
CHOICE_BOX = "size-4 accent-accent"

# Segmented control: links with aria-current, or labels of radio buttons
_SEGMENTS = (
    "flex gap-0.5 rounded-lg border bg-glass-sunk h-12 p-px md:h-(--control) md:p-0.5"
    " md:pointer-coarse:h-12 md:pointer-coarse:p-px"
)
SEGMENTS = f"{_SEGMENTS} border-line"
# One below the other where the words are wider than the screen.
_STACKED = "max-2xs:h-auto max-2xs:flex-col max-2xs:*:min-h-11"
SEGMENTS_FILL = f"{_SEGMENTS} {_STACKED} w-full border-field-line *:flex-1"
SEGMENTS_CHOICE = f"{SEGMENTS} {_STACKED} max-md:w-full max-md:*:flex-1"
SEGMENT = (
    "inline-flex h-full items-center justify-center gap-1.75 min-w-14 rounded-md px-2.5 md:min-w-0 md:px-3"
    " text-sm font-medium"
    " whitespace-nowrap text-ink-3 transition-colors hover:text-ink"
    " aria-[current=true]:bg-lifted aria-[current=true]:text-ink aria-[current=true]:shadow-lifted"
    " has-checked:bg-lifted has-checked:text-ink has-checked:shadow-lifted"
    " has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
    " aria-[current=true]:[scroll-initial-target:nearest]"
)

SEGMENT_ICON = (
    "inline-grid h-full w-11 md:w-9 place-items-center rounded-md text-ink-3 transition-colors hover:text-ink"
    " aria-pressed:bg-lifted aria-pressed:text-ink aria-pressed:shadow-lifted"
)

# Shell
APP = "app md:grid md:grid-cols-[auto_minmax(0,1fr)]"
SKIP_LINK = (
    "fixed top-2 left-2 z-100 -translate-y-20 rounded-md bg-accent px-3.5 py-3 font-semibold text-on-accent"
    " focus:translate-y-0"
)
SIDEBAR = "sidebar no-print glass sticky top-3 z-20 my-3 ml-3 hidden h-[calc(100dvh-24px)] flex-col p-3 md:flex"
BRAND = "brand mb-4 flex h-9 items-center gap-2.5 pl-1.75 text-touch font-semibold tracking-[-.015em] text-ink"
NAV_ITEM = (
    "relative flex h-9 w-full items-center gap-2.75 rounded-md px-2.5 font-medium whitespace-nowrap text-ink-2"
    " transition-colors hover:bg-glass-hover hover:text-ink [&>.icon]:text-ink-3"
    " aria-[current=page]:bg-glass-hover aria-[current=page]:text-ink aria-[current=page]:[&>.icon]:text-accent-ink"
    "  aria-[current=page]:before:absolute aria-[current=page]:before:inset-y-2.25"
    " aria-[current=page]:before:-left-3.25"
    " aria-[current=page]:before:w-0.5 aria-[current=page]:before:rounded-full aria-[current=page]:before:bg-accent"
)
NAV = "flex min-h-0 flex-1 flex-col overflow-y-auto [scrollbar-width:none] -mx-3.25 px-3.25"
LIST_ITEM = NAV_ITEM.replace("h-9 ", "h-7.5 ").replace("font-medium ", "")
NAV_COUNT = "wide ml-auto text-xs font-medium text-ink-3"
PERSON = "mt-2 flex min-w-0 items-center gap-2.5 border-t border-line-soft px-1 pt-3 pb-0.5"
BOTTOM_NAV = (
    "bottom-nav no-print fixed inset-x-0 bottom-0 z-30 grid grid-cols-[1fr_1fr_4rem_1fr_1fr]"
    " max-2xs:grid-cols-3 items-center border-t"
    " border-line bg-solid/95 px-1 pt-1.5 pb-[calc(6px+env(safe-area-inset-bottom))] backdrop-blur-[20px] md:hidden"
)
BOTTOM_ITEM = (
    "grid min-h-13 content-center justify-items-center gap-0.75 rounded-md text-[.6875rem] leading-3.5 font-medium"
    " text-ink-3 aria-[current=page]:text-ink aria-[current=page]:[&>.icon]:text-accent-ink"
)
BOTTOM_ADD = (
    "primary grid h-12 w-13 place-items-center justify-self-center rounded-xl bg-accent text-on-accent shadow-primary"
    " active:scale-[.975]"
)
MAIN = (
    "mx-auto w-full min-w-0 max-w-[70.5rem] px-3 xs:px-4 pt-[max(16px,env(safe-area-inset-top))]"
    " pb-[calc(10rem+env(safe-area-inset-bottom))] md:px-7 md:pt-7 md:pb-24 lg:px-10 lg:pt-8"
)
PAGE_HEAD = "mb-4 flex max-2xs:flex-wrap items-center gap-4 md:mb-6 md:items-end"
PAGE_NOTE = (
    "mt-0.5 flex min-h-[1lh] flex-wrap items-center gap-2 text-sm text-ink-3 md:mt-1 md:text-base"
)

# Places where tasks lie, as rows for a finger
SHELF_HEAD = "relative z-1 flex min-h-11 items-center pl-1"
SHELF = "glass overflow-clip"
SHELF_ROW = (
    "flex items-center pr-2 not-first:border-t not-first:border-line-soft hover:bg-glass-hover"
)
SHELF_LINK = (
    "flex min-h-13 min-w-0 flex-1 items-center gap-3.5 pl-4 pr-2 text-touch font-medium text-ink"
    " focus-visible:-outline-offset-2"
)
MENU_ENTRY = (
    "flex min-h-12 md:min-h-9 w-full items-center gap-3 rounded-md px-3 text-left font-medium text-ink"
    " hover:bg-glass-hover focus-visible:-outline-offset-2"
)
CHOICE_TILES = {
    "color": "grid grid-cols-[repeat(4,max-content)] gap-1 max-2xs:flex max-2xs:flex-wrap md:flex",
    "icon": "flex flex-wrap gap-1",
}
CHOICE_TILE = (
    "relative grid size-11 md:size-9 cursor-pointer place-items-center rounded-md border border-transparent text-ink-2"
    " hover:bg-glass-hover has-checked:border-field-line has-checked:bg-glass-hover"
    " has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
)

# Metrics: the box is 104 px high, 52 on touch, and so is its skeleton's
METRICS = (
    "metrics mb-3 grid grid-cols-2 max-2xs:grid-cols-1 gap-2 md:mb-5 md:grid-cols-4 md:gap-3"
    " xl:grid-cols-[repeat(4,minmax(0,1fr))_minmax(0,1.9fr)]"
)
METRIC = (
    "flex h-13 items-center justify-between gap-x-2 px-3 xs:px-3.5"
    " max-md:has-data-[long=true]:flex-col max-md:has-data-[long=true]:items-start"
    " max-md:has-data-[long=true]:justify-center"
    " md:grid md:h-26 md:content-start md:justify-stretch md:gap-1 md:px-4 md:pt-3.25 md:pb-3.5"
)
METRIC_LABEL = (
    "min-w-0 truncate text-sm xs:text-base font-medium text-ink-2 md:text-sm md:text-ink-3"
)
METRIC_FIGURE = (
    "text-[1.375rem] leading-8 md:text-figure font-semibold tracking-[-.025em] data-[long=true]:text-md"
    " max-md:data-[long=true]:leading-5 md:data-[long=true]:text-dialog"
)
METRIC_NOTE = "pointer-events-none absolute inset-x-4.25 bottom-3.75 hidden truncate text-xs text-ink-3 md:block"
PRIORITIES = (
    "glass col-span-2 max-2xs:col-span-1 grid min-h-16 grid-cols-[minmax(0,1fr)] content-center gap-3 px-3.5 py-3"
    " md:col-span-4 md:min-h-22 md:content-between md:gap-2 md:px-4 md:pt-3.25 md:pb-3.5 xl:col-span-1 xl:min-h-26"
)
PRIORITY_BAR = "flex h-2 gap-0.75 rounded-[3px] not-has-[>*]:bg-line-soft forced-colors:*:border"
LEGEND = "-order-1 flex flex-wrap justify-between gap-1.5 text-sm leading-4 md:order-none md:gap-x-3 md:gap-y-0.5"
LEGEND_LINK = (
    "-my-3.5 inline-flex items-center gap-1.25 xs:gap-1.75 rounded-sm py-3.5 md:-my-1 md:py-1 text-ink-3"
    " hover:text-ink"
)

# Quick add and the toolbar
QUICK_ADD = (
    "no-print group relative focus-within:z-2 glass field-edge mb-3 flex h-12 items-center gap-2.75 pr-1.5 pl-3.75"
    " md:mb-5 border-field-line"
)
LINE = "line relative h-full min-w-0 flex-1"
_LINE_PANEL = "absolute -inset-x-2 top-[calc(100%+4px)] z-2 rounded-md border border-line bg-solid p-2 shadow-raised"
_WORDS_CHIP = (
    "inline-flex min-h-11 md:min-h-8 max-md:whitespace-nowrap md:max-w-full items-center gap-1.5 rounded-sm border"
    " px-2.5 text-left text-sm font-medium"
    " hover:bg-glass-hover hover:text-ink"
)
LINE_IN_WORDS = {
    "under": "pointer-events-none absolute inset-0 flex items-center overflow-hidden whitespace-pre text-md"
    " md:text-base text-transparent",
    "mark": "rounded-[3px] bg-accent/15 text-transparent underline decoration-accent decoration-[1.5px]"
    " underline-offset-4",
    "panel": f"{_LINE_PANEL} hidden gap-1.5 group-focus-within:grid",
    "chips": "flex gap-1.5 max-md:overflow-x-auto max-md:[scrollbar-width:none] max-md:*:flex-none md:flex-wrap",
    "pasted": f"{_LINE_PANEL} flex flex-wrap items-center gap-1.5",
    "note": "flex-1 px-1.5 text-sm text-ink-2",
    "lines": "grid w-full gap-px px-1.5 text-sm",
    "one_line": "truncate leading-7 md:leading-6 data-[part=true]:pl-5",
    "foot": "flex items-center gap-2",
    "to": "ml-auto min-w-0 truncate text-sm text-ink-3",
    "chip": f"{_WORDS_CHIP} border-line bg-glass text-ink",
    "cross": "text-ink-3",
    "kept": f"{_WORDS_CHIP} border-dashed border-field-line text-ink-2",
    "list": "w-full md:max-w-73",
    "option": "flex min-h-11 md:min-h-9 cursor-pointer items-center rounded-md px-3 text-ink hover:bg-glass-hover"
    " aria-selected:bg-glass-hover aria-selected:font-medium [overflow-wrap:anywhere]",
    "quiet": BUTTON_SMALL,
    "button": BUTTON_PRIMARY_SMALL,
}
TOOLBAR = "no-print relative z-1 mb-1 flex flex-wrap items-center gap-2 md:mb-2"
FILTERS = (
    f"{SEGMENTS} min-w-0 flex-1 overflow-x-auto [scrollbar-width:none] *:flex-[1_0_auto] md:flex-none md:*:flex-none"
    " max-xs:pr-5 max-xs:[mask-image:linear-gradient(90deg,#000_calc(100%-28px),transparent)]"
)
SEARCH = (
    f"{FIELD} order-first w-full md:order-none md:ml-auto md:w-42 lg:w-56"
    " max-md:not-focus-within:not-has-[input:not(:placeholder-shown)]:sr-only"
)
SEARCH_INPUT = f"peer {FIELD_INPUT}"
SEARCH_KEY = "contents peer-not-placeholder-shown:hidden"
SEARCH_CLEAR = f"-mr-2.75 md:-mr-2.25 peer-placeholder-shown:hidden focus-visible:-outline-offset-2 {BUTTON_ICON}"
SORT = (
    "relative grid size-12 flex-none grid-flow-col place-items-center rounded-md border border-line bg-glass"
    " font-medium"
    " text-ink-2 hover:bg-glass-hover md:h-(--control) md:w-auto md:justify-start md:gap-2 md:pl-3 md:text-ink"
    " has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
)
SORT_SELECT = (
    "max-md:absolute max-md:inset-0 max-md:opacity-0 field-sizing-content h-full appearance-none"
    " bg-transparent pr-3.5 text-md md:text-base"
    " outline-none"
)
FILTER_COUNT = "hidden min-w-[2ch] text-xs text-ink-3 lg:inline-block"
SEARCH_HINT = "mt-1 px-1 text-sm text-ink-3"
NARROWING = (
    "inline-flex h-11 md:h-8 items-center gap-1.5 rounded-sm border border-line bg-glass px-2.5 text-sm font-medium"
    " text-ink hover:bg-glass-hover"
)

# The list: a head brings its own room along, for a finger
GROUP = "mt-1 md:mt-5"
GROUP_HEADLESS = "mt-5"
GROUP_HEAD = "relative z-1 flex min-h-11 md:min-h-6.5 items-center gap-2 px-1 pb-1 md:pb-2 text-sm w-fit rounded-md"
FOUND = f"{GROUP} {GROUP_HEAD} font-medium text-ink-2"
ROWS = "rows glass overflow-clip"
ROW_TEXT = "row-text md:relative min-w-0 pt-3 md:py-2.25 md:pr-3"
ROW_TITLE = (
    "row-title block w-fit max-w-full text-left text-touch md:text-base font-medium text-ink"
    " max-md:line-clamp-2 max-2xs:line-clamp-4 md:truncate"
)
ROW_LINE = "flex min-w-0 items-center gap-3"
ROW_PREVIEW = (
    "row-preview truncate shrink-[1000] text-left text-sm text-ink-3"
    " [&_a]:underline [&_a]:decoration-field-line [&_a]:underline-offset-3 [&_a]:hover:text-ink"
)
ROW_LABELS = "inline-flex min-w-0 max-w-[50%] flex-none gap-2 text-sm text-ink-3"
LABELS_OF_ROW = {"label": "min-w-0 truncate", "sign": "at"}
ROW_LIST = "inline-flex min-w-0 max-w-[60%] flex-none items-center gap-1.5 text-sm text-ink-3"
ROW_REPEAT = "inline-flex min-w-0 items-center gap-1.25 text-sm text-ink-3"
ROW_DESCRIBED = "row-described flex-none text-ink-3"
ROW_NOTE = (
    "row-note relative z-1 mt-0.75 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm leading-5"
)
ROW_PROBLEM = "inline-flex items-baseline gap-1.5 text-danger [overflow-wrap:anywhere] [&>.icon]:translate-y-0.5"
ROW_CHANGED = "inline-flex items-baseline gap-1.5 text-info [overflow-wrap:anywhere] [&>.icon]:translate-y-0.5"
ROW_EDITOR = "row-editor grid min-w-0 gap-2 md:pt-1"
ROW_EDITOR_FOOT = "flex flex-wrap items-center gap-2"
ROW_EDITOR_FIELD = (
    "h-11 flex-1 rounded-md border border-field-line bg-field px-2.25 text-md text-ink"
    " focus-visible:-outline-offset-1 focus-visible:border-transparent md:h-8 md:flex-none md:text-sm"
)
ROW_EDITOR_MOMENT = "min-w-37 md:min-w-0"
ROW_EDITOR_END = "flex items-center gap-2 max-md:w-full max-md:*:flex-1 md:ml-auto"
TRASHED = (
    "relative grid grid-cols-[3rem_minmax(0,1fr)_auto] items-center"
    " pr-2 not-first:border-t not-first:border-line-soft min-h-(--row)"
    " max-2xs:grid-cols-[2rem_minmax(0,1fr)] max-2xs:*:last:col-start-2"
)
TRASHED_TITLE = (
    "max-md:line-clamp-2 md:truncate text-left font-medium text-ink [overflow-wrap:anywhere]"
    " [[aria-busy=true]_&]:font-normal [[aria-busy=true]_&]:text-ink-2"
)
PRIORITY = "inline-flex items-center gap-1.75 text-sm whitespace-nowrap text-ink-2 data-[priority=Low]:text-ink-3"
DUE_PLACE = "flex justify-end"
DUE = (
    "inline-flex h-6 items-center gap-1.5 text-xs font-medium whitespace-nowrap"
    " text-ink-2 data-[kind=today]:text-ink data-[kind=overdue]:text-danger"
    " data-[kind=none]:font-normal data-[kind=none]:text-ink-3"
)

# Dialog
DIALOG = "raised"
DIALOG_WIDE = "raised md:w-[min(41.25rem,100vw-32px)]!"
DIALOG_GRAB = "mx-auto mt-2 h-1 w-9 rounded-full bg-field-line md:hidden"
DIALOG_HEAD = "flex min-h-12 items-center pt-1 pr-14 pl-4 xs:pl-5 md:pt-3.5 md:pl-6"
TASK_HEAD = "flex min-h-12 items-center gap-2 pt-1 pr-33 pl-4 text-sm text-ink-3 xs:pl-5 md:pt-3.5 md:pr-53 md:pl-6"
TASK_PATH = "flex min-w-0 items-center gap-1"
TASK_SAVING = "task-saving flex-none text-xs"
TASK_PLACE = (
    "truncate rounded-sm max-md:min-w-11 leading-11 md:pointer-fine:leading-8 hover:text-ink hover:underline"
    " underline-offset-3"
)
DIALOG_CLOSE = f"absolute top-4 right-2 md:top-3.5 md:right-3 {BUTTON_ICON}"
DIALOG_TOOL = f"absolute top-4 md:top-3.5 {BUTTON_ICON}"
DIALOG_TURN = f"absolute max-md:hidden! md:top-3.5 disabled:opacity-40 disabled:hover:bg-transparent {BUTTON_ICON}"
DIALOG_BODY = "grid grid-cols-[minmax(0,1fr)] gap-3.5 px-4 pt-1.5 pb-4.5 xs:px-5 md:gap-4 md:px-6 md:pt-3.5 md:pb-5.5"
DIALOG_FOOT = (
    "sticky bottom-0 flex items-center gap-2 border-t border-line-soft bg-solid px-4 py-3 xs:px-5 md:px-6"
    " md:py-3.5 max-2xs:static max-2xs:flex-wrap"
)
SHORTCUTS = "grid gap-6 px-4 pt-1.5 pb-6 xs:px-5 md:grid-cols-2 md:gap-8 md:px-6 md:pt-3.5"
SHORTCUT = "flex min-h-9 items-center justify-between gap-3 border-line-soft not-first:border-t text-sm text-ink-2"
FORM_DIALOG = "raised md:w-[min(27.5rem,100vw-32px)]!"
FORM_BODY = "grid gap-3.5 px-4 pt-5 pb-4.5 xs:px-5 md:px-6 md:pt-5.5 md:pb-5.5"
QUESTION = "raised md:max-w-105"
QUESTION_BODY = "grid gap-2 px-4 pt-5 pb-4.5 xs:px-5 md:px-6 md:pt-5.5 md:pb-5.5"
QUESTION_TEXT = "text-ink-2 [overflow-wrap:anywhere]"
PAIR = "mb-2 grid grid-cols-2 max-2xs:grid-cols-1 gap-2"
FACTS = "grid grid-cols-[minmax(0,1fr)] gap-1"
FACT = (
    "fact grid grid-cols-[7rem_minmax(0,1fr)] items-start gap-x-2 max-2xs:grid-cols-[minmax(0,1fr)]"
    " [&>:nth-child(n+3)]:col-span-full"
)
"""A line of what is said of a task: its label, what holds it, and what else there is to say below."""
FACT_LABEL = "flex min-h-11 md:min-h-(--control) items-center gap-3 text-sm text-ink-3"
FACT_BUTTON = (
    "flex min-h-11 md:min-h-(--control) w-full items-center gap-2 rounded-md px-3 py-1 text-left font-medium text-ink"
    " [overflow-wrap:anywhere] hover:bg-glass-hover aria-expanded:bg-glass-hover disabled:hover:bg-transparent"
)
"""A field that another panel is for."""
REPEAT_FIELD = {
    "fact": FACT,
    "label": FACT_LABEL,
    "button": FACT_BUTTON,
    "panel": "mt-1 grid grid-cols-[minmax(0,1fr)] gap-2.5 rounded-md border border-line bg-glass-sunk p-3",
    "line": "flex flex-wrap items-center gap-2 text-sm text-ink-2",
    "number": f"{INPUT} w-19! max-w-full",
    "select": f"{INPUT} w-auto! max-w-full",
    "check": "inline-flex min-h-11 md:min-h-9 cursor-pointer items-center gap-2",
    "days": "flex flex-wrap gap-1",
    "day": f"{CHIP} size-11 md:size-9! px-0!",
    "preview": "text-sm leading-5 text-ink-2 [&_b]:font-semibold [&_b]:text-ink",
    "action": BUTTON_SMALL,
    "error": FIELD_ERROR,
}
DATE_PICKER = {
    "popover": "when raised no-print",
    "days": "grid grid-cols-2 gap-1",
    "near": "flex flex-wrap min-w-0 min-h-11 md:min-h-8.5 items-center justify-between gap-2 rounded-md px-2.5"
    " text-left font-medium text-ink hover:bg-glass-hover aria-pressed:bg-glass-hover",
    "note": "text-xs font-normal text-ink-3",
    "head": "mt-2 flex items-center gap-1 pl-2.5",
    "title": "flex-1 text-sm font-semibold text-ink",
    "turn": f"{BUTTON_ICON} text-lg",
    "month": "month",
    "weekday": "h-8 text-xs font-normal text-ink-3",
    "day": "cell",
    "time": "mt-2 flex items-center justify-between gap-3 pl-2.5 text-sm text-ink-2",
    "field": f"{INPUT} w-40!",
    "foot": "mt-3 flex justify-between border-t border-line-soft pt-3",
    "quiet": BUTTON_GHOST_SMALL,
    "done": BUTTON_PRIMARY_SMALL,
}

SUBTASKS = "px-4 pb-4.5 xs:px-5 md:px-6"
SUBTASKS_HEAD = "flex min-h-9 items-center gap-2.5 text-sm"
ACTIVITY_HEAD = "flex min-h-11 md:min-h-9 items-center gap-2.5 text-sm"
STEP_MENU = f"step-menu {BUTTON_ICON}"
PARENT = (
    "inline-flex min-h-11 md:min-h-8 max-w-full items-center gap-2 rounded-md text-sm text-ink-2"
    " hover:text-ink hover:underline underline-offset-3"
)

# Messages
_BANNER = (
    "flex min-h-13 flex-wrap items-center gap-3 [&>.icon]:text-ink-3"
    " data-[tone=danger]:border-danger-line data-[tone=danger]:[&>.icon]:text-danger"
    " data-[tone=info]:border-info-line data-[tone=info]:[&>.icon]:text-info"
)
BANNER = f"glass mb-4 py-2.5 pr-2.5 pl-4 {_BANNER}"
BANNER_OVER = f"cut raised rounded-xl px-3.5 py-2 max-md:min-h-16 max-md:text-sm md:max-w-100 md:px-4 {_BANNER}"
BANNER_DOCK = (
    "no-print sticky top-[max(8px,env(safe-area-inset-top))] z-40 -mt-2 mb-2 h-0"
    " flex items-start md:top-3 md:my-0 md:justify-end md:pr-40"
)
BANNER_TEXT = "min-w-0 flex-1 basis-52 [&_b]:font-semibold [&_b]:text-ink"
TOAST_DOCK = (
    "no-print pointer-events-none fixed inset-x-0 z-60 grid justify-items-center gap-2 px-4"
    " bottom-[calc(4.75rem+env(safe-area-inset-bottom))] md:bottom-6"
    " max-2xs:bottom-[calc(8.25rem+env(safe-area-inset-bottom))]"
)
TOAST_OVER_PAGE = (
    "no-print sticky bottom-20 z-2 flex h-0 items-end justify-center px-3 max-2xs:static"
)
TOAST = (
    "toast raised pointer-events-auto relative flex min-h-12 w-fit max-w-110 items-center gap-3 overflow-hidden"
    " max-2xs:flex-wrap"
    " rounded-xl py-2 pr-2 pl-4 text-ink"
)
TOAST_LIFE = "life absolute bottom-0 left-0 h-0.5 w-full bg-ink-3 opacity-50"
WARNING = (
    "no-print raised fixed inset-x-4 top-4 z-60 mx-auto w-fit rounded-xl border-danger-line px-4 py-3 text-ink"
    " empty:hidden"
)
NOTE = (
    "flex gap-2.5 rounded-md border border-line bg-glass-sunk px-3.25 py-2.75 text-sm leading-[1.2rem] text-ink-2"
    " [&_b]:font-semibold [&_b]:text-ink [&>.icon]:mt-0.5 [&>.icon]:text-accent-ink"
    "  data-[tone=danger]:border-danger-line data-[tone=danger]:bg-danger-wash"
    " data-[tone=danger]:[&>.icon]:text-danger"
    " data-[tone=info]:border-info-line data-[tone=info]:[&>.icon]:text-info"
)
EMPTY = "glass mt-5 grid grid-cols-[minmax(0,1fr)] justify-items-center px-6 max-2xs:px-3 pt-11 pb-12 text-center"
EMPTY_TITLE = "font-title font-medium text-dialog text-ink"
EMPTY_TEXT = "mt-1.5 mb-5 max-w-[40ch] text-balance text-ink-3"

# Sign in and sign up
AUTH = (
    "auth relative grid min-h-dvh grid-cols-[minmax(0,25.5rem)] place-items-start justify-center overflow-clip px-4"
    " py-10 max-2xs:px-2 md:place-items-center md:py-8"
)
AUTH_COLUMN = "w-full"
AUTH_BRAND = (
    "relative z-1 mb-6 flex items-center justify-center gap-2.5 text-md font-semibold tracking-[-.015em]"
    " text-ink"
)
AUTH_CARD = "glass grid gap-5 px-5 max-2xs:px-3 py-6 shadow-raised md:p-8"
AUTH_FORM = "grid gap-3.5"
AUTH_FOOT = "auth-foot relative z-1 mt-5 text-center text-ink-3"
REVEAL = "absolute top-1.25 right-1.25 grid size-11 place-items-center rounded-md text-ink-3 hover:text-ink"
SIGN_UP_RULE = "min-h-9 text-sm leading-4.5 text-ink-3"
"""Two lines, so that nothing moves when the server says who may sign up."""
RULE = "rule mt-2 flex items-start gap-1.75 text-sm leading-4.5 text-ink-3 [&>.icon]:mt-0.5"
STRENGTH = (
    "strength mt-2 grid grid-cols-4 gap-1 *:h-1 *:rounded-[2px] *:bg-line forced-colors:*:border"
)

# Settings
SETTINGS = "grid grid-cols-1 items-start gap-10 xl:grid-cols-[10.5rem_minmax(0,1fr)]"
SETTINGS_NAV = "sticky top-8 hidden gap-0.5 xl:grid"
SETTINGS_NAV_LINK = (
    "-ml-2.75 flex min-h-8.5 items-center rounded-md px-2.75 font-medium text-ink-3 transition-colors"
    " hover:bg-glass-hover hover:text-ink"
)
SETTINGS_SECTIONS = "grid min-w-0 max-w-190 grid-cols-1 gap-9"
SETTINGS_HEAD = "relative z-1 mb-3 flex flex-wrap items-end gap-3"
SETTINGS_HEADING = f"scroll-mt-8 {SECTION_TITLE}"
SETTING = (
    "flex min-h-16 flex-wrap items-center gap-x-4 gap-y-3 px-3.5 py-3.5 md:px-4.5"
    " not-first:border-t not-first:border-line-soft"
)
SETTING_LINE = (
    "flex min-h-11 flex-wrap items-center justify-between gap-x-4 px-3.5 py-2 md:px-4.5"
    " not-first:border-t not-first:border-line-soft"
)
SETTING_NAME = "block font-medium text-ink"
SETTING_TITLE = "flex flex-wrap items-center gap-x-1.5 gap-y-0.5 font-medium text-ink"
SETTING_TEXT = "min-w-40 flex-1 [overflow-wrap:anywhere]"
SETTING_CONTROL = "w-full md:w-66"
SELECT_ARROW = "pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-3"
SETTING_SELECT = f"appearance-none truncate pr-9 {INPUT}"

TAG = (
    "inline-flex h-5 items-center rounded-sm border border-line px-1.75 text-[.71875rem] font-medium"
    " whitespace-nowrap text-ink-2"
)
SHOWN_ONCE = (
    "flex flex-wrap items-center gap-2 rounded-t-[11px] border-b border-line-soft bg-ok-wash px-3.5 py-3.5"
    " md:px-4.5"
)
SHOWN_ONCE_CODE = (
    "min-w-50 flex-1 font-mono text-sm font-medium text-ink [overflow-wrap:anywhere] select-all"
)
PANEL_DANGER = f"{PANEL} border-danger-line"
