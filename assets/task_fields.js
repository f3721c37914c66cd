// Made by bin/fields from dashboard/models/task_fields.py.

/** A row in which all is as usual: the server leaves that out. */
export const BLANK = {
  "title": "",
  "description": "",
  "has_more": false,
  "priority": "Medium",
  "is_completed": false,
  "completed_at": 0,
  "due_date": "",
  "due_time": "",
  "created_at": 0,
  "updated_at": 0,
  "version": 0,
  "list_id": "",
  "section_id": "",
  "parent_id": "",
  "position": "",
  "subtasks": "",
  "repeat": "",
  "labels": "",
  "deleted_at": 0
};

/** The fields that people write in; an optional one is null when it is empty. */
export const WRITTEN = {
  "title": {
    "label": "Title",
    "isOptional": false,
    "longest": 255
  },
  "description": {
    "label": "Description",
    "isOptional": false,
    "longest": 10000
  },
  "priority": {
    "label": "Priority",
    "isOptional": false
  },
  "due_date": {
    "label": "Due date",
    "isOptional": true
  },
  "due_time": {
    "label": "Time",
    "isOptional": true
  },
  "list_id": {
    "label": "List",
    "isOptional": false
  },
  "repeat": {
    "label": "Repeat",
    "isOptional": true
  },
  "labels": {
    "label": "Labels",
    "isOptional": false
  }
};

/** How priorities sort. */
export const RANK = {
  "Low": 1,
  "Medium": 2,
  "High": 3
};

/** The counts of the metric cards. */
export const NO_COUNTS = {
  "total": 0,
  "completed": 0,
  "pending": 0,
  "overdue": 0,
  "due_today": 0,
  "until_tonight": 0,
  "high_priority": 0,
  "medium_priority": 0,
  "low_priority": 0
};

/** The counts under the headings of the agenda. */
export const NO_GROUPS = {
  "overdue": 0,
  "today": 0,
  "upcoming": 0,
  "no_date": 0,
  "completed": 0
};
