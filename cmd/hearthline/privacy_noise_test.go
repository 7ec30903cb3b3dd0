package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// tinkPrefix begins what is sealed under a key of the keyset: a version, and the
// id of the key.
const tinkPrefix = 5

// noise returns the columns of bytes that do not look like noise, of the tables
// that hold members: in each place of a column, and in all of it, every byte has
// to come as often as any other. A value that was stored in clear, encoded or as
// an integer does not.
func (w *watch) noise(tables ...string) []string {
	w.t.Helper()
	var all []string
	for _, table := range tables {
		schema, name, ok := strings.Cut(table, ".")
		if !ok {
			schema, name = "public", table
		}
		for _, column := range w.column(w.open(), fmt.Sprintf(`SELECT column_name FROM information_schema.columns
			WHERE table_schema = '%s' AND table_name = '%s' AND data_type = 'bytea'`, schema, name)) {
			if fault := uneven(w.byteColumn(table, column)); fault != "" {
				all = append(all, table+"."+column+" "+fault)
			}
		}
	}
	return all
}

func (w *watch) byteColumn(table, column string) [][]byte {
	w.t.Helper()
	rows, err := w.open().QueryContext(w.t.Context(), `SELECT `+column+` FROM `+table)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all [][]byte
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, b)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// uneven says in what some values differ from noise, "" if in nothing.
func uneven(values [][]byte) string {
	if len(values) == 0 {
		return "is empty"
	}
	length := len(values[0])
	var whole [256]int
	places := make([][256]int, length)
	for _, v := range values {
		if len(v) != length {
			return "has values of several lengths"
		}
	}
	skip := 0
	if length > tinkPrefix && samePrefix(values) {
		skip = tinkPrefix
	}
	for _, v := range values {
		for i, b := range v[skip:] {
			whole[b]++
			places[i][b]++
		}
	}
	if x := chiSquare(whole, len(values)*(length-skip)); x > limit(1) {
		return fmt.Sprintf("is uneven: χ² is %.0f", x)
	}
	for i := range length - skip {
		if x := chiSquare(places[i], len(values)); x > limit(length) {
			return fmt.Sprintf("is uneven at byte %d: χ² is %.0f", skip+i, x)
		}
	}
	return ""
}

// samePrefix says whether all values were sealed under one key of a keyset.
func samePrefix(values [][]byte) bool {
	for _, v := range values {
		if v[0] != 1 || !bytes.Equal(v[:tinkPrefix], values[0][:tinkPrefix]) {
			return false
		}
	}
	return true
}

// chiSquare of how often each byte comes; 255 on average for noise.
func chiSquare(count [256]int, total int) float64 {
	expected, sum := float64(total)/256, 0.0
	for _, n := range count {
		sum += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	return sum
}

// limit is what the χ² of noise exceeds once in ten million tests, or less often
// where there are several: by the transformation of Wilson and Hilferty.
func limit(tests int) float64 {
	const freedom = 255
	z := math.Sqrt2 * math.Erfinv(1-2*1e-7/float64(tests))
	part := 2.0 / (9 * freedom)
	return freedom * math.Pow(1-part+z*math.Sqrt(part), 3)
}
