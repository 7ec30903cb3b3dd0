package studio

import (
	"os"
	"path/filepath"

	"github.com/hearthline/hearthline/store"
)

// ofFolder is where the index has the recordings of the flow's folder, beside those of
// lines.
const ofFolder = ""

// Folder gathers the recordings of a flow's folder, which callers hear without anybody's
// approval: who may write there says what the line says.
type Folder struct {
	to     *Library
	sounds map[string]string
}

// NewFolder returns one that has nothing, and that nobody hears until SetFolder.
func (l *Library) NewFolder() *Folder { return &Folder{l, map[string]string{}} }

// Take takes a recording in, as [Master] made it.
func (f *Folder) Take(r store.Recording, wav []byte) error {
	hash := store.SoundHash(wav)
	path := filepath.Join(f.to.Dir, hash)
	if _, err := os.Stat(path); err != nil {
		if err := writeFile(path, wav); err != nil {
			return err
		}
	}
	f.sounds[words(r.Lang, r.TextHash)] = hash
	return nil
}

// SetFolder has callers hear what f has where a line has approved nothing for the same
// words, in place of what another folder had. f must not be changed any more.
func (l *Library) SetFolder(f *Folder) { l.folder.Store(&f.sounds) }
