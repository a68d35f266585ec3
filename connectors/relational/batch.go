package relational

import (
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors"
)

// batch is some rows as the server wrote them. The bytes of all their values lie in one text, which the values that are
// read from it share: taking a row in costs no memory of its own.
type batch struct {
	text strings.Builder
	// ends tells per value where it ends in the text; a null has the complement of its place.
	ends []int
	rows int
	// bytes is about what the values will take.
	bytes int
}

// valueOverhead is what a value takes beside its text.
const valueOverhead = 64

// add takes in a row and says about how many bytes it takes.
func (b *batch) add(values [][]byte) int {
	before := b.text.Len()
	for _, v := range values {
		b.text.Write(v)
		end := b.text.Len()
		if v == nil {
			end = ^end
		}
		b.ends = append(b.ends, end)
	}
	size := b.text.Len() - before + valueOverhead*len(values)
	b.rows, b.bytes = b.rows+1, b.bytes+size
	return size
}

// cells are a batch's values from one on.
type cells struct {
	text string
	ends []int
	at   int // where the next value begins
}

func (b *batch) cells() *cells { return &cells{text: b.text.String(), ends: b.ends} }

// next gives the next value; there is none when it is null.
func (c *cells) next() (text string, there bool) {
	end := c.ends[0]
	c.ends = c.ends[1:]
	if end < 0 {
		return "", false
	}
	text, c.at = c.text[c.at:end], end
	return text, true
}

// row decodes the values of one row into the given one.
func (c *cells) row(outs []output, into connectors.Row) error {
	for i := range outs {
		text, there := c.next()
		if outs[i].sized {
			if over, is := c.next(); is {
				into[i] = oversize(over)
				continue
			}
		}
		if !there {
			into[i] = connectors.Null()
			continue
		}
		v, err := outs[i].read(text)
		if err != nil {
			return err
		}
		into[i] = v
	}
	return nil
}

// oversize reads "length:head".
func oversize(s string) connectors.Value {
	length, head, _ := strings.Cut(s, ":")
	n, _ := strconv.ParseInt(length, 10, 64) // the server wrote it from an integer
	return connectors.Oversize(n, head)
}
