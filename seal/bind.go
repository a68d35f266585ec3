package seal

import "encoding/binary"

// bindingVersion separates our associated data from that of any other use of the same key, and from later layouts.
const bindingVersion = "docket/seal/v1"

// bind builds the associated data of one ciphertext. Each part is preceded by its length, so that no two different
// lists of parts give the same bytes.
func bind(parts ...string) []byte {
	out := make([]byte, 0, 128)
	out = appendPart(out, bindingVersion)
	for _, p := range parts {
		out = appendPart(out, p)
	}
	return out
}

func appendPart(out []byte, part string) []byte {
	out = binary.AppendUvarint(out, uint64(len(part)))
	return append(out, part...)
}
