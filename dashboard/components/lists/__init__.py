"""Lists on the screen: their marks, the sidebar, their menu and dialogs, and the way of a task to another one."""
