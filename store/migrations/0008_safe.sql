-- +goose Up

-- When a member was last there, and until when it is taken to be safe to reach
-- them, are in their sealed profile from now on. In clear they told who is in one
-- group: those come together. What was here cannot be sealed by Postgres, and goes:
-- the first night takes everybody to have been seen then, and spreads the days over
-- 13 weeks. On disk the values stay until that night writes the table anew.
ALTER TABLE member
    DROP COLUMN safe_until,
    DROP COLUMN seen_month;
