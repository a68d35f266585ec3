package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// drawStructure makes up what a system may say of itself, sensible or not.
func drawStructure(t *rapid.T) *dataset.Structure {
	names := rapid.OneOf(
		rapid.SampledFrom([]string{"id", "email", "customer_id", "customers", "orders", "order_items", "name", "a.b", "b", "a", "b.c", "true", "123", "0x1F", "null", "-", ".", "_", "y",
			"E-Mail", "kunden", "phone", "ünïcode", "שם", "x\ny", `q"uote`, "it's", "# no", "a: b", "\u202eltr", "staff_id", "created_by", "cc", "tenant_id", "state", "zip"}),
		rapid.String(), rapid.StringMatching(`[a-z_.]{1,12}`))
	kinds := rapid.SampledFrom([]dataset.ColumnKind{dataset.ColumnText, dataset.ColumnNumber, dataset.ColumnBool, dataset.ColumnDate, dataset.ColumnMoment, dataset.ColumnUUID, dataset.ColumnBytes,
		dataset.ColumnJSON, dataset.ColumnOther, "made-up"})
	schemas := rapid.SampledFrom([]string{"", "public", "other", "w\"eird: {", "sch, ema"})
	s := &dataset.Structure{}
	var column func(depth int) dataset.TableColumn
	column = func(depth int) dataset.TableColumn {
		c := dataset.TableColumn{Name: names.Draw(t, "column"), Type: names.Draw(t, "type"), Kind: kinds.Draw(t, "kind"), Comment: names.Draw(t, "said"),
			Array: rapid.IntRange(0, 5).Draw(t, "array") == 0, Length: rapid.IntRange(-1, 1<<40).Draw(t, "length"), Generated: rapid.Bool().Draw(t, "generated")}
		for range rapid.IntRange(0, depth).Draw(t, "members") {
			c.Inside = append(c.Inside, column(depth-1))
		}
		return c
	}
	made := column
	for range rapid.IntRange(0, 6).Draw(t, "tables") {
		table := dataset.Table{Schema: schemas.Draw(t, "schema"), Name: names.Draw(t, "table"), Comment: names.Draw(t, "comment")}
		for range rapid.IntRange(0, 6).Draw(t, "columns") {
			table.Columns = append(table.Columns, made(3))
		}
		column := func(of dataset.Table, label string) string {
			if len(of.Columns) == 0 || rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
				return names.Draw(t, label)
			}
			return of.Columns[rapid.IntRange(0, len(of.Columns)-1).Draw(t, label)].Name
		}
		table.Key = slices.Repeat([]string{column(table, "key")}, rapid.IntRange(0, 2).Draw(t, "keys"))
		s.Tables = append(s.Tables, table)
		for range rapid.IntRange(0, 3).Draw(t, "references") {
			to := rapid.SampledFrom(s.Tables).Draw(t, "to")
			key := dataset.ForeignKey{Columns: []string{column(table, "from")}, Schema: to.Schema, Table: to.Name, To: []string{column(to, "target")}}
			if rapid.Bool().Draw(t, "composite") {
				key.Columns, key.To = append(key.Columns, column(table, "from")), append(key.To, column(to, "target"))
			}
			s.Tables[len(s.Tables)-1].References = append(s.Tables[len(s.Tables)-1].References, key)
		}
		if rapid.IntRange(0, 4).Draw(t, "annotated") == 0 {
			s.Tables[len(s.Tables)-1].Collection = &dataset.Address{Dataset: rapid.SampledFrom([]string{"shop", "crm"}).Draw(t, "dataset"), Collection: table.Name}
		}
	}
	return s
}

// TestDraftProperties checks, for anything that a system may say: the draft is read by Parse and makes a graph as it is; it is the same again;
// every table that is not skipped is visited; what can't be annotated is noted; nothing breaks a line of the text.
func TestDraftProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawStructure(t)
		o := dataset.DraftOptions{Key: "shop", Name: rapid.SampledFrom([]string{"", "Web shop", "x: {y", "a\nb", "true"}).Draw(t, "name"),
			Schema: rapid.SampledFrom([]string{"", "public", "w\"eird: {"}).Draw(t, "wanted")}
		draft := dataset.NewDraft(s, o)
		require.Equal(t, draft, dataset.NewDraft(s, o), "the same again")
		for _, note := range draft.Notes {
			require.NotContains(t, note, "no draft could be made", "%#v", s)
		}
		if draft.Text == "" {
			require.Empty(t, draft.Datasets)
			return
		}
		read, err := dataset.Parse("draft", []byte(draft.Text))
		require.NoError(t, err, draft.Text)
		require.Len(t, read, 1)
		if o.Name != "" {
			require.Equal(t, o.Name, read[0].Name)
		}
		g, err := dataset.NewOpenGraph(read...)
		require.NoError(t, err)
		_, err = g.Plan(g.Kinds())
		require.NoError(t, err)
		for line := range strings.Lines(draft.Text) {
			require.False(t, strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\r\u202e\u2028\u2029\u0085"), "%q", line)
		}
	})
}

