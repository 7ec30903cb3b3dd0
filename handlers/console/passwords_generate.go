//go:build ignore

// Command passwords_generate makes passwords/list.bin of a file of passwords, a line each, the most
// frequent first: the first 100,000, and those after them that have 12 characters and
// more. The list is sorted 32-bit beginnings of the SHA-256 of each, in small letters.
//
//	go run passwords_generate.go 10_million_password_list_top_1M.txt
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"log"
	"os"
	"slices"
	"strings"
)

const (
	first = 100_000
	long  = 12
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var marks []uint32
	lines := bufio.NewScanner(file)
	for n := 0; lines.Scan(); n++ {
		if password := lines.Text(); n < first || len(password) >= long {
			sum := sha256.Sum256([]byte(strings.ToLower(password)))
			marks = append(marks, binary.BigEndian.Uint32(sum[:]))
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	slices.Sort(marks)
	var list []byte
	for _, m := range slices.Compact(marks) {
		list = binary.BigEndian.AppendUint32(list, m)
	}
	if err := os.WriteFile("passwords/list.bin", list, 0o644); err != nil {
		log.Fatal(err)
	}
}
