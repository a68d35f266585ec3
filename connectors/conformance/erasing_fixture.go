package conformance

import (
	_ "embed"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

//go:embed erasing.yml
var erasingYAML []byte

// The ids of the fixture. The person has two accounts; the address of a neighbour's order is shared, another one belongs to a shop.
const (
	anaID, secondID, neighbourID             = 1, 2, 3
	aloneAddress, sharedAddress, shopAddress = 1, 2, 3
	neighbourAddress                         = 4
	anaCard, neighbourCard                   = 11, 13
)

// hostile is a value that would end a quoted text, a statement or a line, if anything took it for one.
const hostile = Canary + " Ana \"Ñ\" O'Hara\\'; DROP TABLE customers; --\t\r\n${x} $1 %s %00 \\0 \x01\x7f \u202e 𝔘 \\u0000"

// lookalike has the form of a token and isn't one.
const lookalike = "0123456789abcdef0123456789abcdef"

// erasingSetup makes the data: a person with rows of every kind and belonging, and neighbours whose rows must stay as they are.
func erasingSetup(t *testing.T, traits Traits) Setup {
	t.Helper()
	datasets, err := dataset.Parse("erasing.yml", erasingYAML)
	require.NoError(t, err)
	return Setup{Tables: []Table{customers(traits), cards(), addresses(), shops(), orders(), threads(), visitors()}, Datasets: datasets,
		BatchRows: batchRows, ValueLimit: valueLimit, KeyLimit: 1000, EraseRows: 7}
}

func customers(traits Traits) Table {
	customer := func(id int64, email, note string) connectors.Row {
		return connectors.Row{
			connectors.Int(id), connectors.Text(email), connectors.Text(hostile), connectors.Text("AB-12 é"), connectors.Decimal("-12345678.50"), connectors.Int(4711),
			connectors.LocalTime("1984-02-29"), connectors.Time(time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)), connectors.Bool(true),
			connectors.Bytes([]byte{0, 1, 0xff, '\n', '\\'}),
			connectors.JSON(`{"theme": "Dark-7", "size": 12, "keep": {"n": ` + traits.fraction() + `, "s": "` + Canary + `"}, "phones": [{"number": "+34 600", "kind": "home"}, {"kind": "none"}, {"number": null}, 5]}`),
			connectors.List([]connectors.Value{connectors.Text("a,b"), connectors.Null(), connectors.Text(`"` + Canary)}), connectors.Text(note), connectors.Text("stays"),
		}
	}
	second := customer(secondID, "ANA.RUIZ@EXAMPLE.ORG", "")
	for i := 2; i < 13; i++ {
		second[i] = connectors.Null()
	}
	return Table{Name: "customers", Key: []string{"id"}, Lengths: map[string]int{"code": 20}, Days: []string{"born"},
		Rows: []connectors.Row{customer(neighbourID, "neighbour@example.org", lookalike), second, customer(anaID, "ana.ruiz@example.org", lookalike)},
		Columns: []Column{
			{"id", connectors.KindInt}, {"email", connectors.KindText}, {"name", connectors.KindText}, {"code", connectors.KindText}, {"score", connectors.KindDecimal},
			{"visits", connectors.KindInt}, {"born", connectors.KindTime}, {"joined", connectors.KindTime}, {"active", connectors.KindBool}, {"avatar", connectors.KindBytes},
			{"settings", connectors.KindJSON}, {"tags", connectors.KindList}, {"note", connectors.KindText}, {"fixed", connectors.KindText},
		}}
}

func cards() Table {
	t := Table{Name: "cards", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"customer_id", connectors.KindInt}, {"number", connectors.KindText}},
		References: []dataset.ForeignKey{{Columns: []string{"customer_id"}, Table: "customers", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse}}}
	for id, owner := range map[int64]int64{anaCard: anaID, anaCard + 1: secondID, neighbourCard: neighbourID} {
		t.Rows = append(t.Rows, connectors.Row{connectors.Int(id), connectors.Int(owner), connectors.Text("4111 " + Canary)})
	}
	return t
}

func addresses() Table {
	t := Table{Name: "addresses", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"street", connectors.KindText}}}
	for id := int64(aloneAddress); id <= neighbourAddress; id++ {
		t.Rows = append(t.Rows, connectors.Row{connectors.Int(id), connectors.Text(fmt.Sprintf("Calle %d %s", id, Canary))})
	}
	return t
}

