package postgres

import (
	"crypto/sha256"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// salts are parameters of a statement that makes tokens as connectors.Tokens does, with the server's own sha256() and no extension:
// HMAC(key, x) is sha256(key ⊕ opad ‖ sha256(key ⊕ ipad ‖ x)).
type salts struct{ salt, keyIn, keyOut, markIn, markOut string }

// The pads of an HMAC.
const (
	inner = 0x36
	outer = 0x5c
)

// once gives the statement a parameter of bytes, once.
func (q *query) once(param *string, value []byte) string {
	if *param == "" {
		*param = q.Arg(value) + "::bytea"
	}
	return *param
}

// padded is an HMAC's key, filled up to a block of the hash and combined with the pad.
func padded(key []byte, pad byte) []byte {
	block := make([]byte, sha256.BlockSize)
	copy(block, key)
	for i := range block {
		block[i] ^= pad
	}
	return block
}

// mark writes what stands at the end of a token, from an expression for what stands before it.
func (q *query) mark(head string) string {
	in, out := q.once(&q.salts.markIn, padded(q.Tokens.Mark, inner)), q.once(&q.salts.markOut, padded(q.Tokens.Mark, outer))
	return fmt.Sprintf("left(encode(sha256(%s || sha256(%s || convert_to(%s, 'UTF8'))), 'hex'), %d)", out, in, head, erasure.TokenMark)
}

// token writes the token of a value, given as bytes. The value must not be null.
func (q *query) token(m erasure.Mask, value string) string {
	var sum string
	switch m.Treatment {
	case erasure.Hash:
		sum = fmt.Sprintf("sha256(%s || %s)", q.once(&q.salts.salt, q.Tokens.Salt), value)
	case erasure.KeyedHash:
		in, out := q.once(&q.salts.keyIn, padded(q.Tokens.Key, inner)), q.once(&q.salts.keyOut, padded(q.Tokens.Key, outer))
		sum = fmt.Sprintf("sha256(%s || sha256(%s || %s))", out, in, value)
	default:
		// Not to be made once for all rows, it has to depend on the row: on nothing but whether there is a value.
		sum = fmt.Sprintf("sha256(CASE WHEN %s IS NOT NULL THEN uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) END)", value)
	}
	name := q.alias()
	return fmt.Sprintf("(SELECT %s.h || %s || %s::text FROM (SELECT left(encode(%s, 'hex'), %d) AS h OFFSET 0) AS %s)",
		name, q.mark(name+".h"), q.Arg(m.Suffix), sum, connectors.TokenLength(m)-erasure.TokenMark, name)
}

// isToken writes the condition under which a text is a token of this erasure.
func (q *query) isToken(m erasure.Mask, text string) string {
	length := connectors.TokenLength(m)
	head := length - erasure.TokenMark
	cond := fmt.Sprintf("char_length(%s) = %d + char_length(%s::text)", text, length, q.Arg(m.Suffix))
	if m.Suffix != "" {
		suffix := q.Arg(m.Suffix)
		cond += fmt.Sprintf(" AND right(%s, char_length(%s::text)) = %s::text", text, suffix, suffix)
	}
	return fmt.Sprintf("(%s AND substr(%s, %d, %d) = %s)", cond, text, head+1, erasure.TokenMark, q.mark(fmt.Sprintf("left(%s, %d)", text, head)))
}

// alias names a subquery.
func (q *query) alias() string {
	q.names++
	return fmt.Sprintf("s%d", q.names)
}
