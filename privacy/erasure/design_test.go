package erasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// shop is a small web shop: customers, their orders with lines, cards that orders point at, and a log without a key.
const shop = `
dataset:
  - fides_key: shop
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
          - {name: tier, data_categories: [system.operations]}
          - name: settings
            fides_meta: {data_type: object}
            fields:
              - {name: colour, data_categories: [user.account.settings]}
              - {name: build, data_categories: [system.operations]}
      - name: orders
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: card_id, data_categories: [system.operations], fides_meta: {references: [{dataset: shop, field: cards.id, direction: to}]}}
          - {name: placed, data_categories: [user.behavior.purchase_history]}
          - {name: note, data_categories: [user.content.private]}
      - name: lines
        fields:
          - {name: order_id, data_categories: [system.operations], fides_meta: {primary_key: true, references: [{dataset: shop, field: orders.id, direction: from}]}}
          - {name: line, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: wish, data_categories: [user.behavior]}
      - name: cards
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: holder, data_categories: [user.name]}
      - name: visits
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: page, data_categories: [user.behavior.browsing_history]}
`

func column(name string, kind dataset.ColumnKind, nullable bool) dataset.TableColumn {
	return dataset.TableColumn{Name: name, Kind: kind, Nullable: nullable, Type: string(kind)}
}

// tables are what the shop's database enforces.
func tables() *dataset.Structure {
	at := func(name string) *dataset.Address { return &dataset.Address{Dataset: "shop", Collection: name} }
	return &dataset.Structure{Tables: []dataset.Table{
		{Name: "customers", Collection: at("customers"), Key: []string{"id"}, Unique: [][]string{{"email"}}, Columns: []dataset.TableColumn{
			column("id", dataset.ColumnNumber, false), column("email", dataset.ColumnText, false), column("name", dataset.ColumnText, true),
			column("tier", dataset.ColumnText, false), column("settings", dataset.ColumnJSON, true),
		}},
		{Name: "orders", Collection: at("orders"), Key: []string{"id"}, Columns: []dataset.TableColumn{
			column("id", dataset.ColumnNumber, false), column("customer_id", dataset.ColumnNumber, false), column("card_id", dataset.ColumnNumber, true),
			column("placed", dataset.ColumnDate, false), column("note", dataset.ColumnText, true),
		}, References: []dataset.ForeignKey{
			{Columns: []string{"customer_id"}, Table: "customers", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse},
			{Columns: []string{"card_id"}, Table: "cards", To: []string{"id"}, OnDelete: dataset.OnDeleteNull},
		}},
		{Name: "lines", Collection: at("lines"), Key: []string{"order_id", "line"}, Columns: []dataset.TableColumn{
			column("order_id", dataset.ColumnNumber, false), column("line", dataset.ColumnNumber, false), column("wish", dataset.ColumnText, false),
		}, References: []dataset.ForeignKey{{Columns: []string{"order_id"}, Table: "orders", To: []string{"id"}, OnDelete: dataset.OnDeleteRefuse}}},
		{Name: "cards", Collection: at("cards"), Key: []string{"id"}, Columns: []dataset.TableColumn{column("id", dataset.ColumnNumber, false), column("holder", dataset.ColumnText, false)}},
		{Name: "visits", Collection: at("visits"), Columns: []dataset.TableColumn{column("email", dataset.ColumnText, false), column("page", dataset.ColumnText, true)}},
	}}
}

// german is AO 147(3): eight years from the end of the year.
func german() privacy.RetentionRule {
	return privacy.RetentionRule{
		ID: "de-ao147-vouchers", Kinds: []string{"invoice"}, Ground: privacy.GroundDuty, Name: "Vouchers",
		Keep:     []privacy.RetentionPeriod{{Event: "created", Period: privacy.Period{Count: 8, Unit: privacy.Years}, Runs: privacy.RunsFromYearEnd}},
		Citation: privacy.Citation{Text: "AO 147(3)", Mark: privacy.Secondary},
	}
}

