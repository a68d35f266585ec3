package mysql

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// rights are what the user may do beyond reading: on the whole server, in schemas (which may be patterns), on tables.
type rights struct {
	everywhere []string
	schemas    map[string][]string
	tables     map[relational.Spot][]string
}

// changing are the rights by which rows can be changed or taken away.
func changing() []string { return []string{"INSERT", "UPDATE", "DELETE", "DROP"} }

// grant is a line of what the server shows of a user's rights, in a session that quotes names as ours does.
var grant = regexp.MustCompile(`^GRANT (.+?) ON (?:TABLE )?(\*|"(?:[^"]|"")*")\.(\*|"(?:[^"]|"")*") TO `)

// someColumns are the columns that a right is narrowed to.
var someColumns = regexp.MustCompile(`\([^)]*\)`)

// rights asks for those of the user and of the roles that are switched on. Which columns may be written the catalog tells of itself; to
// delete is a right on whole tables.
func (s *session) rights(ctx context.Context) (rights, error) {
	r := rights{schemas: map[string][]string{}, tables: map[relational.Spot][]string{}}
	show := "SHOW GRANTS"
	if !s.maria {
		using, err := s.roles(ctx)
		if err != nil {
			return r, err
		}
		show += using
	}
	err := s.each(ctx, catalogPlace, show, nil, func(rows *sql.Rows) error {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		r.add(line)
		return nil
	})
	return r, err
}

// Account says whether the user may change everything, and puts into the catalogue what it may do to tables.
func (s *session) Account(ctx context.Context, cat catalog) (relational.Account, error) {
	account := relational.Account{Called: "user", Blind: true}
	may, err := s.rights(ctx)
	if err != nil {
		return account, err
	}
	if may.administers() {
		account.Mighty = "may change every table of the server"
	}
	for _, t := range cat {
		t.Writable, t.Deletable = may.writes(t), may.has("DELETE", t)
	}
	return account, nil
}

// roles names the roles that are switched on, whose rights MySQL shows only when it is asked for them.
func (s *session) roles(ctx context.Context) (using string, err error) {
	err = s.each(ctx, catalogPlace, "SELECT CURRENT_ROLE()", nil, func(rows *sql.Rows) error {
		var roles string
		if err := rows.Scan(&roles); err != nil {
			return err
		}
		if roles != "NONE" && roles != "" {
			using = " FOR CURRENT_USER() USING " + roles // as the server quotes them
		}
		return nil
	})
	return using, err
}

// add takes in a line. One about single columns, about routines or about roles adds nothing.
func (r *rights) add(line string) {
	found := grant.FindStringSubmatch(line)
	if found == nil {
		return
	}
	at := relational.Spot{Schema: named(found[2]), Name: named(found[3])}
	for _, right := range strings.Split(someColumns.ReplaceAllString(found[1], "()"), ",") {
		right = strings.TrimSpace(right)
		switch {
		case right == "ALL PRIVILEGES":
			r.set(at, append(changing(), "SELECT")...)
		case !strings.HasSuffix(right, "()"):
			r.set(at, right)
		}
	}
}

func (r *rights) set(at relational.Spot, rights ...string) {
	switch {
	case at.Schema == "":
		r.everywhere = append(r.everywhere, rights...)
	case at.Name == "":
		r.schemas[at.Schema] = append(r.schemas[at.Schema], rights...)
	default:
		r.tables[at] = append(r.tables[at], rights...)
	}
}

// named reads a name as the server quotes it; the star for all of them is empty.
func named(quoted string) string {
	if quoted == "*" {
		return ""
	}
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `""`, `"`)
}

// administers reports whether the user may change rows whatever table they are in.
func (r rights) administers() bool {
	return slices.Contains(r.everywhere, "SUPER") || slices.ContainsFunc(changing(), func(right string) bool { return slices.Contains(r.everywhere, right) })
}

// has reports whether the user has the right on a whole table.
func (r rights) has(right string, t *table) bool {
	if slices.Contains(r.everywhere, right) || slices.Contains(r.tables[t.Spot], right) {
		return true
	}
	for pattern, rights := range r.schemas {
		if slices.Contains(rights, right) && like(pattern, t.Schema) {
			return true
		}
	}
	return false
}

// writes reports whether the user may change the table in any way.
func (r rights) writes(t *table) bool {
	for _, c := range t.Columns {
		if c.Writable {
			return true
		}
	}
	return slices.ContainsFunc(changing(), func(right string) bool { return r.has(right, t) })
}

// like matches a name with a pattern as grants have them: _ is any character, % any number of them, \ makes either itself.
func like(pattern, name string) bool {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	letters := []rune(pattern)
	for i := 0; i < len(letters); i++ {
		switch c := letters[i]; {
		case c == '%':
			b.WriteString(".*")
		case c == '_':
			b.WriteString(".")
		case c == '\\' && i+1 < len(letters):
			i++
			b.WriteString(regexp.QuoteMeta(string(letters[i])))
		default:
			b.WriteString(regexp.QuoteMeta(string(letters[i])))
		}
	}
	matches, err := regexp.MatchString(b.String()+`\z`, name)
	return err == nil && matches
}
