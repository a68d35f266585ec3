package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
)

// company is the generated content of both databases.
type company struct {
	crm, shop database
}

// generator invents rows. The same seed and number of people give the same rows.
type generator struct {
	*rand.Rand
	people []person
	// serial numbers the rows of each table.
	serial map[string]int
}

// generate invents the whole company. There is at least the demo person.
func generate(seed uint64, people int) company {
	g := &generator{Rand: seeded(seed), serial: map[string]int{}}
	g.people = makePeople(g.Rand, max(1, people))
	return company{crm: g.crm(), shop: g.shop()}
}

// next numbers a row of a table.
func (g *generator) next(table string) int {
	g.serial[table]++
	return g.serial[table]
}

// ago is a moment up to that many days before the epoch.
func (g *generator) ago(days int) time.Time {
	return epoch.Add(-time.Duration(g.IntN(days*24*60)) * time.Minute)
}

// maybe gives the value in one of n cases, else null.
func (g *generator) maybe(n int, v any) any {
	if g.IntN(n) == 0 {
		return v
	}
	return nil
}

// uuid invents a version 4 UUID from the seed.
func (g *generator) uuid() string {
	hi, lo := g.Uint64(), g.Uint64()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
}

// ip invents an address of the ranges kept for documentation (RFC 5737, RFC 3849).
func (g *generator) ip() string {
	if g.IntN(4) == 0 {
		return fmt.Sprintf("2001:db8::%x", g.IntN(0xffff))
	}
	return fmt.Sprintf("203.0.113.%d", 1+g.IntN(254))
}

// tableOf starts a table.
func tableOf(schema, name string, columns ...string) *table {
	return &table{name: pgx.Identifier{schema, name}, columns: columns}
}

// add appends a row.
func (t *table) add(values ...any) { t.rows = append(t.rows, values) }
