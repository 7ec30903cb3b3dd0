package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Bundle is the text of a flow's files by slash-separated path: "main.yaml",
// "prompts/en.yaml". It is what a version of a flow is kept as.
type Bundle map[string]string

// ReadBundle reads the flow files of a folder: main.yaml and prompts/*.yaml. An error names
// a file that is called otherwise in its place.
func ReadBundle(dir fs.FS) (Bundle, error) {
	b := Bundle{}
	for _, pattern := range []string{"main.yml", "prompts/*.yml"} {
		named, _ := fs.Glob(dir, pattern) // the pattern is right
		for _, name := range named {
			called := strings.TrimSuffix(name, ".yml") + ".yaml"
			if _, err := fs.Stat(dir, called); err != nil {
				return nil, fmt.Errorf("read flow: %s is not read; call it %s", name, called)
			}
		}
	}
	names, err := fs.Glob(dir, "prompts/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("read flow: %w", err)
	}
	for _, name := range append(names, mainFile) {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read flow: %w", err)
		}
		b[name] = string(text)
	}
	return b, nil
}

// Encode gives the bytes that a bundle is kept as: the same files, the same
// bytes.
func (b Bundle) Encode() []byte {
	text, _ := json.Marshal(b) // sorts the keys; a map of strings cannot fail
	return text
}

// DecodeBundle reads what Encode wrote.
func DecodeBundle(text []byte) (Bundle, error) {
	var b Bundle
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, fmt.Errorf("read kept flow: %w", err)
	}
	return b, nil
}

// Hash names the bundle's content: SHA-256, hex.
func (b Bundle) Hash() string {
	sum := sha256.Sum256(b.Encode())
	return hex.EncodeToString(sum[:])
}

const mainFile = "main.yaml"

func catalogueFile(lang string) string { return "prompts/" + lang + ".yaml" }