// laid is one draft under test.
type laid struct {
	site  erasure.Site
	walk  *dataset.Plan
	c     erasure.Circumstances
	draft erasure.SystemPlan
}

func lay(t *testing.T, change func(*erasure.Site, *erasure.Circumstances), terms ...dataset.ErasureTerms) *laid {
	t.Helper()
	datasets, err := dataset.Parse("shop.yml", []byte(shop))
	require.NoError(t, err)
	graph, err := dataset.NewGraph(datasets...)
	require.NoError(t, err)
	l := &laid{site: erasure.Site{Key: "shop", Name: "Shop", Datasets: datasets, Structure: tables(), Terms: terms}}
	l.walk, err = graph.Plan(dataset.Identities{Kinds: []string{"email"}})
	require.NoError(t, err)
	l.c = erasure.Circumstances{Now: time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC), Zone: time.UTC}
	if change != nil {
		change(&l.site, &l.c)
	}
	l.draft = erasure.Draft(l.walk, []erasure.Site{l.site}, l.c).Systems[0]
	return l
}

func (l *laid) line(t *testing.T, name string) *erasure.Line {
	t.Helper()
	for i := range l.draft.Lines {
		if l.draft.Lines[i].Collection == name {
			return &l.draft.Lines[i]
		}
	}
	require.Fail(t, "the plan has no line for "+name)
	return nil
}

func (l *laid) names() (out []string) {
	for _, line := range l.draft.Lines {
		out = append(out, line.Collection)
	}
	return out
}

func fates(l *erasure.Line) map[string]erasure.Fate {
	out := map[string]erasure.Fate{}
	for _, f := range l.Fields {
		out[f.Path[len(f.Path)-1]] = f.Fate
	}
	return out
}

func term(collection string, method dataset.ErasureMethod) dataset.ErasureTerms {
	return dataset.ErasureTerms{Collection: "shop." + collection, Method: method}
}

// Nothing is declared: personal fields are masked by the least that their column takes, keys hold the rows together, the rest stays.
func TestMaskedUnlessDeclared(t *testing.T) {
	t.Parallel()
	l := lay(t, nil)
	require.Equal(t, map[string]erasure.Fate{
		"id": erasure.FateKey, "email": erasure.Fate(erasure.Random), "name": erasure.Fate(erasure.Null), "tier": erasure.FateNotPersonal,
		"colour": erasure.Fate(erasure.Null), "build": erasure.FateNotPersonal,
	}, fates(l.line(t, "customers")))
	email := l.line(t, "customers").Masks[0]
	require.Equal(t, "@erased.invalid", email.Suffix, "an address that leads to no mailbox, and stands once")
	require.Equal(t, map[string]erasure.Fate{
		"id": erasure.FateNotPersonal, "customer_id": erasure.FateKey, "card_id": erasure.FateNotPersonal, "placed": erasure.Fate(erasure.Fixed), "note": erasure.Fate(erasure.Null),
	}, fates(l.line(t, "orders")))
	require.Equal(t, "1970-01-01", l.line(t, "orders").Masks[0].Value)
	require.Empty(t, l.line(t, "orders").Problems)
}