func table(name string, key string, columns ...string) dataset.Table {
	t := dataset.Table{Schema: "public", Name: name, Rows: -1}
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, " ")
		t.Columns = append(t.Columns, dataset.TableColumn{Name: name, Kind: dataset.ColumnKind(kind), Type: kind})
	}
	if key != "" {
		t.Key = strings.Split(key, ",")
	}
	return t
}

// refers writes a draft's references in short: "orders.customer_id from customers.id".
func refers(d dataset.Draft) (out []string) {
	for _, c := range d.Datasets[0].Collections {
		for _, f := range c.Fields {
			for _, r := range f.References {
				out = append(out, c.Name+"."+f.Name+" "+string(r.Direction)+" "+r.Field)
			}
		}
	}
	return out
}

func skipped(d dataset.Draft) (out []string) {
	for _, c := range d.Datasets[0].Collections {
		if c.Skip {
			out = append(out, c.Name)
		}
	}
	return out
}

func to(t *dataset.Table, columns, table, target string) {
	t.References = append(t.References, dataset.ForeignKey{Columns: strings.Split(columns, ","), Schema: "public", Table: table, To: strings.Split(target, ",")})
}

func TestDraftLeadsFromPeopleToTheirRowsAndNotToThoseOfOthers(t *testing.T) {
	t.Parallel()
	customers := table("customers", "id", "id number", "email text", "company_id number")
	companies := table("companies", "id", "id number", "name text", "email text", "street text")
	products := table("products", "id", "id number", "price number", "created_by number")
	orders := table("orders", "id", "id number", "customer_id number", "approved_by number")
	lines := table("order_lines", "order_id,line", "order_id number", "line number", "product_id number")
	staff := table("staff", "id", "id number", "email text")
	comments := table("comments", "id", "id number", "customer_id number", "order_id number", "body text")
	log := table("changes", "id", "id number", "created_by number", "what text")
	to(&customers, "company_id", "companies", "id")
	to(&products, "created_by", "staff", "id")
	to(&orders, "customer_id", "customers", "id")
	to(&orders, "approved_by", "staff", "id")
	to(&lines, "order_id", "orders", "id")
	to(&lines, "product_id", "products", "id")
	to(&comments, "customer_id", "customers", "id")
	to(&comments, "order_id", "orders", "id")
	to(&log, "created_by", "staff", "id")
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{customers, companies, products, orders, lines, staff, comments, log}}, dataset.DraftOptions{Key: "d"})
	require.Equal(t, []string{
		"customers.company_id to companies.id", // the company's mailbox finds nobody, so colleagues don't come along
		"orders.customer_id from customers.id", // who approved it is not whom it is about
		"order_lines.order_id from orders.id",
		"order_lines.product_id to products.id",  // no line of anybody else is found by a product
		"comments.customer_id from customers.id", // what others say of my order is not found by the order
	}, refers(d))
	require.Equal(t, []string{"changes"}, skipped(d))
	require.Contains(t, d.Text, "# look: only created_by leads to a person, and that may be who worked on it and not whom it is about")
	require.Contains(t, d.Unsure, dataset.Doubt{Where: "orders.approved_by", Why: "who worked on it; the reference is not followed, because it would bring along all that they worked on"})
}

func TestDraftFollowsOneColumnOfAKeyOfSeveral(t *testing.T) {
	t.Parallel()
	people := table("members", "tenant_id,id", "tenant_id number", "id number", "email text")
	visits := table("visits", "id", "id number", "tenant_id number", "member_id number")
	to(&visits, "tenant_id,member_id", "members", "tenant_id,id")
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{people, visits}}, dataset.DraftOptions{Key: "d"})
	require.Equal(t, []string{"visits.member_id from members.id"}, refers(d), "by the tenant everybody's visits would be found")
	require.Contains(t, d.Unsure, dataset.Doubt{Where: "visits.member_id", Why: "one column of a key of several; each is followed by itself"})
}

