package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// told is how rows that were found are told to the server again. Each way tells the version of the row with it: a row that somebody has changed
// since is another version, and the next look finds it if there is still something to do in it. So nothing of what was found has to be asked
// again, and no row is changed that wasn't looked at.
type told int

const (
	// byPlace tells rows of one table by where they lie.
	byPlace told = iota
	// byKey tells rows of a partitioned table: its key leads to the partition, and a place alone would be looked for in each.
	byKey
	// byCondition has the server find and change rows at once, as views and foreign tables have no places. There is but one batch.
	byCondition
)

func toldOf(t target) told {
	switch {
	case t.Table.Kind == "r", t.Table.Kind == "p" && len(t.Key()) == 0:
		return byPlace
	case t.Table.Kind == "p":
		return byKey
	default:
		return byCondition
	}
}

// handle lists what a row is told by: the table it lies in, its version, its place, and the key where it goes by that.
func handle(t target) (columns []string) {
	columns = []string{"t.tableoid::text", "t.xmin::text", "t.ctid::text"}
	if toldOf(t) == byKey {
		for _, name := range t.Key() {
			columns = append(columns, "t."+relational.Quoted(name)+"::text")
		}
	}
	return columns
}

// these writes the condition that tells a batch's rows, and what it needs in a FROM clause.
func (q *query) these(t target, rows [][]string) (from, cond string) {
	if rows == nil { // only to have the server read the statement
		rows = make([][]string, len(handle(t)))
		rows[0], rows[1], rows[2] = []string{"0"}, []string{"0"}, []string{"(0,0)"}
		for i := 3; i < len(rows); i++ {
			rows[i] = []string{}
		}
	}
	if toldOf(t) == byPlace {
		versions := slices.Compact(slices.Sorted(slices.Values(rows[1])))
		return "", fmt.Sprintf("t.ctid = ANY(%s::text::tid[]) AND t.xmin = ANY(%s::text[]::xid[]) AND t.tableoid = %s::text::oid",
			q.Arg(`{"`+strings.Join(rows[2], `","`)+`"}`), q.Arg(versions), q.Arg(rows[0][0]))
	}
	types, names := []string{"oid", "xid", "tid"}, []string{"t.tableoid", "t.xmin", "t.ctid"}
	for _, name := range t.Key() {
		types, names = append(types, keyType(t.Table.Columns[name])), append(names, "t."+relational.Quoted(name))
	}
	lists, columns, conds := make([]string, len(names)), make([]string, len(names)), make([]string, len(names))
	for i := range names {
		columns[i] = fmt.Sprintf("c%d", i)
		lists[i] = fmt.Sprintf("%s::text[]::%s[]", q.Arg(rows[i]), types[i])
		conds[i] = fmt.Sprintf("%s = h.%s", names[i], columns[i])
	}
	return fmt.Sprintf("unnest(%s) AS h(%s)", strings.Join(lists, ", "), strings.Join(columns, ", ")), strings.Join(conds, " AND ")
}

// batches reads the handles of rows through a server-side cursor and hands them on in batches, column by column, until they are not taken any more.
func (s *session) batches(ctx context.Context, a dataset.Address, sql string, args []any, way told, hand func([][]string) bool) error {
	if err := s.declare(ctx, a.String(), sql, args); err != nil {
		return err
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", s.cfg.EraseRows, rowsCursor)
	for {
		columns, err := s.texts(ctx, fetch)
		if err != nil {
			return fault(a.String(), err)
		}
		if len(columns) == 0 {
			break
		}
		for len(columns[0]) > 0 {
			n := len(columns[0])
			if way == byPlace { // places are those of one table
				if i := slices.IndexFunc(columns[0], func(oid string) bool { return oid != columns[0][0] }); i >= 0 {
					n = i
				}
			}
			part := make([][]string, len(columns))
			for i := range columns {
				part[i], columns[i] = columns[i][:n:n], columns[i][n:]
			}
			if !hand(part) {
				return nil
			}
		}
	}
	return s.closed(ctx, a.String())
}

// texts runs a statement without parameters and gives its rows column by column; nothing when there are none. Whatever answers as the server
// is held to what was asked for, in rows and in bytes.
func (s *session) texts(ctx context.Context, sql string) ([][]string, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rows := s.tx.Conn().PgConn().ExecParams(ctx, sql, nil, nil, nil, nil)
	var columns [][]string
	bytes := 0
	for rows.NextRow() {
		values := rows.Values()
		for _, v := range values {
			bytes += len(v)
		}
		if bytes > s.cfg.RowLimit || len(columns) > 0 && len(columns[0]) == s.cfg.EraseRows {
			return nil, &connectors.Error{Code: connectors.ErrServer, What: "the server gives more than it was asked for", Do: "look at what answers at the system's address"}
		}
		if columns == nil {
			columns = make([][]string, len(values))
		}
		for i, v := range values {
			columns[i] = append(columns[i], string(v))
		}
	}
	_, err := rows.Close()
	return columns, err
}
