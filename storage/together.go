package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// Together asks several questions in one round trip. Each function asks exactly one, by the Tx that it is given, whatever the others hear.
// It is called twice: first to hear what it asks, and then with the answer. The first error of an answer is the error of all.
func (t *Tx) Together(ctx context.Context, ask ...func(*Tx) error) error {
	var heard listener
	listening := *t
	listening.q = db.New(&heard)
	for _, one := range ask {
		if err := one(&listening); !errors.Is(err, errHeard) {
			return errors.Join(errors.New("a question that travels with others asked nothing"), err)
		}
	}
	if len(heard) != len(ask) {
		return fmt.Errorf("%d questions were asked where %d travel together", len(heard), len(ask))
	}
	results, err := t.pipeline.sendAll(ctx, heard...)
	if err != nil {
		return err
	}
	answering := *t
	answering.q = db.New(answers{results})
	for _, one := range ask {
		if err := one(&answering); err != nil {
			_ = results.Close() // repeats the error, or has none
			return err
		}
	}
	return results.Close()
}

// errHeard ends a question that was only listened to.
var errHeard = errors.New("the question was heard and has no answer yet")

// listener keeps the questions that it is asked.
type listener []question

// Exec refuses: a statement that changes something is no question.
func (l *listener) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errors.New("only questions travel together")
}

// Query keeps the question.
func (l *listener) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	*l = append(*l, question{sql: sql, args: args})
	return nil, errHeard
}

// QueryRow keeps the question.
func (l *listener) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	*l = append(*l, question{sql: sql, args: args})
	return answerRow{err: errHeard}
}

// answers give the answers in the order of the questions.
type answers struct{ results pgx.BatchResults }

// Exec gives the next answer.
func (a answers) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return a.results.Exec()
}

// Query gives the next answer.
func (a answers) Query(context.Context, string, ...any) (pgx.Rows, error) { return a.results.Query() }

// QueryRow gives the next answer.
func (a answers) QueryRow(context.Context, string, ...any) pgx.Row { return a.results.QueryRow() }