// Art. 17(3)(b) GDPR: what a duty keeps stays, to the extent that it is necessary, and ends on its day.
func TestDutyKeepsWhatItNeeds(t *testing.T) {
	t.Parallel()
	orders := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}, Needs: []string{"customer_id", "placed"}}
	lines := dataset.ErasureTerms{Collection: "shop.lines", Method: dataset.DeleteRows, With: "shop.orders"}
	terms := []dataset.ErasureTerms{orders, lines, term("customers", dataset.DeleteRows)}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{german()} }, terms...)
	require.Equal(t, []string{"placed"}, l.line(t, "orders").Days.Field)
	require.Equal(t, []string{"order_id"}, l.line(t, "lines").Days.Through.Path)
	require.Equal(t, [][]string{{"note"}}, [][]string{l.line(t, "orders").Trim[0].Path}, "nobody needs the note for an invoice")
	require.False(t, l.line(t, "customers").Delete, "orders that stay refer to the customer")
	require.Contains(t, l.line(t, "customers").Why, "shop.orders")

	day := func(year, month, d int) privacy.Date { return privacy.NewDate(year, time.Month(month), d) }
	count := []erasure.DayRows{{Day: day(2017, 12, 31), Rows: 2}, {Day: day(2018, 1, 1), Rows: 3}, {Day: day(2026, 3, 4), Rows: 4}}
	l.draft.Settle([]erasure.Count{
		{Address: l.line(t, "orders").Address, Own: 10, Days: count, Undated: 1}, {Address: l.line(t, "lines").Address, Own: 9, Days: count},
	}, terms, l.c)
	got := l.line(t, "orders")
	require.Equal(t, erasure.Rows{Own: 10, Erased: 2, Kept: 8}, got.Rows)
	require.Equal(t, []erasure.Span{{From: day(2017, 12, 31), To: day(2017, 12, 31)}}, got.Days.Spans, "2017 ended with 2025; 2018 is kept through 2026")
	require.Equal(t, day(2026, 12, 31), got.Kept[0].First)
	require.Equal(t, day(2034, 12, 31), got.Kept[0].Until)
	require.Equal(t, []erasure.End{{Day: day(2026, 12, 31), Rows: 3}, {Day: day(2034, 12, 31), Rows: 4}}, got.Kept[0].Ends)
	require.Equal(t, int64(1), got.Kept[1].Rows, "a row without a day stays")
	require.Equal(t, day(2034, 12, 31), got.Kept[1].Until, "as long as one of today could")
	require.Equal(t, erasure.ProblemUndated, got.Problems[0].Code)
	require.Equal(t, erasure.Rows{Own: 9, Erased: 2, Kept: 7}, l.line(t, "lines").Rows, "lines stay with their orders")
}

// A row without a day under a rule that counts from something else than its making stays until somebody has found out; under one that does it
// goes once nothing can keep it any more.
func TestUndatedRowsEndWithTheLatestDutyTheyCouldHave(t *testing.T) {
	t.Parallel()
	settled := func(event string, now int) *erasure.Line {
		orders := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{event: "placed"}}
		l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
			rule := german()
			rule.Keep[0].Event = event
			c.Rules, c.Now, c.Counted = []privacy.RetentionRule{rule}, time.Date(now, 1, 2, 0, 0, 0, 0, time.UTC), privacy.NewDate(2026, 11, 22)
		}, orders)
		l.draft.Settle([]erasure.Count{{Address: l.line(t, "orders").Address, Own: 2, Undated: 2}}, []dataset.ErasureTerms{orders}, l.c)
		return l.line(t, "orders")
	}
	require.Equal(t, "2034-12-31", settled("created", 2034).Kept[0].Until.String())
	gone := settled("created", 2035)
	require.EqualValues(t, 2, gone.Rows.Erased)
	require.True(t, gone.Days.Has(erasure.Undatable()))
	stays := settled("relationship_end", 2060)
	require.EqualValues(t, 2, stays.Rows.Kept)
	require.True(t, stays.Kept[0].Until.IsZero())
	require.False(t, stays.Days.Has(erasure.Undatable()))
}

