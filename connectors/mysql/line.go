package mysql

import "context"

// line is a connection that is kept from one snapshot to the next: a case takes many, and a session that begins has to read the catalogue for itself. It
// connects when it is first needed, and anew after anything went wrong.
type line struct {
	*Connector
	session *session
}

// snapshot runs work in a repeatable-read, read-only transaction.
func (l *line) snapshot(ctx context.Context, work func(*session) error) error {
	s, err := l.begin(ctx)
	if err != nil {
		return err
	}
	err = work(s)
	// Nothing was written, so nothing is lost with a transaction that could not be ended: the next one gets another connection.
	if err != nil || s.rollBack(ctx) != nil {
		l.close(ctx)
	}
	return err
}

// begin opens a transaction, with the settings of a session that is new: what the work before has changed of them does not stay. The server may
// have ended a connection that waited, or nobody may answer at its other end any more: then there is a new one.
func (l *line) begin(ctx context.Context) (s *session, err error) {
	for kept := l.session != nil; ; kept = false {
		if l.session == nil {
			if l.session, err = l.connect(ctx); err != nil {
				return nil, err
			}
		}
		if err = l.opened(ctx); err == nil {
			return l.session, nil
		}
		if l.close(ctx); !kept || ctx.Err() != nil {
			return nil, err
		}
	}
}

// opened has the session begin anew. Its answers take no longer than connecting may.
func (l *line) opened(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, l.cfg.ConnectTimeout)
	defer stop()
	if err := l.session.settings(ctx); err != nil {
		return err
	}
	return l.session.readOnly(ctx)
}

func (l *line) close(ctx context.Context) {
	if l.session != nil {
		l.session.end(ctx)
		l.session = nil
	}
}
