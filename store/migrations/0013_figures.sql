-- +goose Up

-- How many sessions a group held in a week, and how many came to them: counted at a
-- session's end, in its own transaction, which must not wait for anybody who changes
-- the group. So nothing here refers to it, and what was counted of a group that is
-- gone stays: without it the sums would tell.
CREATE TABLE attendance (
    line_id  uuid    NOT NULL,
    group_id uuid    NOT NULL, -- one that may be gone by now
    week     date    NOT NULL CHECK (extract(isodow FROM week) = 1), -- of the line's calendar
    sessions integer NOT NULL CHECK (sessions > 0),
    came     integer NOT NULL CHECK (came >= sessions),
    PRIMARY KEY (line_id, group_id, week)
);

CREATE INDEX attendance_week ON attendance (line_id, week);

-- The last session that a group held, for its own staff.
CREATE TABLE last_session (
    line_id  uuid    NOT NULL,
    group_id uuid    NOT NULL, -- one that may be gone by now
    date     date    NOT NULL, -- of the line's calendar
    came     integer NOT NULL CHECK (came > 0),
    PRIMARY KEY (line_id, group_id)
);

-- How often a question of the menus was put to callers in a week, and how often they
-- were still there after it. The program knows the questions that are counted.
CREATE TABLE stop (
    line_id uuid   NOT NULL REFERENCES line,
    week    date   NOT NULL CHECK (extract(isodow FROM week) = 1), -- in UTC
    node    text   NOT NULL CHECK (node IN (
        'main', 'language', 'code', 'now', 'nothing_now', 'soon', 'find', 'topic', 'day', 'speaks', 'results',
        'other_language', 'rules', 'full', 'late', 'no_host', 'closed', 'dates')),
    asked   bigint NOT NULL CHECK (asked >= 0),
    stayed  bigint NOT NULL CHECK (stayed >= 0),
    PRIMARY KEY (line_id, week, node)
);