// A consent that nobody has withdrawn ends with the erasure: its proof is kept as long as one of that day, and nobody has to look.
func TestProofOfAConsentInForceIsKeptFromTheErasureOn(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	for id, until := range map[string]privacy.Date{
		"de-consent-proof": privacy.NewDate(2029, 12, 31), "fr-consent-proof": privacy.NewDate(2031, 11, 22), "uk-consent-proof": privacy.NewDate(2032, 11, 22),
		"es-consent-proof": privacy.NewDate(2029, 11, 22), "ca-casl-consent-proof": privacy.NewDate(2029, 11, 22), "au-spam-act-consent-proof": privacy.NewDate(2032, 11, 22),
	} {
		rule, err := book.Retention(id)
		require.NoError(t, err)
		terms := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"opt_in"}, Events: map[string]string{"withdrawn": "placed"}}
		l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
			c.Rules, c.Now = []privacy.RetentionRule{rule}, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		}, terms)
		line := l.line(t, "orders")
		l.draft.Settle([]erasure.Count{{Address: line.Address, Own: 3, Undated: 1, Days: []erasure.DayRows{{Day: privacy.NewDate(2011, 5, 6), Rows: 2}}}}, []dataset.ErasureTerms{terms}, l.c)
		require.Equal(t, erasure.Rows{Own: 3, Erased: 2, Kept: 1}, line.Rows, id)
		require.Equal(t, erasure.KeptByClaims, line.Kept[0].Ground, id)
		require.Equal(t, until, line.Kept[0].Until, id)
		require.Empty(t, line.Problems, "%s: it is what the rule expects", id)
	}
}

// What refers to rows that are deleted goes before them; what is found through a collection goes before it.
func TestOrderOfTheWork(t *testing.T) {
	t.Parallel()
	l := lay(t, nil, term("customers", dataset.DeleteRows), term("orders", dataset.DeleteRows), term("lines", dataset.DeleteRows), term("cards", dataset.DeleteRows))
	at := map[string]int{}
	for i, name := range l.names() {
		at[name] = i
	}
	require.Less(t, at["lines"], at["orders"])
	require.Less(t, at["orders"], at["customers"])
	require.Less(t, at["orders"], at["cards"], "the order refers to the card")
	require.True(t, l.line(t, "customers").Delete)
}

// A foreign key that would take rows along which nobody annotated is no way to erase.
func TestNothingUnknownIsTakenAlong(t *testing.T) {
	t.Parallel()
	l := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
		s.Structure.Tables = append(s.Structure.Tables, dataset.Table{Name: "ledger", References: []dataset.ForeignKey{
			{Columns: []string{"customer"}, Table: "customers", To: []string{"id"}, OnDelete: dataset.OnDeleteCascade},
		}})
	}, term("customers", dataset.DeleteRows), term("orders", dataset.DeleteRows))
	require.False(t, l.line(t, "customers").Delete)
	require.Equal(t, erasure.ProblemCascade, l.line(t, "customers").Problems[0].Code)
	require.True(t, erasure.ProblemCascade.Blocks())
}

// A hold keeps everything it names; a decision keeps one collection, with the reason that the letter names.
func TestHoldsAndDecisions(t *testing.T) {
	t.Parallel()
	orders := dataset.Address{Dataset: "shop", Collection: "orders"}
	held := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Holds = []erasure.Hold{{ID: "h1", Matter: "312 O 44/26", Systems: []string{"shop"}, Citation: privacy.Citation{Text: "Art. 17(3)(e) GDPR"}}}
	})
	for _, line := range held.draft.Lines {
		require.False(t, line.Touches(), line.Collection)
		require.Equal(t, erasure.KeptByHold, line.Kept[0].Ground)
		require.Equal(t, erasure.FateUnchanged, line.Fields[0].Fate)
	}
	elsewhere := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Holds = []erasure.Hold{{ID: "h1", Matter: "another system's", Systems: []string{"crm"}}}
	})
	require.True(t, elsewhere.line(t, "orders").Touches())
	decided := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Keep = []erasure.Decision{{Address: orders, Citation: "Art. 17(3)(e) GDPR", Reason: "a claim is announced"}}
		c.Claim = []dataset.Address{{Dataset: "shop", Collection: "cards"}}
	}, term("customers", dataset.DeleteRows))
	require.Equal(t, erasure.KeptByReview, decided.line(t, "orders").Kept[0].Ground)
	require.True(t, decided.line(t, "cards").Claimed)
	require.False(t, decided.line(t, "customers").Delete, "the orders stay and refer to it")
	decided.draft.Settle([]erasure.Count{{Address: orders, Own: 5}, {Address: decided.line(t, "cards").Address, Own: 1, Others: 1}}, nil, decided.c)
	require.Equal(t, erasure.Rows{Own: 5, Kept: 5}, decided.line(t, "orders").Rows)
}