func TestDraftGuessesReferencesByNameWhereNoKeySaysSo(t *testing.T) {
	t.Parallel()
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{
		table("Customers", "CustomerID", "CustomerID number", "EMail text"),
		table("Orders", "OrderID", "OrderID number", "CustomerID number", "Total number"),
		table("Notes", "Id", "Id uuid", "CustomerId uuid"), // of another kind: it can't be compared
	}}, dataset.DraftOptions{Key: "d"})
	require.Equal(t, []string{"Orders.CustomerID from Customers.CustomerID"}, refers(d))
	require.Contains(t, d.Unsure, dataset.Doubt{Where: "Orders.CustomerID", Why: "no foreign key says so, the name does"})
}

func TestDraftFindsPeopleOnlyByWhatIsTheirs(t *testing.T) {
	t.Parallel()
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{
		table("customers", "id", "id number", "email text", "alt_email text", "phone text", "emergency_contact_email text", "customer_number text", "email_verified boolean", "email_hash text"),
		table("suppliers", "id", "id number", "email text"),
		table("mail_settings", "id", "id number", "from_email text"),
		table("clicks", "", "customer_id number", "page_url text"),
	}}, dataset.DraftOptions{Key: "d"})
	identities := map[string]string{}
	for _, c := range d.Datasets[0].Collections {
		for _, f := range c.Fields {
			if f.Identity != "" {
				identities[c.Name+"."+f.Name] = f.Identity
			}
		}
	}
	require.Equal(t, map[string]string{"customers.email": "email", "customers.alt_email": "email", "customers.phone": "phone_number", "customers.customer_number": "customer_id"}, identities)
	require.Equal(t, []string{"clicks.customer_id from customers.id"}, refers(d))
	require.Equal(t, []string{"suppliers", "mail_settings"}, skipped(d))
}

func TestDraftGuessesByNames(t *testing.T) {
	t.Parallel()
	columns := map[string]string{ // the column of a table of people, and what it holds
		"FirstName text": "user.name.first", "nachname text": "user.name.last", "date_naissance date": "user.demographic.date_of_birth", "correo_electronico text": "user.contact.email",
		"privatanschrift text": "user.contact.address", "kundenemailadresse text": "user.contact.email", "lastLoginIP other": "user.device.ip_address", "numero_securite_sociale text": "user.government_id.national_identification_number",
		"email_verified_at moment": "user.account", "email_hash text": "user.unique_id.pseudonymous", "phone_id number": "user.unique_id", "diagnosis_code text": "user.health_and_medical", "email_type text": "user.contact.email", "religion text": "user.demographic.religious_belief",
		"iban text": "user.financial.bank_account", "IBAN_verified boolean": "user.account", "geschlecht text": "user.demographic.gender", "langue text": "user.demographic.language", "city_id number": "user.unique_id",
		"x7 text": "user", "fingerprint text": "user.biometric.fingerprint", "photo bytes": "user.content.self_image", "salary number": "user.financial",
	}
	people := table("people", "id", "id number")
	for c := range columns {
		people.Columns = append(people.Columns, table("", "", c).Columns...)
	}
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{people}}, dataset.DraftOptions{Key: "d"})
	require.NotContains(t, d.Text, "email_type, data_categories: [user.contact.email], fides_meta: {identity")
	for c, want := range columns {
		name, _, _ := strings.Cut(c, " ")
		i := slices.IndexFunc(d.Datasets[0].Collections[0].Fields, func(f dataset.Field) bool { return f.Name == name })
		require.Equal(t, []string{want}, d.Datasets[0].Collections[0].Fields[i].Categories, c)
	}
}

