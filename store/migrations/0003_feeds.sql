-- +goose Up

-- A group may be a row of a meeting list that somebody else keeps: feed is the
-- list's name on this line, slug the row's own key in it. Groups of the line's
-- own have neither.
ALTER TABLE groups
    ADD COLUMN feed         text CHECK (feed ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ADD COLUMN slug         text CHECK (slug <> ''),
    -- the stage of a group from before its row vanished from the feed, which
    -- paused it; null while the row is there
    ADD COLUMN stage_before text CHECK (stage_before IN ('forming', 'open', 'adjourning')),
    ADD CHECK ((feed IS NULL) = (slug IS NULL)),
    ADD CHECK (stage_before IS NULL OR feed IS NOT NULL),
    ADD UNIQUE (line_id, feed, slug);
