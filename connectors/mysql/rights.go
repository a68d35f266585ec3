package mysql

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// rights are what the user may do beyond reading: on the whole server, in schemas (which may be patterns), on tables.
type rights struct {
	everywhere []string
	schemas    map[string][]string
	tables     map[spot][]string
}

// changing are the rights by which rows can be changed or taken away.
func changing() []string { return []string{"INSERT", "UPDATE", "DELETE", "DROP"} }

// rights asks for those of the user and of the roles that are switched on. Of the columns the catalog tells them; to delete is a right on whole tables.
func (s *session) rights(ctx context.Context) (rights, error) {
	r := rights{schemas: map[string][]string{}, tables: map[spot][]string{}}
	mine, err := s.grantees(ctx)
	if err != nil {
		return r, err
	}
	for _, from := range []string{
		"SELECT GRANTEE, PRIVILEGE_TYPE, '', '' FROM information_schema.USER_PRIVILEGES",
		"SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, '' FROM information_schema.SCHEMA_PRIVILEGES",
		"SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLE_PRIVILEGES",
	} {
		err := s.each(ctx, "the server's catalog", from, nil, func(rows *sql.Rows) error {
			var grantee, right string
			var at spot
			if err := rows.Scan(&grantee, &right, &at.schema, &at.name); err != nil {
				return err
			}
			if slices.Contains(mine, grantee) {
				r.add(right, at)
			}
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *rights) add(right string, at spot) {
	switch {
	case at.schema == "":
		r.everywhere = append(r.everywhere, right)
	case at.name == "":
		r.schemas[at.schema] = append(r.schemas[at.schema], right)
	default:
		r.tables[at] = append(r.tables[at], right)
	}
}

// grantees are the names under which the user's rights stand: the user's own, and those of roles.
func (s *session) grantees(ctx context.Context) ([]string, error) {
	host := "'%'"
	if s.maria {
		host = "''" // roles have no host there
	}
	var names []string
	take := func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}
	err := s.each(ctx, "the server's catalog", `SELECT CONCAT('''', SUBSTRING(CURRENT_USER(), 1, CHAR_LENGTH(CURRENT_USER()) - LOCATE('@', REVERSE(CURRENT_USER()))), '''@''',
		SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')`, nil, take)
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, "the server's catalog", "SELECT CONCAT('''', ROLE_NAME, '''@', "+quotedText(host)+") FROM information_schema.ENABLED_ROLES WHERE ROLE_NAME IS NOT NULL", nil, take)
	return names, err
}

// quotedText writes a text of ours.
func quotedText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// administers reports whether the user may change rows whatever table they are in.
func (r rights) administers() bool {
	return slices.Contains(r.everywhere, "SUPER") || slices.ContainsFunc(changing(), func(right string) bool { return slices.Contains(r.everywhere, right) })
}

// has reports whether the user has the right on a whole table.
func (r rights) has(right string, t *table) bool {
	if slices.Contains(r.everywhere, right) || slices.Contains(r.tables[spot{t.schema, t.name}], right) {
		return true
	}
	for pattern, rights := range r.schemas {
		if slices.Contains(rights, right) && like(pattern, t.schema) {
			return true
		}
	}
	return false
}

// writes reports whether the user may change the table in any way.
func (r rights) writes(t *table) bool {
	for _, c := range t.columns {
		if c.writable {
			return true
		}
	}
	return slices.ContainsFunc(changing(), func(right string) bool { return r.has(right, t) })
}

// like matches a name with a pattern as grants have them: _ is any character, % any number of them, \ makes either itself.
func like(pattern, name string) bool {
	if pattern == "" {
		return name == ""
	}
	switch pattern[0] {
	case '%':
		for i := 0; i <= len(name); i++ {
			if like(pattern[1:], name[i:]) {
				return true
			}
		}
		return false
	case '\\':
		if len(pattern) > 1 {
			pattern = pattern[1:]
		}
	case '_':
		return name != "" && like(pattern[1:], name[1:])
	}
	return name != "" && pattern[0] == name[0] && like(pattern[1:], name[1:])
}