func TestDraftTellsPeopleCompaniesAndListsApart(t *testing.T) {
	t.Parallel()
	logins := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{table("accounts", "id", "id number", "username text", "email text", "name text")}}, dataset.DraftOptions{Key: "d"})
	require.Contains(t, logins.Text, "{name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}} # guess, sure")
	require.Contains(t, logins.Text, "{name: name, data_categories: [user.name]")
	customers, companies, countries := table("customers", "id", "id number", "email text", "account_id number", "country_code text"), table("accounts", "id", "id number", "name text", "vat_id text", "city text"), table("countries", "code", "code text", "name text")
	to(&customers, "account_id", "accounts", "id")
	to(&customers, "country_code", "countries", "code")
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{customers, companies, countries}}, dataset.DraftOptions{Key: "d"})
	require.Equal(t, []string{"customers.account_id to accounts.id"}, refers(d))
	require.Equal(t, []string{"countries"}, skipped(d))
	require.Contains(t, d.Text, "{name: city, data_categories: [user.contact.organization]")
	require.Contains(t, d.Text, "description: A list that other tables point to; nobody's data, by its names.")
}

func TestDraftTellsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	hostile := table("people", "id", "id number", "email text", "x\n- {name: y} # z text")
	hostile.Columns[2].Name = "x\n- {name: \u202ey}"
	named := table("drop; table", "id", "id number")
	elsewhere := table("archive", "id", "id number")
	elsewhere.Schema = "old"
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{hostile, named, elsewhere}}, dataset.DraftOptions{Key: "d"})
	require.Equal(t, []string{
		`the column "x\n- {name: \u202ey}" of people can't be annotated, because its name has other characters than letters, digits and _ . -; read it through a view`,
		`the table "drop; table" can't be annotated, because its name has other characters than letters, digits and _ . -; read it through a view`,
		`the schema "old" with 1 table is not in this draft; scan it by itself`,
	}, d.Notes)
	require.Len(t, d.Datasets[0].Collections, 1)
	require.Len(t, d.Datasets[0].Collections[0].Fields, 2)
}

func TestDraftStaysWithinWhatAFileMayBe(t *testing.T) {
	t.Parallel()
	wide := table("wide", "id", "id number", "email text")
	for i := range 10_000 {
		wide.Columns = append(wide.Columns, dataset.TableColumn{Name: fmt.Sprintf("%s_%d", strings.Repeat("long", 14), i), Kind: dataset.ColumnText})
	}
	s := &dataset.Structure{Tables: []dataset.Table{wide}}
	for i := range 3000 {
		more := table(fmt.Sprintf("t%d", i), "id", "id number", "wide_id number", "what text")
		to(&more, "wide_id", "wide", "id")
		s.Tables = append(s.Tables, more)
	}
	d := dataset.NewDraft(s, dataset.DraftOptions{Key: "d"})
	require.Less(t, len(d.Text), 1<<20)
	require.NotEmpty(t, d.Datasets)
	require.Less(t, len(d.Datasets[0].Collections), 3000)
	require.Contains(t, strings.Join(d.Notes, "\n"), "the table wide is too wide: its columns from")
	require.Contains(t, strings.Join(d.Notes, "\n"), "those farthest from a person first")
	require.LessOrEqual(t, len(d.Unsure), 200)
}

func TestDraftOfNothing(t *testing.T) {
	t.Parallel()
	d := dataset.NewDraft(&dataset.Structure{}, dataset.DraftOptions{Key: "d"})
	require.Empty(t, d.Text)
	require.Empty(t, d.Datasets)
}

func TestDraftKeepsToTheAnnotationThatIsThere(t *testing.T) {
	t.Parallel()
	here, there := table("logins", "id", "id number", "customer_id number"), table("customers", "id", "id number", "email text")
	there.Schema, there.Collection = "crm", &dataset.Address{Dataset: "sample_crm", Collection: "customers"}
	here.References = []dataset.ForeignKey{{Columns: []string{"customer_id"}, Schema: "crm", Table: "customers", To: []string{"id"}}}
	d := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{here, there}}, dataset.DraftOptions{Key: "sample_crm", Schema: "public"})
	require.Equal(t, "sample_crm_public", d.Datasets[0].Key, "the key is taken by the other schema")
	require.Equal(t, dataset.Reference{Dataset: "sample_crm", Field: "customers.id", Direction: dataset.From, Line: d.Datasets[0].Collections[0].Fields[1].References[0].Line},
		d.Datasets[0].Collections[0].Fields[1].References[0])
	again := dataset.NewDraft(&dataset.Structure{Tables: []dataset.Table{here, there}}, dataset.DraftOptions{Key: "shop"})
	require.Equal(t, "sample_crm", again.Datasets[0].Key, "the annotated schema comes first")
	require.Contains(t, again.Notes, `the schema is annotated already as "sample_crm"; saving this draft replaces that annotation`)
}