// Rules that count from an event nobody named a field for keep everything, and somebody has to look.
func TestNobodyCanTell(t *testing.T) {
	t.Parallel()
	rule := german()
	rule.Keep[0].Event = "relationship_end"
	terms := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{rule} }, terms)
	got := l.line(t, "orders")
	require.Equal(t, erasure.ProblemNoEvent, got.Problems[0].Code)
	l.draft.Settle([]erasure.Count{{Address: got.Address, Own: 5}}, []dataset.ErasureTerms{terms}, l.c)
	require.Equal(t, erasure.Rows{Own: 5, Kept: 5}, got.Rows)
	require.Empty(t, got.Days.Spans)
}

// The ends of financial years follow from the day of a record; the British tax year ends on 5 April.
func TestYearsThatEndElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event string
		end   erasure.YearEnd
		day   privacy.Date
		until privacy.Date
	}{
		{"financial_year_end", erasure.YearEnd{}, privacy.NewDate(2026, 3, 4), privacy.NewDate(2036, 12, 31)},
		{"financial_year_end", erasure.YearEnd{Month: time.June, Day: 30}, privacy.NewDate(2026, 3, 4), privacy.NewDate(2036, 6, 30)},
		{"financial_year_end", erasure.YearEnd{Month: time.June, Day: 30}, privacy.NewDate(2026, 7, 1), privacy.NewDate(2037, 6, 30)},
		{"accounting_period_end", erasure.YearEnd{Month: time.February, Day: 29}, privacy.NewDate(2026, 3, 1), privacy.NewDate(2037, 2, 28)},
		{"tax_year_end", erasure.YearEnd{}, privacy.NewDate(2026, 4, 5), privacy.NewDate(2036, 4, 5)},
		{"tax_year_end", erasure.YearEnd{}, privacy.NewDate(2026, 4, 6), privacy.NewDate(2037, 4, 5)},
	} {
		rule := german()
		rule.Keep = []privacy.RetentionPeriod{{Event: c.event, Period: privacy.Period{Count: 10, Unit: privacy.Years}, Runs: privacy.RunsFromEvent}}
		terms := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}}
		l := lay(t, func(_ *erasure.Site, at *erasure.Circumstances) {
			at.Rules, at.YearEnd = []privacy.RetentionRule{rule}, c.end
		}, terms)
		l.draft.Settle([]erasure.Count{{Address: l.line(t, "orders").Address, Own: 1, Days: []erasure.DayRows{{Day: c.day, Rows: 1}}}}, []dataset.ErasureTerms{terms}, l.c)
		require.Equal(t, c.until, l.line(t, "orders").Kept[0].Until, "%s of %s", c.event, c.day)
	}
}

// The masking strategies of the format, and what does not fit a column.
func TestDeclaredMasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		strategy  string
		config    map[string]any
		treatment erasure.Treatment
		value     string
		blocked   bool
	}{
		{strategy: "null_rewrite", treatment: erasure.Null},
		{strategy: "string_rewrite", config: map[string]any{"rewrite_value": "gone"}, treatment: erasure.Fixed, value: "gone"},
		{strategy: "random_string_rewrite", treatment: erasure.Random},
		{strategy: "hash", treatment: erasure.Hash},
		{strategy: "hmac", treatment: erasure.KeyedHash},
		{strategy: "format_preserving", treatment: erasure.Shape},
		{strategy: "generalise", treatment: erasure.Generalise},
		{strategy: "aes_encrypt", blocked: true},
	} {
		l := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
			s.Datasets[0].Collections[0].Fields[2].Masking = &dataset.Masking{Strategy: c.strategy, Configuration: c.config}
		})
		line := l.line(t, "customers")
		if c.blocked {
			require.Equal(t, erasure.ProblemUnwritable, line.Problems[0].Code, c.strategy)
			continue
		}
		require.Equal(t, c.treatment, line.Masks[1].Treatment, c.strategy)
		require.Equal(t, c.value, line.Masks[1].Value, c.strategy)
	}
	short := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
		s.Datasets[0].Collections[0].Fields[1].Length = 20 // an address needs a token and its suffix
	})
	require.Contains(t, short.line(t, "customers").Problems[0].What, "a token has at least")
}

