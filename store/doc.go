// Package store keeps everything that outlives a call: lines, groups, flow
// versions and counts in Postgres, and the directory that menus are read from
// in memory, with a sealed copy on disk.
//
// It is the only package with SQL. Telephone numbers reach Postgres only as
// keyed indexes and ciphertext (package vault). Every write happens in an
// explicit transaction, because lib/pq may silently run a bare statement twice
// when a connection closes under it (lib/pq issue 939).
package store
