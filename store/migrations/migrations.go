// Package migrations holds the schema's history as plain SQL, applied in the
// order of the files' numbers by goose. Forward only: a file that has shipped
// is never edited, and none has a way down.
package migrations

import "embed"

// Files holds every migration, "0001_lines.sql" and on.
//
//go:embed *.sql
var Files embed.FS
