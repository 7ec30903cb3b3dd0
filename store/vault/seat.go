package vault

// Seat is by what a number is known again in the session of one room, and in no
// other: 16 bytes. It changes when the label key does, which is never rotated, so
// that whoever was told to stay out of a session does until its end. The zero Number
// has none: nil.
func (k *Keyring) Seat(room string, n Number) []byte {
	if n.IsZero() {
		return nil
	}
	return k.keys().labels[0].derive(labelLength, frame("seat", room, n.clear()))
}