// An invoice names its customer: who is referred to by an order that stays, stays with it, without what an invoice does not need.
func TestWhoIsReferredToStays(t *testing.T) {
	t.Parallel()
	orders := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}}
	customers := dataset.ErasureTerms{Collection: "shop.customers", Method: dataset.DeleteRows, With: "shop.orders", Needs: []string{"name"}}
	terms := []dataset.ErasureTerms{orders, customers, {Collection: "shop.lines", Method: dataset.DeleteRows, With: "shop.orders"}}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{german()} }, terms...)
	got := l.line(t, "customers")
	require.True(t, got.Delete, "no order that stays refers to a customer who goes")
	require.Equal(t, &erasure.Through{Path: []string{"id"}, Of: dataset.FieldAddress{Address: l.line(t, "orders").Address, Path: []string{"customer_id"}}, Back: true}, got.Days.Through)
	at := map[string]int{}
	for i, name := range l.names() {
		at[name] = i
	}
	require.Less(t, at["lines"], at["orders"])
	require.Less(t, at["orders"], at["customers"])
	l.draft.Settle([]erasure.Count{{Address: got.Address, Own: 4, Days: []erasure.DayRows{
		{Day: erasure.Unreferred(), Rows: 1}, {Day: privacy.NewDate(2016, 5, 1), Rows: 1}, {Day: privacy.NewDate(2026, 5, 1), Rows: 1}, {Day: erasure.Undatable(), Rows: 1},
	}}}, terms, l.c)
	require.Equal(t, erasure.Rows{Own: 4, Erased: 2, Kept: 2}, got.Rows)
	require.Equal(t, []erasure.Span{{From: erasure.Unreferred(), To: erasure.Unreferred()}, {From: privacy.NewDate(2016, 5, 1), To: privacy.NewDate(2016, 5, 1)}}, got.Days.Spans)
	require.Equal(t, privacy.NewDate(2034, 12, 31), got.Kept[0].Until, "%v", got.Kept)
	var trimmed []string
	for _, m := range got.Trim {
		trimmed = append(trimmed, m.Path[len(m.Path)-1])
	}
	require.Equal(t, []string{"email", "colour"}, trimmed)
}

// Where a foreign key leads from, nothing can stand but what is in the other table; a key that says who somebody is must not stay.
func TestKeysThatSpeak(t *testing.T) {
	t.Parallel()
	l := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
		s.Structure.Tables[0].Columns[3] = column("tier", dataset.ColumnText, false)
		s.Structure.Tables[0].References = []dataset.ForeignKey{{Columns: []string{"tier"}, Table: "tiers", To: []string{"code"}}}
		s.Datasets[0].Collections[0].Fields[3].Categories = []string{"user.account"}
		s.Structure.Tables[4].Key = []string{"email"}
	})
	require.Equal(t, erasure.FateKey, fates(l.line(t, "customers"))["tier"])
	visits := l.line(t, "visits")
	require.Equal(t, erasure.Fate(erasure.Random), fates(visits)["email"], "a key that is an address becomes another")
	spoken := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
		s.Structure.Tables[4].Key = []string{"email"}
		s.Structure.Tables = append(s.Structure.Tables, dataset.Table{Name: "clicks", References: []dataset.ForeignKey{{Columns: []string{"visitor"}, Table: "visits", To: []string{"email"}}}})
	})
	require.Equal(t, erasure.ProblemUnwritable, spoken.line(t, "visits").Problems[0].Code)
}