// shops are not annotated. Their foreign key is all that says that an address is theirs too.
func shops() Table {
	return Table{Name: "shops", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"address_id", connectors.KindInt}},
		References: []dataset.ForeignKey{{Columns: []string{"address_id"}, Table: "addresses", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse}},
		Rows:       []connectors.Row{{connectors.Int(1), connectors.Int(shopAddress)}}}
}

// ordersCount is how many orders there are; every other one is the person's.
const ordersCount = 60

// orders lie on days from 2020 to 2025; every tenth of the person's has none.
func orders() Table {
	t := Table{Name: "orders", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"customer_id", connectors.KindInt}, {"card_id", connectors.KindInt},
		{"address_id", connectors.KindInt}, {"placed", connectors.KindTime}, {"recipient", connectors.KindText}, {"remark", connectors.KindText}},
		References: []dataset.ForeignKey{
			{Columns: []string{"customer_id"}, Table: "customers", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse},
			{Columns: []string{"address_id"}, Table: "addresses", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse}}}
	for i := range int64(ordersCount) {
		owner, card, address := int64(anaID), int64(anaCard), 1+i/2%3 // the person's go to their own, the shared and the shop's address
		if i%2 == 1 {
			owner, card, address = neighbourID, neighbourCard, sharedAddress+i/2%2*2
		}
		placed := connectors.Time(time.Date(2020+int(i/10), 12, 31, 23, 30, 0, 0, time.UTC)) // in Berlin it is the next year already
		if i%20 == 0 {
			placed = connectors.Null()
		}
		if i == 2 { // paid by the neighbour
			card = neighbourCard
		}
		t.Rows = append(t.Rows, connectors.Row{connectors.Int(i), connectors.Int(owner), connectors.Int(card), connectors.Int(address), placed, connectors.Text(hostile), connectors.Text(Canary)})
	}
	return t
}

// threads are found by who began them, and others' by who reads along.
func threads() Table {
	text := func(list ...string) connectors.Value {
		var values []connectors.Value
		for _, s := range list {
			values = append(values, connectors.Text(s))
		}
		return connectors.List(values)
	}
	doc := func(s string) connectors.Value { return connectors.JSON(`{"topic": "t", "members": ` + s + `}`) }
	const me, nick = "Ana.RUIZ@example.org", `{"mail": "Ana.RUIZ@example.org", "nick": "` + Canary + `"}`
	return Table{Name: "threads", Key: []string{"id"}, Columns: []Column{{"id", connectors.KindInt}, {"starter", connectors.KindText}, {"readers", connectors.KindList}, {"doc", connectors.KindJSON}},
		Rows: []connectors.Row{
			{connectors.Int(1), connectors.Text(me), text("b@example.org", me), doc("[]")},
			{connectors.Int(2), connectors.Text("b@example.org"), text("a", me, "b", me), doc(`[{"mail": "b@example.org", "nick": "b"}]`)},
			{connectors.Int(3), connectors.Text("b@example.org"), text("a"), doc(`[{"mail": "b@example.org", "nick": "b"}, ` + nick + `, {"nick": "c"}]`)},
			{connectors.Int(4), connectors.Text("b@example.org"), text(me), doc(`[` + nick + `]`)},
			{connectors.Int(5), connectors.Text("b@example.org"), text("xana.ruiz@example.org"), doc(`[{"mail": "xana.ruiz@example.org"}]`)},
			{connectors.Int(6), connectors.Null(), connectors.Null(), connectors.Null()},
		}}
}

// visitors have no key, equal rows and nulls.
func visitors() Table {
	t := Table{Name: "visits", Columns: []Column{{"email", connectors.KindText}, {"page", connectors.KindText}}}
	for i := range 60 {
		page := connectors.Text(fmt.Sprintf("/%s/%d", Canary, i%4))
		if i%10 == 0 {
			page = connectors.Null()
		}
		email := "ana.ruiz@example.org"
		if i%3 == 0 {
			email = "neighbour@example.org"
		}
		t.Rows = append(t.Rows, connectors.Row{connectors.Text(email), page})
	}
	return t
}
