package mysql

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// salts are parameters of a statement that makes tokens as connectors.Tokens does, with the server's own SHA2(): HMAC(key, x) is
// sha256(key ⊕ opad ‖ sha256(key ⊕ ipad ‖ x)).
type salts struct{ keyIn, keyOut, markIn, markOut, seed []byte }

// The pads of an HMAC.
const (
	inner = 0x36
	outer = 0x5c
)

// padded is an HMAC's key, filled up to a block of the hash and combined with the pad.
func padded(key []byte, pad byte) []byte {
	block := make([]byte, sha256.BlockSize)
	copy(block, key)
	for i := range block {
		block[i] ^= pad
	}
	return block
}

// hmac writes an HMAC of an expression of bytes, in hexadecimal.
func (q *query) hmac(in, out *[]byte, key []byte, of string) string {
	if *in == nil {
		*in, *out = padded(key, inner), padded(key, outer)
	}
	return fmt.Sprintf("SHA2(CONCAT(%s, UNHEX(SHA2(CONCAT(%s, %s), 256))), 256)", q.Arg(*out), q.Arg(*in), of)
}

// mark writes what stands at the end of a token, from an expression for what stands before it.
func (q *query) mark(head string) string {
	return fmt.Sprintf("LEFT(%s, %d)", q.hmac(&q.salts.markIn, &q.salts.markOut, q.Tokens.Mark, "CAST("+head+" AS BINARY)"), erasure.TokenMark)
}

// token writes the token of a value, given as bytes. The value must not be null. A random token comes of a seed that nobody keeps and of
// the row, so that every row has another.
func (q *query) token(m masked, value string) (string, error) {
	var sum string
	switch m.Treatment {
	case erasure.Hash:
		sum = fmt.Sprintf("SHA2(CONCAT(%s, %s), 256)", q.Arg(q.Tokens.Salt), value)
	case erasure.KeyedHash:
		sum = q.hmac(&q.salts.keyIn, &q.salts.keyOut, q.Tokens.Key, value)
	default:
		if q.salts.seed == nil {
			q.salts.seed = make([]byte, sha256.Size)
			if _, err := rand.Read(q.salts.seed); err != nil {
				return "", fmt.Errorf("make a random token: %w", err)
			}
		}
		sum = fmt.Sprintf("SHA2(CONCAT(%s, %s, %s), 256)", q.Arg(q.salts.seed), q.Arg(m.col.Name), version(m.Target, "t."))
	}
	head := fmt.Sprintf("LEFT(%s, %d)", sum, connectors.TokenLength(m.Mask)-erasure.TokenMark)
	return fmt.Sprintf("CONCAT(%s, %s, CONVERT(%s USING utf8mb4))", head, q.mark(head), q.Arg(m.Suffix)), nil
}

// isToken writes the condition under which a text, given as its bytes, is a token of this erasure.
func (q *query) isToken(m erasure.Mask, bytes string) string {
	length := connectors.TokenLength(m)
	head := length - erasure.TokenMark
	cond := fmt.Sprintf("OCTET_LENGTH(%s) = %d", bytes, length+len(m.Suffix))
	if m.Suffix != "" {
		cond += fmt.Sprintf(" AND RIGHT(%s, %d) = CAST(%s AS BINARY)", bytes, len(m.Suffix), q.Arg(m.Suffix))
	}
	return fmt.Sprintf("(%s AND SUBSTR(%s, %d, %d) = CAST(%s AS BINARY))", cond, bytes, head+1, erasure.TokenMark, q.mark(fmt.Sprintf("LEFT(%s, %d)", bytes, head)))
}

// version writes a hash over all that a row holds: a row that somebody has changed since is another version.
func version(t target, prefix string) string {
	list := ""
	for _, name := range t.Table.Order {
		col := column(t.Table.Columns[name])
		if !col.Readable {
			continue
		}
		list += ", COALESCE(SHA2(" + col.whole(prefix+relational.Quoted(name)) + ", 256), '')"
	}
	return "SHA2(CONCAT_WS('|'" + list + "), 256)"
}

// whole writes all of a value as text or bytes.
func (c column) whole(expr string) string {
	if c.Class == relational.ClassFloat {
		expr = "CAST(" + expr + " AS DOUBLE)" // as a text a float has six digits
	}
	text, _, _ := dialect{}.Text(relational.Column(c), expr)
	return text
}
