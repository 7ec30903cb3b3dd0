-- +goose Up

-- Whether a version was never kept for anything but to be a draft. One that the next draft
-- replaces goes at once if nobody tests drafts.
ALTER TABLE flow_version ADD COLUMN draft_only boolean NOT NULL DEFAULT false;
