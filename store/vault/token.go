package vault

import "encoding/base64"

// tokens travel in URLs: no padding, and one spelling only for each token.
var tokenText = base64.RawURLEncoding.Strict()

// SealToken encrypts plain with AES-SIV, padded to a multiple of 64 bytes, into
// text that is safe in a URL. It is deterministic: the same arguments give the
// same token for as long as the primary key is the same, which is what makes a
// repeated webhook get the same answer; it follows that equal tokens tell that
// their contents are equal. A token opens only for the same purpose and with the
// same bound value, such as the call's SID.
func (k *Keyring) SealToken(purpose string, plain, bound []byte) string {
	sealed, err := k.keys().tokens.EncryptDeterministically(pad(plain), boundTo(purpose, bound))
	if err != nil {
		// AES-SIV fails only for a plaintext near the size of the address space.
		// No token at all opens nothing, which is the safe side.
		return ""
	}
	return tokenText.EncodeToString(sealed)
}

// OpenToken returns what [Keyring.SealToken] sealed for the same purpose and
// bound value with any key of the keyset, or [ErrNotOpened].
func (k *Keyring) OpenToken(purpose, token string, bound []byte) ([]byte, error) {
	sealed := make([]byte, tokenText.DecodedLen(len(token)))
	n, err := tokenText.Decode(sealed, []byte(token))
	// The decoder skips line breaks, which would be a second spelling of a token.
	if err != nil || n != len(sealed) {
		return nil, ErrNotOpened
	}
	padded, err := k.keys().tokens.DecryptDeterministically(sealed, boundTo(purpose, bound))
	if err != nil {
		return nil, ErrNotOpened
	}
	return unpad(padded)
}

// boundTo is what a token is bound to. A call's SID goes in without a copy:
// tokens are made and opened at every turn.
func boundTo(purpose string, bound []byte) []byte {
	return appendFramed(frame("token", purpose), bound)
}
