package postgres

import (
	"fmt"
	"strings"
)

// reach writes the condition under which a pass has something to do in a row.
func (q *query) reach(t target, p pass) (string, error) {
	cond, err := q.Reach(t, p)
	if err != nil || p.Delete {
		return cond, err
	}
	changes, err := q.changes(t, p.Masks)
	return cond + " AND " + needs(changes), err
}

// find writes the statement that lists the rows in which a pass has something to do.
func (q *query) find(t target, p pass) (statement string, args []any, err error) {
	cond, err := q.reach(t, p)
	if err != nil {
		return "", nil, err
	}
	list := ""
	if toldOf(t) != byCondition {
		list = strings.Join(handle(t), ", ")
	}
	statement, args = q.Whole(fmt.Sprintf("SELECT %s FROM %s WHERE %s", list, t.From(), cond))
	return statement, args, nil
}

// carryOut writes the statement that does a pass's work: in the rows that are told, or where rows can't be told, in all that the pass reaches.
func (q *query) carryOut(t target, p pass, rows [][]string) (statement string, args []any, err error) {
	var cond, from string
	if toldOf(t) == byCondition {
		if cond, err = q.reach(t, p); err != nil {
			return "", nil, err
		}
	} else {
		from, cond = q.these(t, rows)
	}
	changes, err := q.changes(t, p.Masks)
	if err != nil {
		return "", nil, err
	}
	verb, using := "UPDATE %s SET "+strings.ReplaceAll(assignments(changes), "%", "%%"), " FROM "
	if p.Delete {
		verb, using = "DELETE FROM %s", " USING "
	}
	if from == "" {
		using = ""
	}
	statement, args = q.Whole(fmt.Sprintf(verb, t.From()) + using + from + " WHERE " + cond)
	return statement, args, nil
}
